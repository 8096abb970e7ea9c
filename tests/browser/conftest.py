"""A guest in a real Chromium who sits the golden form on a served application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from app.accounts.models import User
from app.exams.models import Attempt, Response
from tests.factories.golden import GoldenLine, deal_golden_form
from tests.fixtures.served import ServedApp

FORM = "JSON.parse(document.getElementById('exam-form').textContent)"


@dataclass
class Room:
    """The exam room as it stands in one page, and what the server has stored behind it."""

    page: Page
    served: ServedApp
    address: str

    def open(self, position: int | str = 1) -> None:
        """Go to a screen of the room by its address, as a link does."""
        target = f"q{position}" if isinstance(position, int) else position
        self.page.evaluate("hash => { location.hash = hash; }", target)
        if isinstance(position, int):
            self.page.locator(f"#q{position}").wait_for()

    def option(self, line: GoldenLine, letter: str) -> Any:
        """Return the input of an option."""
        return self.page.locator(f'input[name="options-{line.position}"][value="{letter}"]')

    def wait_for_state(self, words: str, *, seconds: float = 6) -> None:
        """Wait until the one visible state begins with the words."""
        self.page.wait_for_function(
            "words => document.getElementById('state-text').textContent.startsWith(words)",
            arg=words,
            timeout=seconds * 1000,
        )

    def stored(self, line: GoldenLine) -> Response | None:
        """Return what the server has stored for a position."""
        with self.served.database.reading() as session:
            return session.scalar(
                select(Response)
                .join(Attempt, Attempt.id == Response.attempt_id)
                .where(Attempt.public_id == self.public_id, Response.position == line.position)
            )

    @property
    def public_id(self) -> str:
        """Return the attempt's public id."""
        return self.address.rsplit("/", 1)[1]


@pytest.fixture
def enter(served_app: ServedApp) -> Callable[[Page], Room]:
    """Return a function that makes a guest in a page and opens the golden form there."""

    def enter_room(page: Page) -> Room:
        page.goto(served_app.url)
        page.get_by_role("button", name="Start as a guest").click()
        page.wait_for_url("**/exams")
        name = page.locator(".menu-who").first.text_content() or ""

        def deal(session: Any) -> str:
            users = session.scalars(select(User).order_by(User.id.desc())).all()
            user = next(user for user in users if user.name in name)
            return deal_golden_form(session, user_id=user.id, now=datetime.now(UTC))

        public_id = served_app.database.run_in_transaction(deal)
        room = Room(page, served_app, f"{served_app.url}/attempts/{public_id}")
        page.goto(room.address)
        room.wait_for_state("All")
        return room

    return enter_room


@pytest.fixture
def room(page: Page, enter: Callable[[Page], Room]) -> Room:
    """Return the exam room, open at its first question, everything saved."""
    return enter(page)
