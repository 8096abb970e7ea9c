"""The two doors from a view to the database of the current application."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from sqlalchemy.orm import Session

from app.persistence.database import Database
from app.web.kit import current_kit

T = TypeVar("T")


def transaction(work: Callable[[Session], T]) -> T:
    """Run the function in one transaction and return its result.

    It may run more than once (see ``Database.run_in_transaction``), so it must have no effect but
    its statements. Raises what it raises, and Conflict when a unique constraint refuses it.
    """
    return current_database().run_in_transaction(work)


def reading() -> AbstractContextManager[Session]:
    """Open a session for reads; each statement sees the newest committed state."""
    return current_database().reading()


def current_database() -> Database:
    """Return the database itself, for the verbs that need several transactions."""
    return current_kit().database
