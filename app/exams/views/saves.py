"""The addresses that the exam room's script talks to; all JSON."""

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.errors import Invalid
from app.exams import service
from app.exams.changes import read_change, read_time
from app.exams.presentation import iso, save_fields
from app.exams.service import AttemptKey
from app.exams.service.attempts import EVENT_KINDS
from app.exams.views import bp
from app.web.access import signed_in
from app.web.database import transaction
from app.web.problems import problem

# More changes than a form has items are no candidate's work.
LONGEST_BATCH = 500


@bp.put("/attempts/<public_id:public_id>/responses/<int(max=999):position>")
@signed_in
def save(public_id: str, position: int) -> ResponseReturnValue:
    """Store one change; the answer is the receipt, or says what is stored instead."""
    change = read_change(_json(), position=position)
    key, now = AttemptKey(current_user.id, public_id), clock.now()
    outcome = transaction(
        lambda session: service.record_change(session, key, change=change, now=now)
    )
    fields = save_fields(outcome, now=now, result_url=_result_url(public_id))
    if outcome.status == 200:
        return jsonify(fields)
    return problem(outcome.status, outcome.detail, **fields)


@bp.post("/attempts/<public_id:public_id>/responses")
@signed_in
def save_many(public_id: str) -> ResponseReturnValue:
    """Store a batch of changes, each answered by itself."""
    body = _json()
    changes = body.get("changes") if isinstance(body, dict) else None
    if not isinstance(changes, list) or len(changes) > LONGEST_BATCH:
        raise Invalid(
            f"Send changes as a list of at most {LONGEST_BATCH}.", details={"field": "changes"}
        )
    key, now = AttemptKey(current_user.id, public_id), clock.now()
    outcomes = transaction(
        lambda session: service.record_changes(session, key, changes=changes, now=now)
    )
    results = [
        {
            "status": outcome.status,
            **save_fields(outcome, now=now, result_url=_result_url(public_id)),
            **({"detail": outcome.detail} if outcome.detail else {}),
        }
        for outcome in outcomes
    ]
    return jsonify({"results": results, "server_time": iso(now)})


@bp.post("/attempts/<public_id:public_id>/events")
@signed_in
def record_events(public_id: str) -> ResponseReturnValue:
    """Keep what happened around the sitting, for the exam-conditions stamp."""
    body = _json()
    if not isinstance(body, list) or len(body) > LONGEST_BATCH:
        raise Invalid(f"Send a list of at most {LONGEST_BATCH} events.")
    events = []
    for entry in body:
        kind = entry.get("kind") if isinstance(entry, dict) else None
        made_at = read_time(entry, "made_at") if isinstance(entry, dict) else None
        if kind not in EVENT_KINDS or made_at is None:
            raise Invalid(
                f"Each event needs made_at and a kind of {', '.join(EVENT_KINDS)}.",
                details={"field": "kind"},
            )
        events.append((kind, made_at))
    key, now = AttemptKey(current_user.id, public_id), clock.now()
    transaction(
        lambda session: service.record_events(
            session,
            attempt=service.require_open_attempt(session, key, now=now),
            events=events,
            now=now,
        )
    )
    return "", 204


def _json() -> object:
    try:
        body: object = request.get_json(force=True, silent=True)
    except RecursionError:
        body = None
    if body is None:
        raise Invalid("Send JSON.")
    return body


def _result_url(public_id: str) -> str:
    return url_for("reports.result", public_id=public_id)
