"""Coming and going: guest, register, sign in, sign out, who is there, and foreign requests."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.factory import create_app
from app.persistence.database import Database
from app.settings import Settings
from tests.factories.accounts import PASSWORD, make_person
from tests.fixtures.application import FakeClock, PageClient

NewClient = Callable[[], PageClient]
COOKIE = "dryrun"


@pytest.fixture
def ada(session: Session, clock: FakeClock) -> User:
    """Return a person with an account."""
    return make_person(session, now=clock.moment, name="Ada", email="ada@example.org")


def sign_in(client: PageClient, password: str = PASSWORD, **fields: str) -> TestResponse:
    return client.send("/sign-in", email="ada@example.org", password=password, **fields)


def who(client: PageClient) -> dict[str, object] | None:
    answer = client.get("/session", headers={"Accept": "application/json"})
    user: dict[str, object] | None = json.loads(answer.data)["user"]
    return user


def resume_path(client: PageClient) -> str:
    found = re.search(
        r'id="resume-link"[^>]*value="http://[^/]+([^"]+)"', client.get("/account").text
    )
    assert found
    return found[1]


def copy_cookie(source: PageClient, target: PageClient) -> None:
    cookie = source.get_cookie(COOKIE)
    assert cookie
    target.set_cookie(COOKIE, cookie.value)


def test_nobody_is_there_at_first(client: PageClient) -> None:
    assert who(client) is None


def test_one_click_makes_a_guest(client: PageClient) -> None:
    answer = client.send("/guest")

    assert (answer.status_code, answer.location) == (303, "/exams")
    user = who(client)
    assert user is not None
    assert (user["role"], user["is_guest"]) == ("candidate", True)
    assert set(user) == {"public_id", "name", "role", "is_guest"}


def test_the_resume_link_is_shown_right_after_the_start_and_once(client: PageClient) -> None:
    client.send("/guest")

    assert "/resume/" in client.get("/register").text
    assert "/resume/" not in client.get("/register").text


def test_a_second_click_keeps_the_guest(client: PageClient) -> None:
    client.send("/guest")
    guest = who(client)

    client.send("/guest")

    assert who(client) == guest


def test_a_guest_comes_back_by_the_link_on_another_device(new_client: NewClient) -> None:
    first, second = new_client(), new_client()
    first.send("/guest")
    path = resume_path(first)

    page = second.get(path)
    assert who(second) is None
    assert "Continue as Guest" in page.text
    assert second.send(path).location == "/"

    assert who(second) == who(first)


def test_sixty_guests_a_minute_are_let_in_and_more_than_the_limit_wait(
    settings: Settings, database: Database, clock: FakeClock
) -> None:
    clock.advance(seconds=20)
    app = create_app(replace(settings, guests_per_minute=60), database=database)
    app.test_client_class = PageClient

    answers = [app.test_client().send("/guest") for _ in range(61)]

    assert [answer.status_code for answer in answers] == [303] * 60 + [429]
    assert answers[-1].headers["Retry-After"] == "40"
    assert "Try again in 40 seconds" in answers[-1].text
    clock.advance(seconds=40)
    assert app.test_client().send("/guest").status_code == 303


def test_a_guest_registers_and_stays_the_same(client: PageClient) -> None:
    client.send("/guest")
    guest = who(client)
    assert guest is not None

    answer = client.send("/register", name="Ada", email="ada@example.org", password=PASSWORD)

    assert answer.status_code == 303
    assert who(client) == {**guest, "name": "Ada", "is_guest": False}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "Enter your name."),
        ({"name": "x" * 121}, "Enter a name of at most 120 characters."),
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "ada@example"}, "Enter an e-mail address such as name@example.com."),
        ({"email": "ada @example.org"}, "Enter an e-mail address such as name@example.com."),
        ({"password": ""}, "Enter a password."),
        ({"password": "short"}, "Enter a password of 8 or more characters."),
        ({"password": "password1"}, "everybody tries first"),
        ({"email": "taken@example.org"}, "already has an account"),
    ],
)
def test_what_is_wrong_with_a_registration_is_told(
    client: PageClient, session: Session, now: datetime, fields: dict[str, str], sentence: str
) -> None:
    make_person(session, now=now, email="taken@example.org")
    values = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD, **fields}

    answer = client.send("/register", **values)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert sentence in answer.text
    assert PASSWORD not in answer.text
    assert who(client) is None


def test_names_are_text_and_nothing_else(client: PageClient) -> None:
    name = "<script>alert(1)</script>\x00 {{ 7*7 }}"
    client.send("/register", name=name, email="ada@example.org", password=PASSWORD)

    page = client.get("/account").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page


@pytest.mark.usefixtures("ada")
def test_signing_in_leads_to_the_page_that_asked(client: PageClient) -> None:
    asked = client.get("/account")
    assert (asked.status_code, asked.location) == (303, "/sign-in?next=%2Faccount")

    assert 'value="/account"' in client.get(asked.location).text
    assert sign_in(client, next="/account").location == "/account"
    assert client.get("/account").status_code == 200


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "account",
        "",
    ],
)
def test_no_other_site_can_be_the_page_to_go_on_to(client: PageClient, target: str) -> None:
    assert sign_in(client, next=target).location == "/"


@pytest.mark.usefixtures("ada")
def test_a_wrong_password_is_told_and_not_repeated(client: PageClient) -> None:
    answer = sign_in(client, "wrong horse battery")

    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert 'value="ada@example.org"' in answer.text
    assert "wrong horse battery" not in answer.text


@pytest.mark.usefixtures("ada")
def test_a_pause_says_when_to_try_again(client: PageClient, clock: FakeClock) -> None:
    for _ in range(5):
        sign_in(client, "wrong")

    answer = sign_in(client)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "720"
    assert "Try again in 12 minutes (after 12:12 UTC)" in answer.text
    clock.advance(minutes=12)
    assert sign_in(client).status_code == 303


@pytest.mark.usefixtures("ada")
def test_a_program_signs_in_with_json_answers(client: PageClient) -> None:
    token = client.csrf_token()
    fields = {"csrf_token": token, "email": "ada@example.org"}
    asking = {"Accept": "application/json"}

    refused = client.post("/sign-in", data={**fields, "password": "wrong"}, headers=asking)
    welcome = client.post("/sign-in", data={**fields, "password": PASSWORD}, headers=asking)

    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert welcome.json is not None
    assert welcome.json["user"]["name"] == "Ada"
    renamed = client.post(
        "/account/name",
        data={"name": "Ada King"},
        headers={"X-CSRFToken": welcome.json["csrf_token"]},
    )
    assert renamed.status_code == 303


@pytest.mark.usefixtures("ada")
def test_a_guest_is_told_first_what_signing_in_leaves_behind(new_client: NewClient) -> None:
    client, other = new_client(), new_client()
    client.send("/guest")
    path, guest = resume_path(client), who(client)

    page = client.get("/sign-in").text
    assert path in page
    assert "leaves this guest" in page
    sign_in(client)

    assert (who(client) or {})["name"] == "Ada"
    other.send(path)
    assert who(other) == guest


@pytest.mark.usefixtures("ada")
def test_signing_in_changes_the_token_and_ends_the_session_before(new_client: NewClient) -> None:
    client, thief = new_client(), new_client()
    client.send("/guest")
    copy_cookie(client, thief)
    assert who(thief) is not None

    sign_in(client)

    assert who(thief) is None


@pytest.mark.usefixtures("ada")
def test_a_copied_cookie_is_dead_after_signing_out(new_client: NewClient) -> None:
    client, thief = new_client(), new_client()
    sign_in(client)
    copy_cookie(client, thief)
    assert thief.get("/account").status_code == 200

    answer = client.send("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/")
    assert "storage" in answer.headers["Clear-Site-Data"]
    assert thief.get("/account").status_code == 303
    assert client.get("/account").status_code == 303


@pytest.mark.usefixtures("ada")
def test_signing_in_again_keeps_a_page_that_was_open(client: PageClient, clock: FakeClock) -> None:
    sign_in(client)
    token = client.csrf_token()
    clock.advance(days=15)

    lost = client.post(
        "/account/name", data={"name": "A", "csrf_token": token}, headers={"Accept": "*/*"}
    )
    assert lost.status_code == 401
    sign_in(client)
    assert client.send("/account/name", name="Ada King").status_code == 303


def test_a_session_in_use_lives_on(client: PageClient, clock: FakeClock) -> None:
    client.send("/guest")

    for _ in range(2):
        clock.advance(days=13)
        assert who(client) is not None
    clock.advance(days=5)
    assert who(client) is None


def test_a_page_costs_one_statement_for_who_is_there(
    clock: FakeClock, guest_client: PageClient, statements: list[str]
) -> None:
    guest_client.get("/register")
    statements.clear()

    guest_client.get("/register")
    assert len(statements) == 1
    clock.advance(minutes=61)
    statements.clear()
    guest_client.get("/register")
    assert len(statements) == 2


def test_a_visitor_costs_no_statement(client: PageClient, statements: list[str]) -> None:
    statements.clear()
    client.get("/sign-in")
    assert statements == []


@pytest.mark.parametrize("address", ["/guest", "/sign-in", "/register", "/sign-out"])
def test_a_change_without_the_token_is_refused(client: PageClient, address: str) -> None:
    for fields in ({}, {"csrf_token": "made up"}):
        answer = client.post(address, data=fields)
        assert answer.status_code == 403
        assert "out of date" in answer.text


def test_a_token_of_another_session_is_refused(new_client: NewClient) -> None:
    client, other = new_client(), new_client()
    client.get("/sign-in")

    answer = client.post("/guest", data={"csrf_token": other.csrf_token()})

    assert answer.status_code == 403


def test_a_token_lives_as_long_as_the_session(client: PageClient) -> None:
    import time_machine

    token = client.csrf_token()
    with time_machine.travel(datetime.now().astimezone() + timedelta(days=13)):
        assert client.post("/guest", data={"csrf_token": token}).status_code == 303


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 303),
        ("http://localhost", 303),
        ("https://evil.example", 403),
        ("http://localhost:81", 403),
        ("http://localhost.evil.example", 403),
        ("null", 403),
    ],
)
def test_a_foreign_origin_is_refused(client: PageClient, origin: str | None, status: int) -> None:
    token = client.csrf_token()
    headers = {"Origin": origin} if origin else {}

    answer = client.post("/guest", data={"csrf_token": token}, headers=headers)

    assert answer.status_code == status


def test_a_program_without_a_session_is_told_so_before_its_token(client: PageClient) -> None:
    answer = client.post("/account/name", json={})

    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("address", ["/guest", "/sign-out", "/account/name"])
def test_nothing_changes_by_following_a_link(guest_client: PageClient, address: str) -> None:
    assert guest_client.get(address).status_code == 405
    assert who(guest_client) is not None


def test_every_route_of_accounts_has_a_rule(app: Flask) -> None:
    views = [view for name, view in app.view_functions.items() if name.startswith("accounts.")]

    assert views
    assert all(hasattr(view, "access") for view in views)
