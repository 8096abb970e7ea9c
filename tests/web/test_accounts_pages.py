"""The account page, private links and the administrator's pages."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.accounts import commands
from app.accounts.models import User
from app.persistence.database import Database
from app.settings import Settings
from tests.factories.accounts import PASSWORD, make_administrator, make_guest, make_person
from tests.fixtures.application import FakeClock, PageClient

NewClient = Callable[[], PageClient]
NEW = "another fine horse"


@pytest.fixture
def ada(session: Session, clock: FakeClock) -> User:
    """Return a person with an account."""
    return make_person(session, now=clock.moment, name="Ada", email="ada@example.org")


@pytest.fixture
def ada_client(new_client: NewClient, ada: User) -> PageClient:
    """Return Ada's browser."""
    client = new_client()
    client.sign_in_as(ada)
    return client


@pytest.fixture
def root(session: Session, clock: FakeClock) -> User:
    """Return the only administrator."""
    return make_administrator(session, now=clock.moment)


@pytest.fixture
def root_client(new_client: NewClient, root: User) -> PageClient:
    """Return the administrator's browser."""
    client = new_client()
    client.sign_in_as(root)
    return client


def is_signed_in(client: PageClient) -> bool:
    return client.get("/account").status_code == 200


def sign_in(client: PageClient, password: str) -> int:
    return client.send("/sign-in", email="ada@example.org", password=password).status_code


def private_link(page: str) -> str:
    found = re.search(r'class="private-link"[^>]*value="http://[^/]+([^"]+)"', page)
    assert found
    return found[1]


def test_somebody_changes_their_name(ada_client: PageClient) -> None:
    assert ada_client.send("/account/name", name="  Ada \t King ").location == "/account"

    assert '<p class="lead">Ada King · ada@example.org</p>' in ada_client.get("/account").text


def test_a_name_is_needed(ada_client: PageClient) -> None:
    answer = ada_client.send("/account/name", name="")

    assert answer.status_code == 422
    assert "Enter your name." in answer.text


def test_a_new_password_signs_other_browsers_out(
    new_client: NewClient, ada: User, ada_client: PageClient
) -> None:
    elsewhere = new_client()
    elsewhere.sign_in_as(ada)

    answer = ada_client.send("/account/password", current_password=PASSWORD, password=NEW)

    assert answer.location == "/account"
    assert is_signed_in(ada_client)
    assert not is_signed_in(elsewhere)
    assert sign_in(elsewhere, NEW) == 303


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("wrong", NEW, "Enter your current password; this is not it."),
        ("", NEW, "Enter your current password."),
        (PASSWORD, "short", "Enter a password of 8 or more characters."),
        (PASSWORD, "", "Enter a new password."),
    ],
)
def test_what_is_wrong_with_a_new_password_is_told(
    ada_client: PageClient, current: str, new: str, sentence: str
) -> None:
    answer = ada_client.send("/account/password", current_password=current, password=new)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_somebody_ends_one_of_their_sessions(
    new_client: NewClient, ada: User, ada_client: PageClient
) -> None:
    elsewhere = new_client()
    elsewhere.sign_in_as(ada)
    page = ada_client.get("/account").text
    assert page.count(">this browser<") == 1
    ends = re.findall(r'action="(/account/sessions/[^"]+)"', page)
    assert len(ends) == 1

    assert ada_client.send(ends[0]).location == "/account"

    assert is_signed_in(ada_client)
    assert not is_signed_in(elsewhere)


def test_nobody_ends_the_session_of_another(
    guest_client: PageClient, ada_client: PageClient, new_client: NewClient, ada: User
) -> None:
    elsewhere = new_client()
    elsewhere.sign_in_as(ada)
    end = re.findall(r'action="(/account/sessions/[^"]+)"', ada_client.get("/account").text)[0]

    assert guest_client.send(end).status_code == 404
    assert is_signed_in(elsewhere)


def test_a_guest_sees_the_resume_link_and_no_password(client: PageClient) -> None:
    client.send("/guest")

    page = client.get("/account").text

    assert "/resume/" in page
    assert "Current password" not in page


def test_a_resume_link_that_is_unknown_or_over_is_told(
    client: PageClient, clock: FakeClock, new_client: NewClient
) -> None:
    assert client.get("/resume/unknown").status_code == 404
    client.send("/guest")
    path = private_link(client.get("/account").text)
    clock.advance(days=30)

    answer = new_client().get(path)

    assert answer.status_code == 410
    assert "was used or has expired" in answer.text


@pytest.mark.parametrize("address", ["/people", "/people/a-public-id-of-22-sign", "/audit"])
def test_people_is_for_administrators(
    client: PageClient, ada_client: PageClient, guest_client: PageClient, address: str
) -> None:
    assert client.get(address).status_code == 303
    assert guest_client.get(address).status_code == 403
    assert ada_client.get(address).status_code == 403
    assert 'href="/people"' not in ada_client.get("/account").text


