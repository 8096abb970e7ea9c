"""The transaction wrapper: commits once, replays whole functions, names unique violations."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.bank.models import BankState
from app.errors import Conflict
from app.persistence.database import MAXIMUM_RUNS, Database
from app.persistence.types import new_id, new_public_id


class SerialisationFailure(Exception):
    """What the driver raises when two transactions cannot be put in an order."""

    sqlstate = "40001"


def a_state(now: datetime, *, bank_hash: str = "a" * 64) -> BankState:
    return BankState(id=1, bank_hash=bank_hash, loaded_at=now)


def test_a_transaction_commits_what_its_function_did(database: Database, now: datetime) -> None:
    database.run_in_transaction(lambda session: session.add(a_state(now)))

    with database.reading() as session:
        assert session.scalars(select(BankState.bank_hash)).all() == ["a" * 64]


def test_a_transaction_returns_what_its_function_returns(database: Database) -> None:
    assert database.run_in_transaction(lambda _session: 65) == 65


def test_an_exception_undoes_the_whole_function(database: Database, now: datetime) -> None:
    def work(session: Session) -> None:
        session.add(a_state(now))
        session.flush()
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        database.run_in_transaction(work)
    with database.reading() as session:
        assert session.scalars(select(BankState)).all() == []


def test_the_whole_function_is_replayed_after_a_serialisation_failure(
    database: Database, now: datetime
) -> None:
    runs = []

    def work(session: Session) -> int:
        runs.append(session)
        assert session.get(BankState, 1) is None, "the failed run left a row behind"
        session.add(a_state(now))
        session.flush()
        if len(runs) < 3:
            raise DBAPIError("UPDATE", {}, SerialisationFailure())
        return len(runs)

    assert database.run_in_transaction(work) == 3
    assert len(set(map(id, runs))) == 3, "a run must not see the objects of the one before"


def test_replaying_ends_with_the_failure_itself(database: Database) -> None:
    runs = []

    def work(session: Session) -> None:
        runs.append(session)
        raise DBAPIError("UPDATE", {}, SerialisationFailure())

    with pytest.raises(DBAPIError):
        database.run_in_transaction(work)
    assert len(runs) == MAXIMUM_RUNS


def test_an_error_that_a_replay_cannot_cure_is_raised_at_once(database: Database) -> None:
    runs = []

    def work(session: Session) -> None:
        runs.append(session)
        session.execute(text("SELECT * FROM no_such_table"))

    with pytest.raises(DBAPIError):
        database.run_in_transaction(work)
    assert len(runs) == 1


def test_a_unique_violation_is_a_conflict(database: Database, now: datetime) -> None:
    database.run_in_transaction(lambda session: session.add(a_state(now)))

    with pytest.raises(Conflict):
        database.run_in_transaction(lambda session: session.add(a_state(now)))


def test_times_come_back_aware_in_utc_with_microseconds(session: Session) -> None:
    moment = datetime(2026, 2, 3, 4, 5, 6, 789012, tzinfo=UTC)
    session.add(a_state(moment))
    session.flush()
    session.expire_all()

    stored = session.scalars(select(BankState.loaded_at)).one()

    assert stored == moment
    assert stored.tzinfo is UTC


def test_a_naive_time_is_refused(session: Session) -> None:
    session.add(a_state(datetime(2026, 2, 3)))  # noqa: DTZ001 - the mistake under test

    with pytest.raises(Exception, match="has no time zone"):
        session.flush()


def test_ids_grow_with_time_and_fit_a_bigint() -> None:
    first, second = new_id(), new_id()

    assert 0 < first >> 21 <= second >> 21
    assert second < 2**63


def test_public_ids_have_128_random_bits() -> None:
    assert len({new_public_id() for _ in range(1000)}) == 1000
    assert len(new_public_id()) == 22
