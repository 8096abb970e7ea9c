"""Signing in, and how slowly guessing has to be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import passwords, service
from app.accounts.models import SignInFailure, User
from app.accounts.person import Person, Visitor
from app.errors import Invalid, NotAllowed
from app.persistence.database import Database
from app.persistence.types import new_id
from tests.factories.accounts import PASSWORD, make_guest, make_person

HOME = Visitor("192.0.2.7", "Firefox/153.0")


@pytest.fixture
def ada(session: Session, now: datetime) -> User:
    """Return a person with an account; another one is a decoy."""
    make_person(session, now=now)
    return make_person(session, now=now, email="ada@example.org")


def attempt(
    database: Database,
    password: str,
    *,
    now: datetime,
    email: str = "ada@example.org",
    visitor: Visitor = HOME,
) -> Person:
    credentials = service.Credentials(email, password)
    return service.sign_in(database, credentials, visitor=visitor, now=now)


def guess(database: Database, times: int, *, now: datetime, addresses: int = 1) -> list[str]:
    outcomes = []
    for number in range(times):
        visitor = Visitor(f"198.51.100.{number % addresses}", "")
        try:
            attempt(database, "wrong", now=now, visitor=visitor)
        except (Invalid, NotAllowed) as error:
            outcomes.append(type(error).__name__)
    return outcomes


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("email", ["ada@example.org", " ADA@Example.org "])
def test_the_right_password_opens_a_session(
    database: Database, now: datetime, ada: User, email: str
) -> None:
    person = attempt(database, PASSWORD, now=now, email=email)

    assert person.id == ada.id
    with database.reading() as session:
        assert service.identify(session, person.session_token, now=now) == (person, False)


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ada@example.org", "wrong"),
        ("ada@example.org", PASSWORD + " "),
        ("nobody@example.org", PASSWORD),
        ("", PASSWORD),
    ],
)
def test_wrong_ones_are_refused_in_the_same_words(
    database: Database, now: datetime, email: str, password: str
) -> None:
    with pytest.raises(Invalid, match="do not belong together"):
        attempt(database, password, now=now, email=email)


def test_a_guest_has_no_password(database: Database, session: Session, now: datetime) -> None:
    make_guest(session, now=now)

    with pytest.raises(Invalid):
        attempt(database, "", now=now, email="")


def test_a_disabled_person_is_told_so_only_with_the_right_password(
    database: Database, session: Session, now: datetime, ada: User
) -> None:
    ada.disabled_at = now
    session.flush()

    with pytest.raises(Invalid):
        attempt(database, "wrong", now=now)
    with pytest.raises(NotAllowed, match="disabled"):
        attempt(database, PASSWORD, now=now)


def test_an_old_hash_is_replaced_at_sign_in(
    database: Database, session: Session, now: datetime, ada: User
) -> None:
    attempt(database, PASSWORD, now=now)

    session.refresh(ada)
    assert ada.password_hash is not None
    assert not passwords.needs_rehash(ada.password_hash)
    assert passwords.matches(ada.password_hash, PASSWORD)


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_after_five_wrong_guesses_there_is_a_pause(
    database: Database, now: datetime, email: str
) -> None:
    for _ in range(5):
        with pytest.raises(Invalid):
            attempt(database, "wrong", now=now, email=email)

    with pytest.raises(service.TooSoon, match="Try again in 12 minutes") as refusal:
        attempt(database, PASSWORD, now=now, email=email)
    assert refusal.value.details == {"retry_after": 720}


@pytest.mark.usefixtures("ada")
def test_who_knows_the_password_gets_in_within_15_minutes(
    database: Database, now: datetime
) -> None:
    guess(database, 60, now=now, addresses=50)

    with pytest.raises(service.TooSoon):
        attempt(database, PASSWORD, now=now + timedelta(minutes=1))
    attempt(database, PASSWORD, now=now + timedelta(minutes=12))


@pytest.mark.usefixtures("ada")
def test_an_hour_of_guessing_from_50_addresses_verifies_at_most_ten(
    database: Database, now: datetime
) -> None:
    outcomes = []
    for minute in range(60):
        outcomes += guess(database, 4, now=now + timedelta(minutes=minute), addresses=50)

    assert outcomes.count("Invalid") <= 10


@pytest.mark.usefixtures("ada")
def test_a_right_password_does_not_buy_more_guesses(database: Database, now: datetime) -> None:
    guess(database, 4, now=now)
    attempt(database, PASSWORD, now=now)

    assert guess(database, 2, now=now) == ["Invalid", "TooSoon"]


@pytest.mark.usefixtures("ada")
def test_a_right_password_is_not_counted_as_a_guess(
    database: Database, session: Session, now: datetime
) -> None:
    for _ in range(3):
        attempt(database, PASSWORD, now=now)

    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 0


@pytest.mark.usefixtures("ada")
def test_many_accounts_from_one_address_are_slowed_down(
    database: Database, session: Session, now: datetime
) -> None:
    for number in range(49):
        account, failed_at = f"person {number}", now - timedelta(minutes=number % 15)
        session.add(
            SignInFailure(id=new_id(), account=account, address=HOME.address, failed_at=failed_at)
        )
    session.flush()

    with pytest.raises(Invalid):
        attempt(database, "wrong", now=now)
    with pytest.raises(service.TooSoon, match="Try again in 1 minute "):
        attempt(database, PASSWORD, now=now)
    attempt(database, PASSWORD, now=now, visitor=Visitor("192.0.2.8", ""))


@pytest.mark.usefixtures("ada")
def test_the_failures_do_not_keep_what_was_typed(
    database: Database, session: Session, now: datetime
) -> None:
    guess(database, 1, now=now)

    row = session.scalars(select(SignInFailure)).one()
    assert "ada" not in row.account
    assert len(row.account) == 64


def test_guesses_at_the_same_moment_are_limited_too(
    committed_database: Database, now: datetime
) -> None:
    committed_database.run_in_transaction(
        lambda session: make_person(session, now=now, email="ada@example.org")
    )

    with ThreadPoolExecutor(4) as threads:
        rounds = [threads.submit(guess, committed_database, 4, now=now) for _ in range(4)]
        outcomes = [outcome for each in rounds for outcome in each.result()]

    assert len(outcomes) == 16
    assert outcomes.count("Invalid") <= 5
    attempt(committed_database, PASSWORD, now=now + timedelta(minutes=15))
