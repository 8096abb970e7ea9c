"""Lost updates cannot happen: two processes read, add and write, and every addition counts."""

import subprocess
import sys
from datetime import datetime

import pytest
from sqlalchemy import select

from app.bank.models import BankState
from app.persistence.database import Database
from app.settings import PROJECT_DIRECTORY

ADDITIONS = 200
# Reads, then writes what it computed from the read: the pattern that loses updates when a
# transaction begins without a lock, silently on SQLite. PostgreSQL needs the row lock for it.
ADDING = """
import sys
from app.bank.models import BankState
from app.persistence.database import Database

url, additions = sys.argv[1], int(sys.argv[2])
database = Database.from_url(url, pool_size=1)

def add_one(session):
    state = session.get(BankState, 1, with_for_update=True)
    state.bank_hash = str(int(state.bank_hash) + 1)

for _ in range(additions):
    database.run_in_transaction(add_one)
"""


def adding_process(url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", ADDING, url, str(ADDITIONS)], cwd=PROJECT_DIRECTORY
    )


def test_two_processes_lose_no_update(committed_database: Database, now: datetime) -> None:
    committed_database.run_in_transaction(
        lambda session: session.add(BankState(id=1, bank_hash="0", loaded_at=now))
    )
    url = committed_database.engine.url.render_as_string(hide_password=False)

    processes = [adding_process(url) for _ in range(2)]

    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    with committed_database.reading() as session:
        assert session.scalars(select(BankState.bank_hash)).one() == str(2 * ADDITIONS)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_sqlite_transaction_takes_the_write_lock_when_it_begins(
    committed_database: Database,
) -> None:
    with committed_database.engine.begin() as connection:
        assert connection.connection.driver_connection.in_transaction

    modes = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}
    with committed_database.engine.connect() as connection:
        for pragma, value in modes.items():
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_real_serialisation_failure_is_replayed(
    committed_database: Database, now: datetime
) -> None:
    committed_database.run_in_transaction(
        lambda session: session.add(BankState(id=1, bank_hash="0", loaded_at=now))
    )
    runs = []

    def work(session) -> None:
        runs.append(session)
        session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
        state = session.get(BankState, 1)
        if len(runs) == 1:
            # Somebody else commits between our read and our write.
            committed_database.run_in_transaction(
                lambda other: setattr(other.get(BankState, 1), "bank_hash", "10")
            )
        state.bank_hash = str(int(state.bank_hash) + 1)

    committed_database.run_in_transaction(work)

    assert len(runs) == 2
    with committed_database.reading() as session:
        assert session.scalars(select(BankState.bank_hash)).one() == "11"
