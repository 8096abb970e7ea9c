"""The save protocol: one conditional statement stores a change, its history row beside it.

A change counts when it arrives by deadline + grace, was made by the deadline, and carries a higher
revision than what is stored. Every other change is answered with what is stored, and a late one is
kept for the record. Storing is idempotent: the same revision with the same content is answered with
the first ``saved_at``, also after the attempt is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Invalid, NotFound
from app.exams import queries
from app.exams.changes import Change, FormChange, read_change
from app.exams.queries import AttemptKey, Situation
from app.exams.statements import keep_late_change, store_change

TOO_LATE = "The time for this attempt is over. The change is kept for the record."
CHANGED_ELSEWHERE = "This question was changed in another tab or on another device first."


@dataclass(frozen=True)
class SaveOutcome:
    """The answer to one change; ``status`` is the HTTP status a program gets."""

    status: int
    position: int
    revision: int | None = None
    saved_at: datetime | None = None
    deadline_at: datetime | None = None
    # What is stored instead, for 409 and 410.
    stored: dict[str, object] | None = None
    detail: str = ""
    field: str = ""


def record_change(
    session: Session, key: AttemptKey, *, change: Change, now: datetime
) -> SaveOutcome:
    """Store one change, or say why it was not stored.

    Raises NotFound when the attempt or the position is not this person's, Invalid when the options
    are not the question's or more were chosen than it asks for.
    """
    deadline_at = store_change(session, key, change=change, now=now)
    if deadline_at is not None:
        return SaveOutcome(200, change.position, change.revision, now, deadline_at)
    return _why_not(session, key, change=change, now=now)


def record_changes(
    session: Session, key: AttemptKey, *, changes: Sequence[object], now: datetime
) -> list[SaveOutcome]:
    """Store a batch in order; one bad change does not stop the others.

    Raises NotFound when the attempt itself is not this person's.
    """
    outcomes = []
    for values in changes:
        position = values.get("position") if isinstance(values, dict) else None
        try:
            change = read_change(values)
            outcomes.append(record_change(session, key, change=change, now=now))
        except (Invalid, NotFound) as error:
            if "field" not in error.details:
                # The attempt itself is foreign, so every change of the batch is.
                raise
            place = position if isinstance(position, int) else 0
            status = 404 if isinstance(error, NotFound) else 422
            field = str(error.details["field"])
            outcomes.append(SaveOutcome(status, place, detail=error.message, field=field))
    return outcomes


def record_form_change(
    session: Session, key: AttemptKey, form: FormChange, *, now: datetime
) -> SaveOutcome:
    """Store what a form without JavaScript sent, if its page showed what is stored.

    Strike-outs and times, which the form does not carry, stay as they are; a form sent without a
    change stores nothing. Raises as ``record_change`` does.
    """
    found = _situation(session, key, position=form.position)
    stored = (found.revision or 0, found.options or "", bool(found.flagged))
    if stored == (form.based_on, form.options, form.flagged):
        return SaveOutcome(200, form.position, found.revision, found.saved_at, found.deadline_at)
    change = Change(
        position=form.position,
        revision=form.based_on + 1,
        options=form.options,
        flagged=form.flagged,
        struck=found.struck or "",
        seconds=found.seconds or 0,
        made_at=None,
    )
    if form.based_on != (found.revision or 0):
        return _why_not(session, key, change=change, now=now)
    return record_change(session, key, change=change, now=now)


def _why_not(session: Session, key: AttemptKey, *, change: Change, now: datetime) -> SaveOutcome:
    found = _situation(session, key, position=change.position)
    _refuse_wrong_options(change, found)
    if found.revision == change.revision and change.same_content(
        options=found.options or "", flagged=bool(found.flagged), struck=found.struck or ""
    ):
        return SaveOutcome(200, change.position, found.revision, found.saved_at, found.deadline_at)
    made_late = change.made_at is not None and change.made_at > found.deadline_at
    is_late = made_late or found.finished_at is not None or now > found.closes_at
    if is_late:
        keep_late_change(session, change, user_id=key.user_id, found=found, now=now)
    return SaveOutcome(
        status=410 if is_late else 409,
        position=change.position,
        revision=found.revision or 0,
        deadline_at=found.deadline_at,
        stored=queries.response_state(found),
        detail=TOO_LATE if is_late else CHANGED_ELSEWHERE,
    )


def _situation(session: Session, key: AttemptKey, *, position: int) -> Situation:
    found = queries.situation(session, key, position=position)
    if found is None:
        raise NotFound("There is no such attempt, or it belongs to another account.")
    if found.option_order is None:
        raise NotFound(
            "This attempt has no question at that position.", details={"field": "position"}
        )
    return found


def _refuse_wrong_options(change: Change, found: Situation) -> None:
    order, most = found.option_order or "", found.select_count or 0
    for field, option_ids in (("options", change.options), ("struck", change.struck)):
        if set(option_ids) - set(order):
            raise Invalid(
                "This question has no such option. Reload the page.", details={"field": field}
            )
    if len(change.options) > most:
        raise Invalid(
            f"Select {most} at most; {len(change.options)} were selected.",
            details={"field": "options"},
        )
