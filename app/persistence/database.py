"""The engine and the one way to run a transaction.

Traps that the settings here answer: on SQLite a transaction that reads and then writes loses
updates silently, or fails in spite of a busy timeout, unless it begins with BEGIN IMMEDIATE; on
PostgreSQL serialisation failures and lost connections are replayed as a whole function, because
half a function cannot be replayed.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.errors import Conflict

T = TypeVar("T")

MAXIMUM_RUNS = 5
# Serialisation failure, deadlock, and the shutdown or loss of the server underneath a connection.
REPLAYED_SQLSTATES = {"40001", "40P01", "57P01", "57P02", "57P03", "08006", "08003", "25006"}


class Database:
    """An engine with two doors: :meth:`reading` and :meth:`run_in_transaction`."""

    def __init__(self, engine: Engine, *, connection: Connection | None = None) -> None:
        """Serve from the engine, or, in tests, inside one connection's outer transaction."""
        self.engine = engine
        self._write_bind: Engine | Connection = connection or engine
        # One statement needs no BEGIN and ROLLBACK around it: two round trips saved a page.
        self._read_bind: Engine | Connection = connection or engine.execution_options(
            isolation_level="AUTOCOMMIT"
        )

    @classmethod
    def from_url(cls, url: str, *, pool_size: int = 8) -> "Database":
        """Open the database named by a SQLAlchemy URL (SQLite or PostgreSQL)."""
        return cls(make_engine(url, pool_size=pool_size))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session whose statements each see the newest committed state; never commits."""
        with Session(self._read_bind, autoflush=False, expire_on_commit=False) as session:
            yield session

    def run_in_transaction(self, work: Callable[[Session], T]) -> T:
        """Run the function in one transaction, commit once, and return its result.

        The whole function is run again after a serialisation failure, a deadlock or a lost
        connection, so it must have no effect but its statements. Raises Conflict when a unique
        constraint refuses the change.
        """
        for run in range(1, MAXIMUM_RUNS + 1):
            try:
                return self._run_once(work)
            except IntegrityError as error:
                if _is_unique_violation(error):
                    raise Conflict("Somebody else made the same change first.") from error
                raise
            except DBAPIError as error:
                if run == MAXIMUM_RUNS or not _may_be_replayed(error):
                    raise
                # Jitter, so that two transactions that met do not meet again.
                time.sleep(random.uniform(0, 0.02 * 2**run))  # noqa: S311 - no secret
        raise AssertionError("unreachable")

    def _run_once(self, work: Callable[[Session], T]) -> T:
        with Session(
            self._write_bind, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            result = work(session)
            session.commit()
            return result


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """Return an engine with the settings that keep acknowledged answers."""
    if url.startswith("sqlite"):
        engine = create_engine(url, pool_size=pool_size, max_overflow=8)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=False,
        connect_args={
            # pgbouncer before 1.21 cannot hold prepared statements in transaction mode.
            "prepare_threshold": None,
            "connect_timeout": 5,
            # Without it a statement hangs for minutes when packets to the server are dropped.
            "tcp_user_timeout": 3000,
            "options": "-c jit=off -c timezone=UTC",
        },
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # None stops the driver from issuing its own deferred BEGIN before a write.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=10000",
        "foreign_keys=ON",
        "cache_size=-32768",
        "mmap_size=268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _is_unique_violation(error: IntegrityError) -> bool:
    sqlstate = getattr(error.orig, "sqlstate", None)
    return sqlstate == "23505" or "UNIQUE constraint failed" in str(error.orig)


def _may_be_replayed(error: DBAPIError) -> bool:
    sqlstate = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or sqlstate in REPLAYED_SQLSTATES
