"""Whether the database has the schema that this code was written for."""

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app.errors import Conflict
from app.settings import PROJECT_DIRECTORY


def schema_is_current(engine: Engine) -> bool:
    """Tell whether the newest migration of this checkout is the one applied."""
    # Without AUTOCOMMIT a mere look would take SQLite's write lock.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return MigrationContext.configure(connection).get_current_revision() == _newest_revision()


def require_current_schema(engine: Engine) -> None:
    """Raise Conflict, saying what to do, unless the database has this checkout's schema."""
    if not schema_is_current(engine):
        raise Conflict(
            "The database has no schema yet, or an older one. "
            "Run `./dryrun migrate` first, or start once with `make run`."
        )


@cache
def _newest_revision() -> str | None:
    return ScriptDirectory(str(PROJECT_DIRECTORY / "migrations")).get_current_head()
