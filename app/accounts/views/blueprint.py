"""The blueprint of accounts, and what its views share."""

import structlog
from flask import Blueprint, request, session
from flask_login import login_user
from werkzeug.exceptions import TooManyRequests

from app import clock
from app.accounts.permissions import admits_arrival
from app.accounts.person import Person, Visitor
from app.accounts.throttle import seconds_to_next_minute

bp = Blueprint("accounts", __name__, template_folder="../templates")

logger = structlog.get_logger("dryrun")


def visitor() -> Visitor:
    """Return where the request comes from."""
    return Visitor(request.remote_addr or "", request.headers.get("User-Agent", ""))


def enter(person: Person, *, how: str) -> None:
    """Make this browser the person's; nothing of who was here before stays in the cookie."""
    session.clear()
    login_user(person)
    session.permanent = True
    logger.info("signed in", user=person.public_id, how=how, address=request.remote_addr)


def admit_arrival() -> None:
    """Count a guest or a registration, and refuse more than the limit of a minute (429)."""
    if not admits_arrival(request.remote_addr or ""):
        seconds = seconds_to_next_minute(clock.now())
        raise TooManyRequests(
            f"Too many people have come from your address in this minute. "
            f"Try again in {seconds} seconds.",
            retry_after=seconds,
        )


def page_number() -> int:
    """Return the page of a list that the address asks for, from 1."""
    text = request.args.get("page", "1")
    return max(1, min(10_000, int(text))) if text.isdecimal() else 1
