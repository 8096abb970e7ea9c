"""House rules that no linter knows: budgets, docstrings, names, and what no file may hold."""

import ast
import re
from pathlib import Path

import pytest

from app.settings import PROJECT_DIRECTORY
from tests.architecture.source_tree import (
    Function,
    functions_of,
    name_of,
    own_functions_of,
    project_files,
    python_files,
    templates,
    tree_of,
)

FILE_LINES = 400
FUNCTION_LINES = 40
TEMPLATE_LINES = 100
PARAMETERS = 5
POSITIONAL_PARAMETERS = 3
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}
APP_FILES = python_files("app")
ALL_FILES = python_files("app", "migrations", "tests")
TOP_LEVEL = {
    ".ci", ".dockerignore", ".editorconfig", ".gitattributes", ".gitignore", "Dockerfile",
    "LICENSE", "LICENSE-QUESTIONS", "Makefile", "README.md", "app", "deploy", "docs", "dryrun",
    "migrations", "pyproject.toml", "question_bank", "requirements", "tests",
}  # fmt: skip


def test_the_top_level_is_what_the_architecture_says() -> None:
    found = {path.relative_to(PROJECT_DIRECTORY).parts[0] for path in project_files()}
    assert found <= TOP_LEVEL


@pytest.mark.parametrize("path", ALL_FILES, ids=name_of)
def test_files_keep_their_budget(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", APP_FILES, ids=name_of)
def test_functions_keep_their_budget(path: Path) -> None:
    long = [
        f"{function.name}: {length} lines"
        for function in functions_of(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    ]
    assert long == []


@pytest.mark.parametrize("path", APP_FILES, ids=name_of)
def test_functions_take_few_parameters_and_few_of_them_by_position(path: Path) -> None:
    assert [
        function.name for function in own_functions_of(path) if not _has_few_parameters(function)
    ] == []


def _has_few_parameters(function: Function) -> bool:
    arguments = function.args
    positional = {argument.arg for argument in [*arguments.posonlyargs, *arguments.args]}
    # The receiver and the database session come first everywhere and need no thought.
    counted = positional - {"self", "cls", "session"}
    return (function.name.startswith("_") or len(counted) <= POSITIONAL_PARAMETERS) and len(
        counted
    ) + len(arguments.kwonlyargs) <= PARAMETERS


@pytest.mark.parametrize("path", APP_FILES, ids=name_of)
def test_every_module_function_and_class_says_what_it_promises(path: Path) -> None:
    tree = tree_of(path)
    assert ast.get_docstring(tree), "the module has no docstring"
    silent = [
        node.name
        for node in ast.iter_child_nodes(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_module_is_named_after_nothing() -> None:
    assert [name_of(path) for path in ALL_FILES if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_rooms_say_what_they_are_and_do_nothing_on_import() -> None:
    for path in (PROJECT_DIRECTORY / "app").glob("*/__init__.py"):
        (only,) = tree_of(path).body
        assert isinstance(only, ast.Expr), f"{name_of(path)} holds more than its docstring"


@pytest.mark.parametrize(
    ("forbidden", "allowed"),
    [
        (r"\bos\.environ\b", {"app/cli.py", "app/factory.py"}),
        (r"datetime\.now\(|time\.time\(|utcnow", {"app/clock.py"}),
        (r"render_template_string|\|\s*safe\b.*request", set()),
        (r"\btext\(f[\"']", set()),
        (r"\.commit\(\)", {"app/persistence/database.py"}),
    ],
)
def test_some_things_happen_in_one_place_only(forbidden: str, allowed: set[str]) -> None:
    found = {
        name_of(path)
        for path in APP_FILES
        if re.search(forbidden, path.read_text(encoding="utf-8"))
    }
    assert found <= allowed


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_templates_hold_no_script_and_no_style(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(source.splitlines()) <= TEMPLATE_LINES + 20
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:", source, re.IGNORECASE)
    for attributes in re.findall(r"<script\b([^>]*)>", source):
        assert "src=" in attributes or 'type="application/json"' in attributes


# Spelled in pieces, so that this file is not found by its own search.
REGISTRIES = ["pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org"]
PLACES = [r"(?<![\w.])/" + name + r"/" for name in ("root", "home", "work", "Users")]
FORBIDDEN_TEXT = re.compile("|".join([*map(re.escape, REGISTRIES), *PLACES]))


def test_no_file_names_a_package_registry_or_a_place_on_somebodys_machine() -> None:
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in project_files()
        if (match := FORBIDDEN_TEXT.search(path.read_bytes().decode("utf-8", errors="ignore")))
    ]
    assert found == []


@pytest.mark.parametrize("lock", ["run.txt", "test.txt"])
def test_locks_are_pinned_and_hashed_and_name_no_index(lock: str) -> None:
    text = (PROJECT_DIRECTORY / "requirements" / lock).read_text()
    assert not re.search(r"^--|://|@ ", text, re.MULTILINE)
    packages = re.findall(r"^[a-zA-Z0-9].*$", text, re.MULTILINE)
    assert packages
    assert all("==" in package and package.endswith("\\") for package in packages)
