"""Candidates in the middle of an exam, at the product and at the floor: rows, cookies, requests."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert, select, text

from app import clock
from app.accounts.service.sessions import start_session
from app.exams.models import Attempt, Response
from app.factory import create_app
from app.persistence.database import Database, make_engine
from app.persistence.migrations import migrate
from app.settings import Settings
from tests.factories.golden import deal_golden_form, golden_lines, load_golden_bank
from tests.factories.people import make_guest
from tests.load import floor_app
from tests.load.client import Connection, Request, form
from tests.load.servers import SECRET

ITEMS = 65


@dataclass
class Candidate:
    """One sitting, and how to ask for each step of it."""

    system: str
    address: str
    cookie: str
    token: str
    saves: int = field(default=0, init=False)

    def page(self) -> Request:
        """Ask for the exam page: the whole form, or the floor's one question."""
        self.saves += 1
        position = self.saves % ITEMS + 1
        path = self.address if self.system == "product" else f"{self.address}/{position}"
        return Request("GET", path)

    def save(self) -> Request:
        """Answer the next question, differently from before."""
        self.saves += 1
        position, letter = self.saves % ITEMS + 1, "ab"[self.saves // ITEMS % 2]
        if self.system == "floor":
            body = form(csrf_token=self.token, chosen=letter)
            return Request("POST", f"{self.address}/{position}", body, expected=204)
        change = {
            "revision": self.saves + 1,
            "options": [letter],
            "flagged": False,
            "struck": [],
            "seconds": self.saves,
        }
        return Request(
            "PUT",
            f"{self.address}/responses/{position}",
            json.dumps(change).encode(),
            content_type="application/json",
            headers={"X-CSRFToken": self.token, "Accept": "application/json"},
        )

    def end(self) -> Request:
        """End the exam."""
        return Request("POST", f"{self.address}/end", form(csrf_token=self.token), expected=303)

    def result(self) -> Request:
        """Ask for the result page."""
        return Request("GET", f"{self.address}/result")


def product_candidates(url: str, number: int, *, directory: Path) -> list[Candidate]:
    """Prepare the product's database, with everybody's 65 answers given."""
    database = Database.from_url(url)
    now = clock.now()
    migrate(database.engine, backup_directory=directory, now=now)
    database.run_in_transaction(lambda session: load_golden_bank(session, now=now))
    settings = Settings(secret_key=SECRET, database_url=url, var_directory=directory / "var")
    app = create_app(settings, database=database)
    serializer = app.session_interface.get_signing_serializer(app)
    candidates = []
    for _ in range(number):
        token, public_id = database.run_in_transaction(lambda session: _sit(session, now))
        with app.test_request_context() as context:
            context.session.update(_user_id=token, _fresh=True, _permanent=True)
            csrf_token = generate_csrf()
            cookie = f"dryrun={serializer.dumps(dict(context.session))}"
        candidates.append(Candidate("product", f"/attempts/{public_id}", cookie, csrf_token))
    database.engine.dispose()
    return candidates


def _sit(session, now: datetime) -> tuple[str, str]:
    guest = make_guest(session, now=now)
    person = start_session(session, guest, user_agent="bench", now=now)
    public_id = deal_golden_form(session, user_id=guest.id, now=now)
    attempt_id = session.scalars(select(Attempt.id).where(Attempt.user_id == guest.id)).one()
    rows = [
        {
            "user_id": guest.id,
            "attempt_id": attempt_id,
            "position": line.position,
            "revision": 1,
            "options": line.answer,
            "flagged": False,
            "struck": "",
            "seconds": 60,
            "made_at": now,
            "saved_at": now,
        }
        for line in golden_lines()
    ]
    session.execute(insert(Response), rows)
    return person.session_token, public_id


def prepare_floor(url: str, number: int) -> None:
    """Prepare the floor's database, with everybody's 65 answers given."""
    engine = make_engine(url)
    people = [{"id": person, "name": f"Person {person}"} for person in range(1, number + 1)]
    with engine.begin() as connection:
        for statement in floor_app.SCHEMA:
            connection.execute(text(statement))
        connection.execute(text("INSERT INTO people VALUES (:id, :name)"), people)
        connection.execute(
            text("INSERT INTO sittings VALUES (:id, :id, 4102444800, NULL, NULL)"), people
        )
        connection.execute(
            text("INSERT INTO questions VALUES (:position, :stem, 'abcd', :key)"),
            [
                {"position": line.position, "stem": "Which one? " * 30, "key": line.key}
                for line in golden_lines()
            ],
        )
        connection.execute(
            text("INSERT INTO answers VALUES (:sitting, :position, :chosen, 0)"),
            [
                {"sitting": person["id"], "position": line.position, "chosen": line.answer}
                for person in people
                for line in golden_lines()
            ],
        )
    engine.dispose()


def floor_candidates(port: int, number: int) -> Iterator[Candidate]:
    """Sign everybody in at the floor."""
    connection = Connection(port)
    for person in range(1, number + 1):
        head, token = connection.send(Request("GET", f"/sign-in/{person}"), "")
        cookie = re.search(rb"set-cookie: ([^;]+)", head, re.IGNORECASE)[1].decode()
        yield Candidate("floor", f"/sittings/{person}", cookie, token.decode())
    connection.close()
