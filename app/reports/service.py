"""The door of the reports room: what a candidate reads about attempts that are closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.bank import service as bank
from app.bank.content import Explanation, VersionContent
from app.bank.outline import ExamSpec, task_of
from app.errors import Conflict, Gone, NotFound
from app.reports import queries
from app.reports.queries import ClosedAttempt, ReviewedItem, SatAttempt
from app.scoring.marking import item_score


@dataclass(frozen=True)
class AttemptResult:
    """The current result of a closed attempt, with what its page has to explain."""

    public_id: str
    exam_code: str
    exam_title: str
    mode: str
    started_at: datetime
    finished_at: datetime
    closed_by: str
    delivered_items: int
    raw_score: int
    scored_items: int
    scaled_score: int
    passed: bool
    cut_score: int
    cut_bp: int
    scale_min: int
    scale_max: int
    scale_version: str
    result_version: int
    domains: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class ReviewEntry:
    """One item of a closed attempt, explained."""

    item: ReviewedItem
    content: VersionContent
    explanation: Explanation
    is_right: bool
    domain_name: str
    task_name: str
    skill_text: str

    def belongs_to(self, name: str) -> bool:
        """Tell whether the entry is shown by a filter: all, wrong, flagged or omitted."""
        return {
            "all": True,
            "wrong": not self.is_right,
            "flagged": self.item.flagged,
            "omitted": not self.item.options,
        }[name]


def attempt_result(session: Session, *, user_id: int, public_id: str) -> AttemptResult:
    """Return the current result of a closed attempt.

    Raises NotFound when it is not this person's, Conflict while it is open, and Gone when it was
    discarded.
    """
    attempt, result = _closed(session, user_id=user_id, public_id=public_id)
    spec = bank.specification(session, attempt.specification_id)
    return AttemptResult(
        public_id=attempt.public_id,
        exam_code=attempt.exam_code,
        exam_title=spec.title,
        mode=attempt.mode,
        started_at=attempt.started_at,
        finished_at=attempt.finished_at or attempt.deadline_at,
        closed_by=str(attempt.closed_by),
        delivered_items=attempt.delivered_items,
        raw_score=result.raw_score,
        scored_items=result.scored_items,
        scaled_score=result.scaled_score,
        passed=result.passed,
        cut_score=attempt.cut_score,
        cut_bp=result.cut_bp,
        scale_min=spec.scale_min,
        scale_max=spec.scale_max,
        scale_version=result.scale_version,
        result_version=result.version,
        domains=result.domains,
    )


def attempt_review(session: Session, *, user_id: int, public_id: str) -> list[ReviewEntry]:
    """Return every item of a closed attempt with key, rationales and explanation.

    Raises as ``attempt_result`` does: before the end there is nothing to see.
    """
    attempt, result = _closed(session, user_id=user_id, public_id=public_id)
    spec = bank.specification(session, attempt.specification_id)
    items = queries.reviewed_items(session, user_id=user_id, attempt_id=attempt.id)
    version_ids = [item.item_version_id for item in items]
    contents = bank.version_contents(session, version_ids)
    # By the keys that gave the result shown beside it, not by one that was corrected since.
    explanations = bank.explanations(session, version_ids, as_of=result.created_at)
    names = _outline_names(spec)
    return [
        ReviewEntry(
            item=item,
            content=contents[item.item_version_id],
            explanation=explanations[item.item_version_id],
            is_right=bool(item_score(item.options, explanations[item.item_version_id].key)),
            domain_name=names[item.domain],
            task_name=names[task_of(item.skill)],
            skill_text=names[item.skill],
        )
        for item in items
    ]


def sat_attempts(session: Session, *, user_id: int) -> list[SatAttempt]:
    """Return a person's closed attempts with their results, newest first."""
    return queries.sat_attempts(session, user_id=user_id)


def _closed(session: Session, *, user_id: int, public_id: str) -> ClosedAttempt:
    row = queries.attempt_with_result(session, user_id=user_id, public_id=public_id)
    if row is None:
        raise NotFound("There is no such attempt, or it belongs to another account.")
    if row.is_discarded:
        raise Gone("This attempt was discarded, so it has no result.")
    if row.result is None:
        raise Conflict("This attempt is still open; its result appears when it has ended.")
    return ClosedAttempt(row.attempt, row.result)


def _outline_names(spec: ExamSpec) -> dict[str, str]:
    names = {domain.code: domain.name for domain in spec.domains}
    names |= {task.code: task.name for _, task in spec.tasks()}
    return names | {skill.code: skill.text for _, _, skill in spec.skills()}
