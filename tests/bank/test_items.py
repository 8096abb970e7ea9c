"""Every item file of the bank: readable, canonical, sound, and up to the standard."""

from functools import cache
from pathlib import Path

import pytest

from app.bank.checks import item_findings
from app.bank.files import BankFiles, item_paths, read_bank
from app.settings import PROJECT_DIRECTORY

BANK = PROJECT_DIRECTORY / "question_bank"
PATHS = item_paths(BANK)


@cache
def the_bank() -> BankFiles:
    return read_bank(BANK)


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_an_item_file_has_no_findings(path: Path) -> None:
    name = path.relative_to(BANK).as_posix()
    bank = the_bank()

    assert [str(finding) for finding in bank.findings if finding.file == name] == []
    stored = [item for item in bank.items if item.yaml.name == name]
    assert [str(finding) for item in stored for finding in item_findings(item, bank)] == []
