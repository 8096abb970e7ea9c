"""Headers, cookies, static files and machine addresses: the same on every route."""

import gzip
import logging
import re
from collections.abc import Callable
from dataclasses import replace

import brotli
import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.factory import create_app
from app.persistence.database import Database
from app.settings import Settings
from app.web.headers import CONTENT_SECURITY_POLICY
from tests.fixtures.application import PageClient

STATIC_LINK = re.compile(r'"(/static/[0-9a-f]{12}/[^"]+)"')


@pytest.fixture
def engine_name() -> str:
    """Run on one engine: headers do not depend on the database."""
    return "sqlite"


@pytest.fixture
def https_app(settings: Settings, database: Database) -> Flask:
    """Return the application as it runs behind a proxy that speaks https."""
    return create_app(replace(settings, https=True, trusted_proxies=1), database=database)


def addresses(app: Flask) -> list[str]:
    """Return an address for every route, with something for each parameter."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        values = {
            name: 1 if type(rule._converters[name]).__name__ == "IntegerConverter" else "x"
            for name in rule.arguments
        }
        found.append(adapter.build(rule.endpoint, values))
    return sorted({*found, "/no-such-address"})


def test_every_answer_carries_the_policy(app: Flask, client: PageClient) -> None:
    for address in addresses(app):
        for answer in (client.get(address), client.post(address)):
            assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, address
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert answer.headers["Cache-Control"] == "no-store", address
            assert len(answer.headers["X-Request-ID"]) >= 8
            assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    "directive",
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ],
)
def test_the_policy_is_strict(directive: str) -> None:
    assert directive in CONTENT_SECURITY_POLICY.split("; ")
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_a_page_links_to_static_files_that_may_be_kept_for_ever(client: PageClient) -> None:
    links = STATIC_LINK.findall(client.get("/sign-in").text)

    assert any(link.endswith("css/base.css") for link in links)
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
        answer.close()


def test_a_static_file_comes_compressed(client: PageClient) -> None:
    link = next(
        link for link in STATIC_LINK.findall(client.get("/sign-in").text) if link.endswith(".css")
    )

    with client.get(link, headers={"Accept-Encoding": "identity"}) as answer:
        plain = answer.data
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        with client.get(link, headers={"Accept-Encoding": encoding}) as answer:
            assert answer.headers["Content-Encoding"] == encoding
            assert unpack(answer.data) == plain


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("br;q=0, gzip;q=0", None, bytes),
    ],
)
def test_a_page_comes_compressed(
    app: Flask, accepted: str, encoding: str | None, unpack: Callable[[bytes], bytes]
) -> None:
    app.test_client_class = None
    answer = app.test_client().get(
        "/sign-in", headers={"Accept-Encoding": accepted, "Accept": "text/html"}
    )

    assert answer.headers.get("Content-Encoding") == encoding
    assert {"Accept-Encoding", "Cookie"} <= set(answer.vary)
    assert unpack(answer.data).endswith(b"</html>")


def test_over_http_the_cookie_has_a_plain_name(client: PageClient) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("dryrun=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_bound_to_the_host(https_app: Flask) -> None:
    answer = https_app.test_client().get("/sign-in", headers={"X-Forwarded-Proto": "https"})

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-dryrun=")
    assert all(part in cookie for part in ("; Secure", "; HttpOnly", "; Path=/", "SameSite=Lax"))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_forwarded_host_is_not_believed(https_app: Flask) -> None:
    answer = https_app.test_client().get(
        "/account", headers={"X-Forwarded-Host": "evil.example", "Accept": "text/html"}
    )

    assert "evil.example" not in answer.headers["Location"]


def test_alive_asks_nothing_of_the_database(client: PageClient, statements: list[str]) -> None:
    statements.clear()

    assert client.get("/healthz").json == {"status": "alive"}
    assert statements == []


def test_ready_means_database_and_schema(client: PageClient) -> None:
    assert client.get("/readyz").json == {"status": "ready"}


def test_not_ready_with_an_older_schema(app: Flask, client: PageClient) -> None:
    app.extensions["dryrun"] = replace(app.extensions["dryrun"], schema_is_current=lambda: False)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"


def test_not_ready_without_a_database(settings: Settings) -> None:
    nowhere = Database.from_url("sqlite:////nonexistent/dryrun.db")

    answer = create_app(settings, database=nowhere).test_client().get("/readyz")

    assert answer.status_code == 503


def test_a_page_without_a_database_asks_for_patience(settings: Settings) -> None:
    app = create_app(settings, database=Database.from_url("sqlite:////nonexistent/dryrun.db"))
    app.test_client_class = PageClient
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token that has to be looked up"

    answer = client.get("/account")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "<h1>Dryrun is busy</h1>" in answer.text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_failure_tells_its_number_and_nothing_else(
    app: Flask, client: PageClient, capsys: pytest.CaptureFixture[str], accept: str
) -> None:
    def fail() -> None:
        raise RuntimeError("the secret reason")

    app.view_functions["web.healthz"] = _public(fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/healthz", headers={"Accept": accept})

    assert answer.status_code == 500
    assert "secret reason" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    logged = capsys.readouterr().err
    assert "the secret reason" in logged
    assert answer.headers["X-Request-ID"] in logged


def test_a_lost_database_is_no_failure_of_ours(app: Flask, client: PageClient) -> None:
    def fail() -> None:
        raise OperationalError("SELECT 1", None, Exception("gone"))

    app.view_functions["web.healthz"] = _public(fail)

    answer = client.get("/healthz", headers={"Accept": "application/json"})

    assert answer.status_code == 503
    assert answer.json is not None
    assert "SELECT" not in answer.text


def test_a_request_is_logged_by_its_route_not_its_address(
    client: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/resume/a-secret-token")

    logged = capsys.readouterr().err
    assert "/resume/<string:token>" in logged
    assert "a-secret-token" not in logged


def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(
    client: PageClient,
) -> None:
    page = client.get("/no-such-address")
    problem = client.get("/no-such-address", headers={"Accept": "*/*"})

    assert page.status_code == problem.status_code == 404
    assert "<h1>Page not found</h1>" in page.text
    assert problem.mimetype == "application/problem+json"
    assert problem.json is not None
    assert {"type", "title", "status", "detail"} <= set(problem.json)


def _public(view: Callable[[], None]) -> Callable[[], None]:
    from app.web.access import public

    return public(view)


def test_flasks_own_log_is_silent(app: Flask) -> None:
    assert logging.getLogger(app.name).disabled
