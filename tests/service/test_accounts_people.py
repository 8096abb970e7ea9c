"""What administrators do about people, and what people change about themselves."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.models import User
from app.accounts.person import Person, Visitor
from app.accounts.roles import Role
from app.accounts.service.sessions import start_session
from app.errors import Invalid, NotFound
from app.persistence.database import Database
from tests.factories.accounts import PASSWORD, make_administrator, make_guest, make_person

HOME = Visitor("192.0.2.7", "Firefox/153.0")
NEW = "another fine horse"


def sign_in(session: Session, user: User, *, now: datetime) -> Person:
    return start_session(session, user, user_agent="", now=now)


def is_signed_in(session: Session, person: Person, *, now: datetime) -> bool:
    return service.identify(session, person.session_token, now=now) is not None


@pytest.fixture
def root(session: Session, now: datetime) -> User:
    """Return the only administrator."""
    return make_administrator(session, now=now)


@pytest.fixture
def ada(session: Session, now: datetime) -> User:
    """Return a candidate with an account."""
    return make_person(session, now=now, name="Ada Lovelace", email="ada@example.org")


def test_people_are_found_by_part_of_name_or_address(
    session: Session, now: datetime, ada: User
) -> None:
    make_person(session, now=now, name="Charles", email="love@example.org")
    make_person(session, now=now, name="100%", email="percent@example.org")
    make_guest(session, now=now)

    def names(search: str) -> list[str]:
        return [row.name for row in service.find_people(session, search=search, page=1)[0]]

    assert names("LOVE") == [ada.name, "Charles"]
    assert names(" ada@ ") == [ada.name]
    assert names("%") == ["100%"]
    assert names("") == ["100%", ada.name, "Charles"]


def test_people_come_in_pages(session: Session, now: datetime) -> None:
    for number in range(51):
        make_person(session, now=now, name=f"Person {number:02}")

    first, has_more = service.find_people(session, search="", page=1)
    second, has_yet_more = service.find_people(session, search="", page=2)

    assert (len(first), has_more, len(second), has_yet_more) == (50, True, 1, False)


def test_a_guest_is_nobody_to_manage(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        service.person(session, make_guest(session, now=now).public_id)


def test_a_role_counts_at_once_and_ends_the_sessions_before(
    session: Session, now: datetime, root: User, ada: User
) -> None:
    before = sign_in(session, ada, now=now)

    change = service.RoleChange(Role.INSTRUCTOR, is_author=True)
    service.set_role(session, ada.public_id, change, actor_id=root.id, now=now)

    assert not is_signed_in(session, before, now=now)
    assert sign_in(session, ada, now=now).permissions == {"write_items"}


def test_permissions_are_dropped_with_the_role_of_an_instructor() -> None:
    change = service.RoleChange(Role.CANDIDATE, is_author=True, is_reviewer=True)

    assert change == service.RoleChange(Role.CANDIDATE)


def test_the_same_role_changes_nothing(
    session: Session, now: datetime, root: User, ada: User
) -> None:
    person = sign_in(session, ada, now=now)

    change = service.RoleChange(Role.CANDIDATE)
    service.set_role(session, ada.public_id, change, actor_id=root.id, now=now)

    assert is_signed_in(session, person, now=now)
    assert service.list_audit(session, page=1) == ([], False)


def test_the_last_administrator_stays(session: Session, now: datetime, root: User) -> None:
    make_administrator(session, now=now).disabled_at = now
    session.flush()
    change = service.RoleChange(Role.CANDIDATE)

    with pytest.raises(Invalid, match="last administrator"):
        service.set_role(session, root.public_id, change, actor_id=root.id, now=now)
    with pytest.raises(Invalid, match="last administrator"):
        service.set_disabled(session, root.public_id, disabled=True, actor_id=root.id, now=now)


def test_one_of_two_administrators_may_go(session: Session, now: datetime, root: User) -> None:
    other = make_administrator(session, now=now)

    change = service.RoleChange(Role.CANDIDATE)
    service.set_role(session, root.public_id, change, actor_id=other.id, now=now)

    assert service.person(session, root.public_id).role is Role.CANDIDATE


def test_disabling_ends_sessions_and_enabling_lets_in_again(
    database: Database, session: Session, now: datetime, root: User, ada: User
) -> None:
    person = sign_in(session, ada, now=now)

    service.set_disabled(session, ada.public_id, disabled=True, actor_id=root.id, now=now)
    assert service.person(session, ada.public_id).is_disabled
    service.set_disabled(session, ada.public_id, disabled=False, actor_id=root.id, now=now)

    assert not is_signed_in(session, person, now=now)
    credentials = service.Credentials("ada@example.org", PASSWORD)
    assert service.sign_in(database, credentials, visitor=HOME, now=now).id == ada.id


def test_ending_somebodys_sessions_ends_all_of_them(
    session: Session, now: datetime, root: User, ada: User
) -> None:
    people = [sign_in(session, ada, now=now) for _ in range(2)]
    administrator = sign_in(session, root, now=now)

    ended = service.end_sessions_of_person(session, ada.public_id, actor_id=root.id, now=now)

    assert ended == 2
    assert not any(is_signed_in(session, person, now=now) for person in people)
    assert is_signed_in(session, administrator, now=now)


def test_a_newer_reset_link_kills_the_older_one(
    session: Session, now: datetime, root: User, ada: User
) -> None:
    older, newer = (
        service.create_reset_link(session, ada.public_id, actor_id=root.id, now=now)
        for _ in range(2)
    )

    assert service.check_link(session, newer, "reset-password", now=now) == ada.id
    with pytest.raises(NotFound):
        service.check_link(session, older, "reset-password", now=now)


def test_each_act_is_audited(session: Session, now: datetime, root: User, ada: User) -> None:
    change = service.RoleChange(Role.INSTRUCTOR, is_reviewer=True)
    service.set_role(session, ada.public_id, change, actor_id=root.id, now=now)
    service.create_reset_link(session, ada.public_id, actor_id=root.id, now=now)
    service.end_sessions_of_person(session, ada.public_id, actor_id=root.id, now=now)
    service.set_disabled(session, ada.public_id, disabled=True, actor_id=root.id, now=now)
    service.set_disabled(session, ada.public_id, disabled=False, actor_id=root.id, now=now)

    entries, _ = service.list_audit(session, page=1)

    assert {entry.action for entry in entries} == {
        "person.role",
        "person.reset-link",
        "person.end-sessions",
        "person.disable",
        "person.enable",
    }
    assert {(entry.actor, entry.subject) for entry in entries} == {(root.name, ada.name)}
    details = next(entry.details for entry in entries if entry.action == "person.role")
    assert details == {"before": "candidate", "after": "instructor, reviewer"}


def change_password(
    database: Database, person: Person, current: str, new: str, *, now: datetime
) -> None:
    service.change_password(database, person, passwords_typed=(current, new), visitor=HOME, now=now)


def test_a_new_password_ends_the_other_sessions(
    database: Database, session: Session, now: datetime, ada: User
) -> None:
    here, elsewhere = (sign_in(session, ada, now=now) for _ in range(2))

    change_password(database, here, PASSWORD, NEW, now=now)

    assert is_signed_in(session, here, now=now)
    assert not is_signed_in(session, elsewhere, now=now)
    credentials = service.Credentials("ada@example.org", NEW)
    assert service.sign_in(database, credentials, visitor=HOME, now=now).id == ada.id


def test_the_current_password_is_needed_and_guessed_at_slowly(
    database: Database, session: Session, now: datetime, ada: User
) -> None:
    person = sign_in(session, ada, now=now)

    for _ in range(5):
        with pytest.raises(Invalid) as refusal:
            change_password(database, person, "wrong", NEW, now=now)
        assert refusal.value.details == {"field": "current_password"}
    with pytest.raises(service.TooSoon):
        change_password(database, person, PASSWORD, NEW, now=now)


def test_a_weak_new_password_is_refused_at_its_field(
    database: Database, session: Session, now: datetime, ada: User
) -> None:
    person = sign_in(session, ada, now=now)

    with pytest.raises(Invalid) as refusal:
        change_password(database, person, PASSWORD, "Ada Lovelace", now=now)
    assert refusal.value.details == {"field": "password"}


def test_somebody_renames_themselves(session: Session, ada: User) -> None:
    service.rename(session, ada.id, "Ada King")

    assert service.describe_account(session, ada.id).name == "Ada King"