def test_the_administrator_finds_people(
    root_client: PageClient, session: Session, ada: User, clock: FakeClock
) -> None:
    make_person(session, now=clock.moment, name="Charles")
    make_guest(session, now=clock.moment)

    page = root_client.get("/people?q=ADA").text
    nobody = root_client.get("/people?q=%25").text

    assert f'href="/people/{ada.public_id}"' in page
    assert "Charles" not in page
    assert "Nobody found" in nobody


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "²"])
def test_an_odd_page_number_is_no_error(root_client: PageClient, page: str) -> None:
    assert root_client.get("/people", query_string={"page": page}).status_code == 200


def test_a_role_is_given_and_the_person_signed_out(
    root_client: PageClient, ada_client: PageClient, ada: User
) -> None:
    address = f"/people/{ada.public_id}"

    answer = root_client.send(f"{address}/role", role="instructor", is_reviewer="y")

    assert answer.location == address
    assert "Instructor, reviewer" in root_client.get(address).text
    assert not is_signed_in(ada_client)


@pytest.mark.parametrize("role", ["", "owner"])
def test_a_role_is_one_of_three(root_client: PageClient, ada: User, role: str) -> None:
    answer = root_client.send(f"/people/{ada.public_id}/role", role=role)

    assert answer.status_code == 422


@pytest.mark.parametrize(("act", "fields"), [("role", {"role": "candidate"}), ("disable", {})])
def test_the_last_administrator_cannot_go(
    root_client: PageClient, root: User, act: str, fields: dict[str, str]
) -> None:
    answer = root_client.send(f"/people/{root.public_id}/{act}", **fields)

    assert answer.status_code == 422
    assert "last administrator" in answer.text
    assert root_client.get("/people").status_code == 200


def test_disabling_keeps_out_and_enabling_lets_in(
    new_client: NewClient, root_client: PageClient, ada_client: PageClient, ada: User
) -> None:
    root_client.send(f"/people/{ada.public_id}/disable")
    assert not is_signed_in(ada_client)
    assert sign_in(new_client(), PASSWORD) == 422

    root_client.send(f"/people/{ada.public_id}/enable")
    assert sign_in(new_client(), PASSWORD) == 303


def test_the_administrator_ends_sessions(
    root_client: PageClient, ada_client: PageClient, ada: User
) -> None:
    root_client.send(f"/people/{ada.public_id}/end-sessions")

    assert "1 session ended." in root_client.get(f"/people/{ada.public_id}").text
    assert not is_signed_in(ada_client)


def test_a_reset_link_is_shown_once_and_works_once(
    new_client: NewClient, root_client: PageClient, ada_client: PageClient, ada: User
) -> None:
    address = f"/people/{ada.public_id}"
    assert root_client.send(f"{address}/reset-link").location == address
    path = private_link(root_client.get(address).text)
    assert "private-link" not in root_client.get(address).text

    client = new_client()
    assert "Choose a new password" in client.get(path).text
    assert client.send(path, password="short").status_code == 422
    assert client.send(path, password=NEW).location == "/sign-in"

    assert client.get(path).status_code == 410
    assert not is_signed_in(ada_client)
    assert sign_in(client, NEW) == 303


def test_a_reset_link_is_good_for_24_hours(
    client: PageClient, root_client: PageClient, ada: User, clock: FakeClock
) -> None:
    root_client.send(f"/people/{ada.public_id}/reset-link")
    path = private_link(root_client.get(f"/people/{ada.public_id}").text)

    clock.advance(hours=23.9)
    assert client.get(path).status_code == 200
    clock.advance(hours=0.1)
    assert client.send(path, password=NEW).status_code == 410


def test_the_audit_log_names_act_actor_and_subject(
    root_client: PageClient, root: User, ada: User
) -> None:
    assert "Nothing yet" in root_client.get("/audit").text
    root_client.send(f"/people/{ada.public_id}/role", role="instructor", is_author="y")
    root_client.send(f"/people/{ada.public_id}/disable")

    page = " ".join(re.sub(r"<[^>]+>", " ", root_client.get("/audit").text).split())

    assert f"{root.name} changed the role of Ada: candidate → instructor, author" in page
    assert f"{root.name} disabled Ada" in page


@pytest.fixture
def command_settings(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Let commands open the test's database."""
    monkeypatch.setattr(commands.Database, "from_url", lambda _url: database)
    return settings


def admin_link(settings: Settings, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    import argparse

    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers())
    args = parser.parse_args(["admin-link", *options])
    assert args.func(args, settings) == 0
    return capsys.readouterr().out.strip()


def test_the_first_administrator_comes_by_the_printed_link(
    client: PageClient, command_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    link = admin_link(command_settings, capsys, "--address", "http://localhost:8000/")
    path = link.removeprefix("http://localhost:8000")
    assert path.startswith("/first-administrator/")

    assert "Create the first administrator" in client.get(path).text
    account = {"name": "Root", "email": "root@example.org", "password": PASSWORD}
    assert client.send(path, **{**account, "password": "password"}).status_code == 422
    assert client.send(path, **account).location == "/people"

    assert client.get("/people").status_code == 200
    assert client.get(path).status_code == 410
    assert "already" in admin_link(command_settings, capsys)
    assert "/first-administrator/" in admin_link(command_settings, capsys, "--another")
