"""The life of an attempt after its start: shown, closed by one of three closers, or discarded.

Every function that changes an attempt locks its row first, so two closers that race give one
result, and a save is either before the closing, and counts, or after it, and is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.bank import service as bank
from app.bank.content import VersionContent
from app.errors import Conflict, Gone, NotFound
from app.exams import queries, timing
from app.exams.models import Attempt, AttemptEvent, Closer
from app.exams.queries import AttemptKey, DealtItem
from app.exams.service.results import first_result
from app.persistence.types import new_id

EVENT_KINDS = ("tab left", "back", "reload", "offline", "online")


@dataclass(frozen=True)
class OpenAttempt:
    """An attempt that can be resumed."""

    public_id: str
    exam_code: str
    mode: str
    started_at: datetime
    deadline_at: datetime


@dataclass(frozen=True)
class AttemptView:
    """An open attempt with everything the exam room shows, and nothing it must not."""

    public_id: str
    exam_code: str
    mode: str
    started_at: datetime
    deadline_at: datetime
    closes_at: datetime
    discard_until: datetime
    items: Sequence[DealtItem]
    contents: dict[int, VersionContent]


def require_open_attempt(session: Session, key: AttemptKey, *, now: datetime) -> Attempt:
    """Return a person's attempt that still takes changes.

    Raises NotFound when it is not theirs, Gone when it is closed or its grace has passed.
    """
    attempt = queries.attempt_by_public_id(session, key)
    if attempt is None:
        raise _not_found()
    if attempt.finished_at is not None or timing.is_over(attempt.closes_at, now=now):
        raise Gone("This attempt has ended.")
    return attempt


def attempt_for_room(session: Session, key: AttemptKey, *, now: datetime) -> AttemptView:
    """Return an open attempt for display; raises as ``require_open_attempt`` does."""
    attempt = require_open_attempt(session, key, now=now)
    items = queries.dealt_items(session, user_id=key.user_id, attempt_id=attempt.id)
    return AttemptView(
        public_id=attempt.public_id,
        exam_code=attempt.exam_code,
        mode=attempt.mode,
        started_at=attempt.started_at,
        deadline_at=attempt.deadline_at,
        closes_at=attempt.closes_at,
        discard_until=timing.discard_until(attempt.started_at),
        items=items,
        contents=bank.version_contents(session, [item.item_version_id for item in items]),
    )


def overdue_attempts(session: Session, *, user_id: int, now: datetime) -> list[AttemptKey]:
    """Return a person's attempts whose grace has passed and that nobody has closed yet."""
    return [
        AttemptKey(user_id, attempt.public_id)
        for attempt in queries.open_attempts(session, user_id=user_id)
        if timing.is_over(attempt.closes_at, now=now)
    ]


def open_attempts(session: Session, *, user_id: int, now: datetime) -> list[OpenAttempt]:
    """Return a person's attempts that can still be resumed, oldest first."""
    return [
        OpenAttempt(
            attempt.public_id,
            attempt.exam_code,
            attempt.mode,
            attempt.started_at,
            attempt.deadline_at,
        )
        for attempt in queries.open_attempts(session, user_id=user_id)
        if not timing.is_over(attempt.closes_at, now=now)
    ]


def end_attempt(session: Session, key: AttemptKey, *, now: datetime) -> None:
    """Close an attempt and store its result; closing it again changes nothing.

    Raises NotFound when it is not this person's, Conflict when it was discarded.
    """
    attempt = queries.lock_attempt(session, key)
    if attempt is None:
        raise _not_found()
    if attempt.closed_by == Closer.DISCARD:
        raise Conflict("This attempt was discarded. Start a new one from the list of exams.")
    if attempt.finished_at is None:
        close_attempt(session, attempt, now=now)


def close_attempt(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """Close an attempt whose row is locked and that nobody has closed, and store its result."""
    closer = Closer.CANDIDATE if now <= attempt.deadline_at else Closer.EXPIRY
    # Before the attempt is touched, or it would be written twice.
    result = first_result(session, attempt, closer=closer, now=now)
    attempt.closed_by = closer
    attempt.finished_at = timing.finish_time(attempt.deadline_at, now=now)
    attempt.current_result_version = result.version
    session.add(result)
    session.flush()


def close_if_overdue(session: Session, key: AttemptKey, *, now: datetime) -> bool:
    """Close an attempt whose grace has passed; return whether it is closed now.

    Raises NotFound when it is not this person's.
    """
    attempt = queries.lock_attempt(session, key)
    if attempt is None:
        raise _not_found()
    if attempt.finished_at is None and timing.is_over(attempt.closes_at, now=now):
        close_attempt(session, attempt, now=now)
    return attempt.finished_at is not None


def everybodys_overdue_attempts(session: Session, *, now: datetime, limit: int) -> list[AttemptKey]:
    """Return open attempts of anybody whose grace has passed, the longest overdue first.

    The caller closes each in a transaction of its own, so that one that cannot be scored does not
    keep the others open.
    """
    return queries.overdue_attempts(session, now=now, limit=limit)


def discard_attempt(session: Session, key: AttemptKey, *, now: datetime) -> None:
    """Take back an accidental start: no result, and its items still count as unseen.

    Raises NotFound, Gone when it has ended, Conflict when the first two minutes are over.
    """
    attempt = queries.lock_attempt(session, key)
    if attempt is None:
        raise _not_found()
    if attempt.closed_by == Closer.DISCARD:
        return
    if attempt.finished_at is not None:
        raise Gone("This attempt has ended and has a result.")
    if now > timing.discard_until(attempt.started_at):
        raise Conflict(
            "An attempt can be discarded in its first two minutes. End the exam instead."
        )
    attempt.finished_at, attempt.closed_by = now, Closer.DISCARD
    session.flush()


def record_events(
    session: Session,
    *,
    attempt: Attempt,
    events: Sequence[tuple[str, datetime]],
    now: datetime,
) -> None:
    """Append what happened around a sitting: (kind, server time as the page knew it) each."""
    session.add_all(
        AttemptEvent(
            user_id=attempt.user_id,
            attempt_id=attempt.id,
            id=new_id(),
            kind=kind,
            made_at=made_at,
            received_at=now,
        )
        for kind, made_at in events
    )
    session.flush()


def _not_found() -> NotFound:
    return NotFound("There is no such attempt, or it belongs to another account.")
