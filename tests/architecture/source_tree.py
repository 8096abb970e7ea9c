"""The source files that the architecture tests read."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.settings import PROJECT_DIRECTORY

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    """Return the Python files below the folders, in order."""
    return sorted(path for name in folders for path in (PROJECT_DIRECTORY / name).rglob("*.py"))


def templates() -> list[Path]:
    """Return every template."""
    return sorted((PROJECT_DIRECTORY / "app").rglob("templates/**/*.html"))


def name_of(path: Path) -> str:
    """Return the path as it is written in messages."""
    return path.relative_to(PROJECT_DIRECTORY).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions_of(path: Path) -> Iterator[Function]:
    """Return every function and method of the file."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, Function):
            yield node


def own_functions_of(path: Path) -> Iterator[Function]:
    """Return the functions whose parameters are our choice, not that of a base class."""
    for node in tree_of(path).body:
        if isinstance(node, Function):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.bases:
            yield from (each for each in node.body if isinstance(each, Function))


def project_files() -> list[Path]:
    """Return the files that belong to the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT_DIRECTORY, check=True, capture_output=True,
    ).stdout.decode()  # fmt: skip
    paths = (PROJECT_DIRECTORY / name for name in listed.split("\0") if name)
    return sorted(path for path in paths if path.is_file())
