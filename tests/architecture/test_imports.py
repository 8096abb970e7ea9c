"""Pure modules are pure in a fresh interpreter, where nothing else has imported for them."""

import subprocess
import sys

import pytest

from app.settings import PROJECT_DIRECTORY

FRAMEWORKS = ("flask", "sqlalchemy", "wtforms", "werkzeug", "alembic", "numpy", "scipy")
PURE = [
    "app",
    "app.bank.content",
    "app.bank.outline",
    "app.exams.assembly",
    "app.exams.timing",
    "app.scoring.ability",
    "app.scoring.apportionment",
    "app.scoring.beta",
    "app.scoring.domains",
    "app.scoring.marking",
    "app.scoring.scale",
]
SERVICES = ["app.accounts.service", "app.bank.service", "app.exams.service", "app.reports.service"]


def imported_by(module: str) -> set[str]:
    """Return the top-level packages in memory after a fresh interpreter imported the module."""
    program = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT_DIRECTORY, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return set(result.stdout.split())


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_load_no_framework(module: str) -> None:
    assert imported_by(module).isdisjoint(FRAMEWORKS)


@pytest.mark.parametrize("module", SERVICES)
def test_services_load_no_web_framework(module: str) -> None:
    assert imported_by(module).isdisjoint({"flask", "wtforms", "werkzeug"})


def test_a_server_process_loads_nothing_that_only_loading_the_bank_needs() -> None:
    heavy = {"ruamel", "markdown_it", "nh3", "rapidfuzz", "numpy", "scipy"}
    assert imported_by("app.factory").isdisjoint(heavy)
