"""The floor: the cheapest honest exam server on the same stack, to measure the product against.

Honest means that it keeps what every exam server owes: a signed session, the person's row on each
request, ownership and deadline decided in SQL, a CSRF check, one durable upsert per answer, pages
from Jinja. It has no history, no revisions, no navigator, no explanations, and shows one question
a page.
"""

import hmac
import os
import secrets
import time

from flask import Flask, abort, redirect, request, session
from sqlalchemy import text

from app.persistence.database import make_engine

SCHEMA = (
    "CREATE TABLE people (id BIGINT PRIMARY KEY, name VARCHAR(80) NOT NULL)",
    (
        "CREATE TABLE sittings (id BIGINT PRIMARY KEY, person_id BIGINT NOT NULL,"
        " deadline DOUBLE PRECISION NOT NULL, finished DOUBLE PRECISION, score INTEGER)"
    ),
    (
        "CREATE TABLE questions (position INTEGER PRIMARY KEY, stem TEXT NOT NULL,"
        " options TEXT NOT NULL, answer VARCHAR(8) NOT NULL)"
    ),
    (
        "CREATE TABLE answers (sitting_id BIGINT, position INTEGER, chosen VARCHAR(8) NOT NULL,"
        " saved DOUBLE PRECISION NOT NULL, PRIMARY KEY (sitting_id, position))"
    ),
)
PERSON = text("SELECT id, name FROM people WHERE id = :person")
PAGE = text(
    "SELECT q.stem, q.options, a.chosen, s.deadline FROM sittings s"
    " JOIN questions q ON q.position = :position"
    " LEFT JOIN answers a ON a.sitting_id = s.id AND a.position = q.position"
    " WHERE s.id = :sitting AND s.person_id = :person AND s.finished IS NULL"
)
SAVE = text(
    "INSERT INTO answers (sitting_id, position, chosen, saved)"
    " SELECT s.id, q.position, :chosen, :now FROM sittings s"
    " JOIN questions q ON q.position = :position"
    " WHERE s.id = :sitting AND s.person_id = :person AND s.finished IS NULL AND s.deadline > :now"
    " ON CONFLICT (sitting_id, position) DO UPDATE SET chosen = excluded.chosen,"
    " saved = excluded.saved"
)
END = text(
    "UPDATE sittings SET finished = :now, score = (SELECT count(*) FROM answers a"
    " JOIN questions q ON q.position = a.position AND q.answer = a.chosen"
    " WHERE a.sitting_id = sittings.id)"
    " WHERE id = :sitting AND person_id = :person AND finished IS NULL"
)
RESULT = text(
    "SELECT score, finished FROM sittings"
    " WHERE id = :sitting AND person_id = :person AND finished IS NOT NULL"
)
HEAD = (
    "<!doctype html><html lang=en><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>"
)
QUESTION = HEAD + (
    "<p>{{ person.name }}</p><p>{{ row.stem }}</p><form method=post>"
    "<input type=hidden name=csrf_token value='{{ csrf }}'>"
    "{% for letter in row.options %}<label><input type=radio name=chosen value={{ letter }}"
    "{% if letter == row.chosen %} checked{% endif %}>Option {{ letter }}</label>{% endfor %}"
    "<button>Save</button></form></body></html>"
)
SCORE = HEAD + "<p>{{ person.name }}: {{ row.score }} right.</p></body></html>"


def create_app() -> Flask:  # noqa: C901 - seven short views, not seven branches
    """Return the floor over the database that FLOOR_DATABASE_URL names."""
    app = Flask("floor")
    app.secret_key = os.environ["DRYRUN_SECRET_KEY"]
    writing = make_engine(os.environ["FLOOR_DATABASE_URL"])
    question, score = map(app.jinja_env.from_string, (QUESTION, SCORE))
    reading = writing.execution_options(isolation_level="AUTOCOMMIT")

    def person():
        with reading.connect() as connection:
            row = connection.execute(PERSON, {"person": session.get("person", 0)}).one_or_none()
        return row or abort(401)

    def write(statement, **values):
        if not hmac.compare_digest(session.get("csrf", ""), request.form.get("csrf_token", "")):
            abort(403)
        with writing.begin() as connection:
            if connection.execute(statement, values).rowcount != 1:
                abort(404)

    def read(statement, **values):
        with reading.connect() as connection:
            return connection.execute(statement, values).one_or_none() or abort(404)

    @app.get("/sign-in/<int:person_id>")
    def sign_in(person_id):
        session.update(person=person_id, csrf=secrets.token_urlsafe(16))
        return session["csrf"]

    @app.get("/sittings/<int:sitting>/<int:position>")
    def page(sitting, position):
        who = person()
        row = read(PAGE, person=who.id, sitting=sitting, position=position)
        return question.render(title="Question", person=who, row=row, csrf=session["csrf"])

    @app.post("/sittings/<int:sitting>/<int:position>")
    def save(sitting, position):
        values = {"person": person().id, "sitting": sitting, "position": position}
        write(SAVE, **values, chosen=request.form["chosen"][:8], now=time.time())
        return "", 204

    @app.post("/sittings/<int:sitting>/end")
    def end(sitting):
        write(END, person=person().id, sitting=sitting, now=time.time())
        return redirect(f"/sittings/{sitting}/result", 303)

    @app.get("/sittings/<int:sitting>/result")
    def result(sitting):
        who = person()
        row = read(RESULT, person=who.id, sitting=sitting)
        return score.render(title="Result", person=who, row=row)

    return app
