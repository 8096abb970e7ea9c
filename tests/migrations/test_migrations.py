"""Migrations: up, down, up again; and the schema they make is the schema of the models."""

import ast
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from app.persistence.base import Base
from app.persistence.database import make_engine
from app.persistence.migrations import alembic_config, migrate
from app.persistence.schema import schema_is_current
from tests.fixtures.databases import Databases

SCRIPTS = ScriptDirectory.from_config(alembic_config())
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions("base", "heads")][::-1]
VERSION_FILES = sorted(Path(SCRIPTS.versions).glob("*.py"))

SHARDED = (
    "attempts", "form_items", "responses", "response_events", "attempt_events", "results",
)  # fmt: skip


@pytest.fixture
def empty_engine(databases: Databases, engine_name: str) -> Iterator[Engine]:
    """Return an engine on a database without any schema."""
    url = databases.create_empty(engine_name)
    engine = make_engine(url, pool_size=2)
    yield engine
    engine.dispose()
    databases.drop(url)


def run(engine: Engine, verb: str, revision: str) -> None:
    config: Config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, verb)(config, revision)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_there_is_one_line_of_migrations() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert [path.name[:4] for path in VERSION_FILES] == REVISIONS, "file names tell the order"


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_migration_goes_up_down_and_up(empty_engine: Engine, revision: str) -> None:
    run(empty_engine, "upgrade", revision)
    after = tables(empty_engine)

    run(empty_engine, "downgrade", "-1")
    run(empty_engine, "upgrade", revision)

    assert tables(empty_engine) == after


def test_going_down_to_nothing_leaves_nothing(empty_engine: Engine) -> None:
    run(empty_engine, "upgrade", "head")
    run(empty_engine, "downgrade", "base")

    assert tables(empty_engine) == set()


def test_the_migrated_schema_is_the_schema_of_the_models(empty_engine: Engine) -> None:
    run(empty_engine, "upgrade", "head")

    with empty_engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_tables_of_sittings_can_be_sharded_by_the_person() -> None:
    for name in SHARDED:
        assert next(iter(Base.metadata.tables[name].primary_key.columns)).name == "user_id"
        for key in Base.metadata.tables[name].foreign_key_constraints:
            if key.referred_table.name == "attempts":
                assert "user_id" in key.column_keys


def test_a_failed_migration_leaves_nothing_behind(
    empty_engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, now: datetime
) -> None:
    with empty_engine.begin() as connection:
        # The migration will meet a table that is already there, after it has made others.
        connection.execute(text("CREATE TABLE results (id INTEGER)"))

    with pytest.raises(Exception, match="already exists"):
        migrate(empty_engine, backup_directory=tmp_path, now=now)

    assert tables(empty_engine) == {"results"}
    assert not schema_is_current(empty_engine)


def test_migrating_twice_changes_nothing_the_second_time(
    empty_engine: Engine, tmp_path: Path, now: datetime
) -> None:
    assert migrate(empty_engine, backup_directory=tmp_path, now=now)
    assert not migrate(empty_engine, backup_directory=tmp_path, now=now)
    assert schema_is_current(empty_engine)
    assert list(tmp_path.iterdir()) == [], "there was nothing to copy"


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_sqlite_database_is_copied_before_it_changes(
    empty_engine: Engine, tmp_path: Path, now: datetime
) -> None:
    migrate(empty_engine, backup_directory=tmp_path, now=now)
    with empty_engine.begin() as connection:
        connection.execute(text("CREATE TABLE keepsake (word TEXT)"))
        connection.execute(text("INSERT INTO keepsake VALUES ('kept')"))
        # As if the newest migration were still to come, and could not work.
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(Exception, match="0000"):
        migrate(empty_engine, backup_directory=tmp_path / "backups", now=now)

    (copy,) = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT word FROM keepsake").fetchall() == [("kept",)]


@pytest.mark.parametrize("path", VERSION_FILES, ids=lambda path: path.name)
def test_migrations_do_not_import_the_product(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported <= {"alembic", "collections", "sqlalchemy"}
