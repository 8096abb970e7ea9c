"""Reads of sittings that deserve a name. Every one of them is for one ``user_id``."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.exams.models import Attempt, Closer, FormItem, Response


class AttemptKey(NamedTuple):
    """How an address and a session name an attempt; ``user_id`` finds the shard it lives on."""

    user_id: int
    public_id: str


class DealtItem(NamedTuple):
    """One position of a dealt form with the current response, if there is one."""

    position: int
    item_version_id: int
    option_order: str
    select_count: int
    is_scored: bool
    r_bp: int
    domain: str
    revision: int | None
    options: str | None
    flagged: bool | None
    struck: str | None
    seconds: int | None


class Situation(NamedTuple):
    """Where a change meets an attempt: its times, the item, and what is stored."""

    attempt_id: int
    deadline_at: datetime
    closes_at: datetime
    finished_at: datetime | None
    option_order: str | None
    select_count: int | None
    revision: int | None
    options: str | None
    flagged: bool | None
    struck: str | None
    seconds: int | None
    saved_at: datetime | None


def response_state(row: "DealtItem | Situation") -> dict[str, object] | None:
    """Return a stored response as the page and its script are told of it; None without one."""
    if row.revision is None:
        return None
    return {
        "revision": row.revision,
        "options": list(row.options or ""),
        "flagged": bool(row.flagged),
        "struck": list(row.struck or ""),
        "seconds": row.seconds or 0,
    }


# The statements of the exam page and the end are written once: making one anew at each call costs
# more than running it.
_ATTEMPT = select(Attempt).where(
    Attempt.user_id == bindparam("user_id"), Attempt.public_id == bindparam("public_id")
)
_DEALT_ITEMS = (
    select(
        FormItem.position,
        FormItem.item_version_id,
        FormItem.option_order,
        FormItem.select_count,
        FormItem.is_scored,
        FormItem.r_bp,
        FormItem.domain,
        Response.revision,
        Response.options,
        Response.flagged,
        Response.struck,
        Response.seconds,
    )
    .outerjoin(
        Response,
        and_(
            Response.user_id == FormItem.user_id,
            Response.attempt_id == FormItem.attempt_id,
            Response.position == FormItem.position,
        ),
    )
    .where(FormItem.user_id == bindparam("user_id"), FormItem.attempt_id == bindparam("attempt_id"))
    .order_by(FormItem.position)
)


def attempt_by_public_id(session: Session, key: AttemptKey) -> Attempt | None:
    """Return a person's attempt, or None when it is not theirs or does not exist."""
    return session.scalar(_ATTEMPT, key._asdict())


def lock_attempt(session: Session, key: AttemptKey) -> Attempt | None:
    """Return a person's attempt with its row locked until the transaction ends."""
    return session.scalar(
        select(Attempt)
        .where(Attempt.user_id == key.user_id, Attempt.public_id == key.public_id)
        .with_for_update()
    )


def lock_open_attempt(
    session: Session, *, user_id: int, exam_code: str, mode: str
) -> Attempt | None:
    """Return the one attempt of an exam and mode that nobody has closed, locked, or None."""
    return session.scalar(
        select(Attempt)
        .where(
            Attempt.user_id == user_id,
            Attempt.exam_code == exam_code,
            Attempt.mode == mode,
            Attempt.finished_at.is_(None),
        )
        .with_for_update()
    )


def open_attempts(session: Session, *, user_id: int) -> Sequence[Attempt]:
    """Return a person's attempts that nobody has closed, oldest first."""
    return session.scalars(
        select(Attempt)
        .where(Attempt.user_id == user_id, Attempt.finished_at.is_(None))
        .order_by(Attempt.started_at)
    ).all()


def overdue_attempts(session: Session, *, now: datetime, limit: int) -> list[AttemptKey]:
    """Return the open attempts whose grace has passed, longest first."""
    rows = session.execute(
        select(Attempt.user_id, Attempt.public_id)
        .where(Attempt.finished_at.is_(None), Attempt.closes_at < now)
        .order_by(Attempt.closes_at)
        .limit(limit)
    )
    return [AttemptKey._make(row) for row in rows]


def last_dealt(session: Session, *, user_id: int) -> dict[str, datetime]:
    """Return, for each item code this person was dealt, when last; discarded starts left out."""
    rows = session.execute(
        select(FormItem.item_code, func.max(Attempt.started_at))
        .join(
            Attempt,
            and_(Attempt.user_id == FormItem.user_id, Attempt.id == FormItem.attempt_id),
        )
        .where(
            FormItem.user_id == user_id,
            Attempt.user_id == user_id,
            Attempt.closed_by.is_distinct_from(Closer.DISCARD),
        )
        .group_by(FormItem.item_code)
    )
    return {row[0]: row[1] for row in rows}


def dealt_items(session: Session, *, user_id: int, attempt_id: int) -> list[DealtItem]:
    """Return the form of an attempt by position, each with its current response; one statement."""
    rows = session.execute(_DEALT_ITEMS, {"user_id": user_id, "attempt_id": attempt_id})
    return [DealtItem._make(row) for row in rows]


def situation(session: Session, key: AttemptKey, *, position: int) -> Situation | None:
    """Return where a change of one position stands, or None for a foreign attempt."""
    row = session.execute(
        select(
            Attempt.id,
            Attempt.deadline_at,
            Attempt.closes_at,
            Attempt.finished_at,
            FormItem.option_order,
            FormItem.select_count,
            Response.revision,
            Response.options,
            Response.flagged,
            Response.struck,
            Response.seconds,
            Response.saved_at,
        )
        .outerjoin(
            FormItem,
            and_(
                FormItem.user_id == Attempt.user_id,
                FormItem.attempt_id == Attempt.id,
                FormItem.position == position,
            ),
        )
        .outerjoin(
            Response,
            and_(
                Response.user_id == Attempt.user_id,
                Response.attempt_id == Attempt.id,
                Response.position == position,
            ),
        )
        .where(Attempt.user_id == key.user_id, Attempt.public_id == key.public_id)
    ).one_or_none()
    return None if row is None else Situation._make(row)


def dealt_versions(session: Session, version_ids: Collection[int]) -> set[int]:
    """Return those of some item versions that were ever dealt to anybody."""
    rows = session.execute(
        select(FormItem.item_version_id).where(FormItem.item_version_id.in_(version_ids)).distinct()
    )
    return {row[0] for row in rows}
