"""Guests, registering, private links and the first administrator."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.models import LinkPurpose, User
from app.accounts.person import Person, Visitor
from app.accounts.roles import Role
from app.accounts.service.links import create_link
from app.errors import Gone, Invalid, NotFound
from app.persistence.database import Database
from tests.factories.accounts import make_administrator, make_person

HOME = Visitor("192.0.2.7", "Firefox/153.0")
SECRET = "a secret of the server"
PASSWORD = "correct horse battery"


def start_guest(session: Session, *, now: datetime) -> Person:
    return service.start_guest(session, secret_key=SECRET, visitor=HOME, now=now)


def register(
    database: Database, *, now: datetime, guest_id: int | None = None, **fields: str
) -> Person:
    values = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD, **fields}
    return service.register(
        database, service.NewAccount(**values), guest_id=guest_id, visitor=HOME, now=now
    )


def resume(session: Session, token: str, *, now: datetime) -> Person:
    return service.resume_guest(session, token, secret_key=SECRET, visitor=HOME, now=now)


def link_of(person: Person) -> str:
    return service.resume_token(person.public_id, secret_key=SECRET)


def test_a_guest_is_a_candidate_with_a_name(session: Session, now: datetime) -> None:
    guest = start_guest(session, now=now)

    assert guest.is_guest
    assert guest.role == Role.CANDIDATE
    assert guest.name.startswith("Guest ")
    assert len(guest.name) == len("Guest 7F3K")


def test_the_resume_link_works_many_times_for_30_days(session: Session, now: datetime) -> None:
    start_guest(session, now=now)
    guest = start_guest(session, now=now)

    for day in (0, 1, 29):
        moment = now + timedelta(days=day)
        again = resume(session, link_of(guest), now=moment)
        assert again.id == guest.id
        assert again.session_token != guest.session_token
    with pytest.raises(Gone):
        resume(session, link_of(guest), now=now + timedelta(days=30))


def test_an_unknown_resume_link_is_not_found(session: Session, now: datetime) -> None:
    start_guest(session, now=now)

    with pytest.raises(NotFound):
        resume(session, "made up", now=now)


def test_a_resume_link_cannot_be_made_without_the_secret(session: Session, now: datetime) -> None:
    guest = start_guest(session, now=now)

    with pytest.raises(NotFound):
        resume(session, service.resume_token(guest.public_id, secret_key="another"), now=now)


def test_a_link_made_with_an_older_secret_still_leads_to_a_good_new_one(
    session: Session, now: datetime
) -> None:
    guest = start_guest(session, now=now)

    service.resume_guest(session, link_of(guest), secret_key="newer", visitor=HOME, now=now)

    newer = service.resume_token(guest.public_id, secret_key="newer")
    assert service.name_of_guest_link(session, newer, now=now) == guest.name


def test_registering_as_a_guest_keeps_the_row(
    database: Database, session: Session, now: datetime
) -> None:
    guest = start_guest(session, now=now)

    person = register(database, now=now, guest_id=guest.id, email="Ada@Example.org")

    user = session.get_one(User, guest.id, populate_existing=True)
    assert (person.id, person.is_guest) == (guest.id, False)
    assert (user.name, user.email, user.expires_at) == ("Ada", "ada@example.org", None)


def test_registering_replaces_the_resume_link_and_every_session(
    database: Database, session: Session, now: datetime
) -> None:
    guest = start_guest(session, now=now)

    register(database, now=now, guest_id=guest.id)

    assert service.identify(session, guest.session_token, now=now) is None
    with pytest.raises(NotFound):
        resume(session, link_of(guest), now=now)


def test_registering_without_a_guest_makes_a_candidate(database: Database, now: datetime) -> None:
    assert register(database, now=now).role == Role.CANDIDATE


def test_an_address_is_taken_once(database: Database, session: Session, now: datetime) -> None:
    make_person(session, now=now, email="ada@example.org")
    guest = start_guest(session, now=now)

    with pytest.raises(Invalid, match="already has an account") as refusal:
        register(database, now=now, guest_id=guest.id, email="ADA@example.org")

    assert refusal.value.details == {"field": "email"}
    assert service.identify(session, guest.session_token, now=now) is not None


def test_a_guest_registers_once(database: Database, session: Session, now: datetime) -> None:
    guest = start_guest(session, now=now)
    register(database, now=now, guest_id=guest.id)

    with pytest.raises(Invalid):
        register(database, now=now, guest_id=guest.id, email="second@example.org")


@pytest.mark.parametrize("password", ["short", "password123", "ada@example.org", "x" * 129])
def test_a_weak_password_is_refused_at_its_field(
    database: Database, now: datetime, password: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        register(database, now=now, password=password)

    assert refusal.value.details == {"field": "password"}


def test_a_reset_link_sets_a_password_once_and_ends_every_session(
    database: Database, session: Session, now: datetime
) -> None:
    person = register(database, now=now)
    token = create_link(
        session,
        LinkPurpose.RESET_PASSWORD,
        user_id=person.id,
        lifetime=timedelta(hours=24),
        now=now,
    )

    service.reset_password(database, token, password="another fine horse", now=now)

    assert service.identify(session, person.session_token, now=now) is None
    credentials = service.Credentials("ada@example.org", "another fine horse")
    assert service.sign_in(database, credentials, visitor=HOME, now=now).id == person.id
    with pytest.raises(Gone):
        service.reset_password(database, token, password="a third fine horse", now=now)


def test_a_refused_password_does_not_spend_the_reset_link(
    database: Database, session: Session, now: datetime
) -> None:
    user = make_person(session, now=now)
    token = create_link(
        session, LinkPurpose.RESET_PASSWORD, user_id=user.id, lifetime=timedelta(1), now=now
    )

    with pytest.raises(Invalid):
        service.reset_password(database, token, password="password", now=now)
    service.reset_password(database, token, password="another fine horse", now=now)


def test_a_reset_link_is_good_for_its_purpose_only(session: Session, now: datetime) -> None:
    user = make_person(session, now=now)
    token = create_link(
        session, LinkPurpose.RESET_PASSWORD, user_id=user.id, lifetime=timedelta(1), now=now
    )

    with pytest.raises(NotFound):
        service.check_link(session, token, LinkPurpose.FIRST_ADMINISTRATOR, now=now)
    with pytest.raises(NotFound):
        resume(session, token, now=now)
    with pytest.raises(Gone):
        service.check_link(session, token, LinkPurpose.RESET_PASSWORD, now=now + timedelta(1))


def become_administrator(database: Database, token: str, *, now: datetime, email: str) -> Person:
    account = service.NewAccount("Root", email, PASSWORD)
    return service.create_first_administrator(
        database, token, account=account, visitor=HOME, now=now
    )


def test_the_first_administrator_comes_by_a_link_that_works_once(
    database: Database, session: Session, now: datetime
) -> None:
    token = service.first_administrator_link(session, now=now)
    assert token is not None

    person = become_administrator(database, token, now=now, email="root@example.org")

    assert person.can("manage_people")
    with pytest.raises(Gone):
        become_administrator(database, token, now=now, email="second@example.org")
    assert session.scalars(select(User.email)).all() == ["root@example.org"]


def test_a_newer_administrator_link_kills_the_older_one(session: Session, now: datetime) -> None:
    older = service.first_administrator_link(session, now=now)
    service.first_administrator_link(session, now=now)

    assert older is not None
    with pytest.raises(NotFound):
        service.check_link(session, older, LinkPurpose.FIRST_ADMINISTRATOR, now=now)


def test_there_is_no_administrator_link_beside_an_administrator(
    session: Session, now: datetime
) -> None:
    make_administrator(session, now=now)

    assert service.first_administrator_link(session, now=now) is None
    assert service.first_administrator_link(session, now=now, another=True) is not None


def test_a_taken_address_does_not_spend_the_administrator_link(
    database: Database, session: Session, now: datetime
) -> None:
    make_person(session, now=now, email="root@example.org")
    token = service.first_administrator_link(session, now=now)
    assert token is not None

    with pytest.raises(Invalid):
        become_administrator(database, token, now=now, email="root@example.org")
    become_administrator(database, token, now=now, email="second@example.org")
