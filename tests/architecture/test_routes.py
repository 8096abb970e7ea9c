"""The URL map: every route has one access rule, typed parameters, and changes nothing by GET."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.web.access import Access, access_of
from tests.fixtures.application import PageClient
from tests.fixtures.databases import Statements

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
READING = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
def engine_name() -> str:
    """Run on one engine: the map is the same."""
    return "sqlite"


@pytest.fixture
def rules(app: Flask) -> Iterator[list[Rule]]:
    """Return every route of the application."""
    return list(app.url_map.iter_rules())


def test_there_are_routes(rules: list[Rule]) -> None:
    assert len(rules) > 20


def test_every_route_has_exactly_one_access_rule(app: Flask, rules: list[Rule]) -> None:
    for rule in rules:
        assert isinstance(access_of(app.view_functions[rule.endpoint]), Access), rule


def test_what_changes_something_for_the_public_is_on_this_list(
    app: Flask, rules: list[Rule]
) -> None:
    found = {
        rule.rule
        for rule in rules
        if rule.methods & CHANGING and access_of(app.view_functions[rule.endpoint]).is_public
    }
    assert found <= {
        "/guest",
        "/register",
        "/sign-in",
        "/first-administrator/<string:token>",
        "/resume/<string:token>",
        "/reset/<string:token>",
        "/sign-out",
    }


def test_every_parameter_of_an_address_has_a_converter(rules: list[Rule]) -> None:
    bare = [rule.rule for rule in rules if re.search(r"<[^:>]+>", rule.rule)]
    assert bare == []


def test_a_route_either_reads_or_changes(rules: list[Rule]) -> None:
    # Forms may be shown and sent at one address, by two views.
    both = [
        rule.rule
        for rule in rules
        if rule.methods & CHANGING and rule.methods & READING - {"OPTIONS"}
    ]
    assert both == []


def test_reading_a_page_writes_nothing(
    administrator_client: PageClient, rules: list[Rule], statements: Statements
) -> None:
    pages = [rule.rule for rule in rules if "GET" in rule.methods and not rule.arguments]
    assert len(pages) > 8
    for page in pages:
        statements.clear()
        assert administrator_client.get(page).status_code < 500
        writes = [line for line in statements if not line.startswith(("SELECT", "WITH"))]
        assert writes == [], page
