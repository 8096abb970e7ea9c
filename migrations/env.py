"""Alembic's environment: which models are compared and over which connection migrations run."""

import os

from alembic import context

import app.accounts.models
import app.bank.models
import app.exams.models  # noqa: F401 - each import adds its tables to Base.metadata
from app.persistence.base import Base
from app.persistence.database import make_engine
from app.persistence.types import UtcDateTime
from app.settings import Settings


def run_migrations() -> None:
    """Run over the caller's connection, or, from the alembic command, over one of the settings."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _run_over(connection)
        return
    settings = Settings.from_environ({"DRYRUN_SECRET_KEY": "not used by migrations", **os.environ})
    with make_engine(settings.database_url).begin() as connection:
        _run_over(connection)


def _render_without_app(kind, item, _autogenerate_context):
    """Write our column types as plain ones: migrations outlive the code that made them."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


def _run_over(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        # SQLite alters a table by copying it; batch mode writes migrations that work on both.
        render_as_batch=True,
        # The engine begins transactions itself, so a failed migration leaves nothing behind.
        transactional_ddl=True,
        render_item=_render_without_app,
    )
    with context.begin_transaction():
        context.run_migrations()


run_migrations()
