"""Ending an attempt, and taking back an accidental start."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.exams import service
from app.exams.service import AttemptKey
from app.exams.views import bp
from app.web.access import signed_in
from app.web.database import transaction


@bp.post("/attempts/<public_id:public_id>/end")
@signed_in
def end(public_id: str) -> ResponseReturnValue:
    """Close the attempt; a second time gives the same result."""
    key, now = AttemptKey(current_user.id, public_id), clock.now()
    transaction(lambda session: service.end_attempt(session, key, now=now))
    return redirect(f"/attempts/{public_id}/result", 303)


@bp.post("/attempts/<public_id:public_id>/discard")
@signed_in
def discard(public_id: str) -> ResponseReturnValue:
    """Take back a start that was an accident."""
    key, now = AttemptKey(current_user.id, public_id), clock.now()
    transaction(lambda session: service.discard_attempt(session, key, now=now))
    flash("The exam was discarded. Nothing of it was kept.", "info")
    return redirect("/exams", 303)
