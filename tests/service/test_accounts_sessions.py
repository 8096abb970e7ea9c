"""Sessions: a token for each browser, dead when it should be, found in one statement."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.models import SignInFailure, User, UserSession
from app.accounts.person import Person
from app.accounts.service.sessions import end_sessions, hash_token, start_session
from app.errors import NotFound
from app.persistence.types import new_id
from tests.factories.accounts import make_guest, make_person
from tests.fixtures.databases import Statements


def sign_in(session: Session, user: User, *, now: datetime) -> Person:
    return start_session(session, user, user_agent="Firefox/153.0 (X11; Linux)", now=now)


def who(session: Session, token: str, *, now: datetime) -> str | None:
    found = service.identify(session, token, now=now)
    return found[0].public_id if found else None


def test_a_token_tells_who_is_there(session: Session, now: datetime) -> None:
    make_person(session, now=now)
    user = make_person(session, now=now, name="Ada")

    person = sign_in(session, user, now=now)

    found, is_stale = service.identify(session, person.session_token, now=now) or (None, None)
    assert found == person
    assert (person.id, person.name, person.is_guest, is_stale) == (user.id, "Ada", False, False)


def test_a_guest_is_told_from_a_registered_person(session: Session, now: datetime) -> None:
    assert sign_in(session, make_guest(session, now=now), now=now).is_guest


def test_the_token_is_not_kept_only_its_hash(session: Session, now: datetime) -> None:
    token = sign_in(session, make_person(session, now=now), now=now).session_token

    kept = session.scalars(select(UserSession.token_hash)).all()
    assert token not in kept
    assert hash_token(token) in kept
    assert len(token) >= 43


def test_an_unknown_token_is_nobody(session: Session, now: datetime) -> None:
    assert service.identify(session, "made up", now=now) is None


@pytest.mark.parametrize(
    ("age", "seen_ago", "lives"),
    [
        (timedelta(days=13), timedelta(days=13), True),
        (timedelta(days=14), timedelta(days=14), False),
        (timedelta(days=29), timedelta(hours=1), True),
        (timedelta(days=30), timedelta(hours=1), False),
    ],
)
def test_a_session_ends_after_14_idle_days_and_after_30_days(
    session: Session, now: datetime, age: timedelta, seen_ago: timedelta, *, lives: bool
) -> None:
    token = sign_in(session, make_person(session, now=now), now=now - age).session_token
    service.touch_session(session, token, now=now - seen_ago)

    assert (who(session, token, now=now) is not None) == lives


def test_a_session_is_to_be_touched_once_an_hour(session: Session, now: datetime) -> None:
    token = sign_in(session, make_person(session, now=now), now=now).session_token

    found = [
        service.identify(session, token, now=now + timedelta(minutes=each)) for each in (60, 61)
    ]
    assert [is_stale for _, is_stale in found if found] == [False, True]


def test_who_is_disabled_is_nobody(session: Session, now: datetime) -> None:
    user = make_person(session, now=now)
    token = sign_in(session, user, now=now).session_token

    user.disabled_at = now
    session.flush()

    assert service.identify(session, token, now=now) is None


def test_ending_one_session_leaves_the_others(session: Session, now: datetime) -> None:
    user = make_person(session, now=now)
    first, second = (sign_in(session, user, now=now).session_token for _ in range(2))

    service.end_session(session, first)

    assert who(session, first, now=now) is None
    assert who(session, second, now=now) == user.public_id


def test_all_sessions_but_one_can_be_ended(session: Session, now: datetime) -> None:
    user, other = make_person(session, now=now), make_person(session, now=now)
    mine, copied = (sign_in(session, user, now=now).session_token for _ in range(2))
    others = sign_in(session, other, now=now).session_token

    assert end_sessions(session, user.id, but=mine) == 1

    assert who(session, copied, now=now) is None
    assert who(session, mine, now=now) == user.public_id
    assert who(session, others, now=now) == other.public_id


def test_a_person_ends_only_their_own_session(session: Session, now: datetime) -> None:
    user, other = make_person(session, now=now), make_person(session, now=now)
    token = sign_in(session, user, now=now).session_token
    reference = service.own_reference(token)

    with pytest.raises(NotFound):
        service.end_own_session(session, other.id, reference)
    assert who(session, token, now=now) == user.public_id

    service.end_own_session(session, user.id, reference)
    assert who(session, token, now=now) is None


def test_dead_sessions_are_not_listed(session: Session, now: datetime) -> None:
    user = make_person(session, now=now)
    sign_in(session, user, now=now - timedelta(days=20))
    sign_in(session, user, now=now)

    listed = service.list_sessions(session, user.id, now=now)

    assert [each.created_at for each in listed] == [now]


def test_what_is_dead_is_removed(session: Session, now: datetime) -> None:
    user = make_person(session, now=now)
    sign_in(session, user, now=now - timedelta(days=20))
    living = sign_in(session, user, now=now).session_token
    for days in (0, 2):
        session.add(
            SignInFailure(
                id=new_id(), account="a", address="b", failed_at=now - timedelta(days=days)
            )
        )
    session.flush()

    service.remove_expired(session, now=now)

    assert session.scalars(select(UserSession.token_hash)).all() == [hash_token(living)]
    assert session.scalars(select(SignInFailure.failed_at)).all() == [now]


def test_a_person_is_identified_in_one_statement(
    session: Session, now: datetime, statements: Statements
) -> None:
    token = sign_in(session, make_person(session, now=now), now=now).session_token
    statements.clear()

    service.identify(session, token, now=now)

    assert len(statements) == 1
