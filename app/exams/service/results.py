"""From a form, its responses and the keys to a result row."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from app.bank import service as bank
from app.bank.outline import ExamSpec
from app.exams import queries
from app.exams.models import Attempt, Closer, Result
from app.exams.queries import DealtItem
from app.scoring.domains import POLICY_VERSION, MarkedItem, domain_results, reached_flags
from app.scoring.marking import item_score
from app.scoring.scale import Scale, scaled_score


def first_result(session: Session, attempt: Attempt, *, closer: str, now: datetime) -> Result:
    """Return the first result of a closing attempt, by the keys in force now; not yet added."""
    items = queries.dealt_items(session, user_id=attempt.user_id, attempt_id=attempt.id)
    keys = bank.keys(session, [item.item_version_id for item in items])
    spec = bank.specification(session, attempt.specification_id)
    marked = mark_form(items, {version: key for version, (_, key) in keys.items()})
    raw = sum(item.mark for item in marked)
    scale = Scale(spec.scale_min, spec.cut_score, spec.scale_max)
    scaled = scaled_score(raw, scored_items=len(marked), cut=attempt.cut_bp, scale=scale)
    return Result(
        user_id=attempt.user_id,
        attempt_id=attempt.id,
        version=1,
        raw_score=raw,
        scored_items=len(marked),
        cut_bp=attempt.cut_bp,
        scaled_score=scaled,
        passed=scaled >= spec.cut_score,
        scale_version=attempt.scale_version,
        policy_version=POLICY_VERSION,
        inputs_hash=inputs_hash(items, keys, attempt),
        domains=_domains(marked, spec),
        cause="submitted" if closer == Closer.CANDIDATE else "expired",
        created_at=now,
    )


def mark_form(items: Sequence[DealtItem], keys: Mapping[int, str]) -> list[MarkedItem]:
    """Mark the scored items of a form; pretest items only help to tell what was reached."""
    reached = reached_flags([not item.options for item in items])
    return [
        MarkedItem(
            domain=item.domain,
            rating_bp=item.r_bp,
            mark=item_score(item.options or "", keys[item.item_version_id]),
            is_reached=is_reached,
        )
        for item, is_reached in zip(items, reached, strict=True)
        if item.is_scored
    ]


def inputs_hash(
    items: Sequence[DealtItem], keys: Mapping[int, tuple[int, str]], attempt: Attempt
) -> str:
    """Return a hash of everything the score depends on: the same inputs need no new result."""
    scored = [
        [item.position, item.item_version_id, item.options or "", keys[item.item_version_id][0]]
        for item in items
        if item.is_scored
    ]
    inputs = [scored, attempt.cut_bp, len(scored), attempt.scale_version, POLICY_VERSION]
    return hashlib.sha256(json.dumps(inputs, separators=(",", ":")).encode()).hexdigest()


def _domains(marked: Sequence[MarkedItem], spec: ExamSpec) -> list[dict[str, object]]:
    results = domain_results(marked, [domain.code for domain in spec.domains])
    return [
        {"name": domain.name, "weight": domain.weight, **asdict(result)}
        for domain, result in zip(spec.domains, results, strict=True)
    ]
