"""Reads across rooms for pages about what was sat."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from app.exams.models import Attempt, Closer, FormItem, Response, Result


class SatAttempt(NamedTuple):
    """A closed attempt with the figures of its current result."""

    public_id: str
    exam_code: str
    mode: str
    started_at: datetime
    finished_at: datetime
    raw_score: int
    scored_items: int
    scaled_score: int
    passed: bool
    cut_score: int


class AttemptRow(NamedTuple):
    """An attempt and its current result, if it has one."""

    attempt: Attempt
    result: Result | None

    @property
    def is_discarded(self) -> bool:
        """Tell whether the start was taken back."""
        return self.attempt.closed_by == Closer.DISCARD


class ClosedAttempt(NamedTuple):
    """A closed attempt and its current result."""

    attempt: Attempt
    result: Result


class ReviewedItem(NamedTuple):
    """One position of a closed attempt with what the candidate did there."""

    position: int
    item_code: str
    item_version_id: int
    option_order: str
    select_count: int
    is_scored: bool
    domain: str
    skill: str
    options: str
    flagged: bool
    struck: str
    seconds: int


# Written once: making it anew for each result page costs more than running it.
_ATTEMPT_WITH_RESULT = (
    select(Attempt, Result)
    .outerjoin(
        Result,
        and_(
            Result.user_id == Attempt.user_id,
            Result.attempt_id == Attempt.id,
            Result.version == Attempt.current_result_version,
        ),
    )
    .where(Attempt.user_id == bindparam("user_id"), Attempt.public_id == bindparam("public_id"))
)


def attempt_with_result(session: Session, *, user_id: int, public_id: str) -> AttemptRow | None:
    """Return a person's attempt with its current result, if it has one; one statement."""
    row = session.execute(
        _ATTEMPT_WITH_RESULT, {"user_id": user_id, "public_id": public_id}
    ).one_or_none()
    return None if row is None else AttemptRow(row[0], row[1])


def sat_attempts(session: Session, *, user_id: int) -> list[SatAttempt]:
    """Return a person's closed attempts that have a result, newest first."""
    rows = session.execute(
        select(
            Attempt.public_id,
            Attempt.exam_code,
            Attempt.mode,
            Attempt.started_at,
            Attempt.finished_at,
            Result.raw_score,
            Result.scored_items,
            Result.scaled_score,
            Result.passed,
            Attempt.cut_score,
        )
        .join(
            Result,
            and_(
                Result.user_id == Attempt.user_id,
                Result.attempt_id == Attempt.id,
                Result.version == Attempt.current_result_version,
            ),
        )
        .where(Attempt.user_id == user_id, Attempt.closed_by != Closer.DISCARD)
        .order_by(Attempt.started_at.desc())
    )
    return [SatAttempt._make(row) for row in rows]


def reviewed_items(session: Session, *, user_id: int, attempt_id: int) -> list[ReviewedItem]:
    """Return the form of an attempt by position with the candidate's responses; one statement."""
    rows = session.execute(
        select(
            FormItem.position,
            FormItem.item_code,
            FormItem.item_version_id,
            FormItem.option_order,
            FormItem.select_count,
            FormItem.is_scored,
            FormItem.domain,
            FormItem.skill,
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
        .where(FormItem.user_id == user_id, FormItem.attempt_id == attempt_id)
        .order_by(FormItem.position)
    )
    return [
        ReviewedItem(
            *row[:8],
            options=row.options or "",
            flagged=bool(row.flagged),
            struck=row.struck or "",
            seconds=row.seconds or 0,
        )
        for row in rows
    ]
