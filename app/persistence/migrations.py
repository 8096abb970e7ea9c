"""Bring the database to the newest schema, keeping a copy of SQLite's file before each change."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from app.settings import PROJECT_DIRECTORY

# "dryrun" in letters of a telephone: one server migrates, others that start at once wait for it.
ADVISORY_LOCK = 379786
COPIES_KEPT = 10


def migrate(engine: Engine, *, backup_directory: Path, now: datetime) -> bool:
    """Run the migrations that are missing, all or none; return whether there were any.

    A SQLite database that already holds a schema is copied into ``backup_directory`` first.
    """
    config = alembic_config()
    head = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return False
    if current is not None and engine.dialect.name == "sqlite":
        _copy_sqlite(engine, backup_directory, name=f"before-{head}-{now:%Y%m%dT%H%M%SZ}.db")
    with engine.begin() as connection:
        _wait_for_others(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def alembic_config() -> Config:
    """Return Alembic's configuration, which lives in pyproject.toml."""
    return Config(toml_file=PROJECT_DIRECTORY / "pyproject.toml")


def _wait_for_others(connection: Connection) -> None:
    # SQLite needs nothing: BEGIN IMMEDIATE already lets one writer in at a time.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


def _copy_sqlite(engine: Engine, directory: Path, *, name: str) -> None:
    database = engine.url.database
    if not database or database == ":memory:":
        return
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The backup interface reads through the write-ahead log, which copying the file would miss.
    with (
        closing(sqlite3.connect(database)) as source,
        closing(sqlite3.connect(directory / name)) as target,
    ):
        source.backup(target)
    for old in sorted(directory.glob("before-*.db"), key=_age)[:-COPIES_KEPT]:
        old.unlink()


def _age(path: Path) -> float:
    return path.stat().st_mtime
