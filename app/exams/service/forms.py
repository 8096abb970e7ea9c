"""Starting an attempt: deal a form, freeze it, and set the deadline."""

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy.orm import Session

from app.bank import service as bank
from app.bank.content import Pool, PoolItem
from app.bank.outline import ExamSpec, ModeSpec
from app.errors import Conflict, Invalid
from app.exams import queries, timing
from app.exams.assembly import (
    ASSEMBLER,
    AssembledForm,
    FormCannotBeFilled,
    FormRequest,
    assemble,
)
from app.exams.models import Attempt, FormItem, Mode
from app.exams.service.attempts import close_attempt
from app.persistence.types import new_id, new_public_id
from app.scoring.apportionment import apportion
from app.scoring.scale import SCALE_VERSION, cut_bp


@dataclass(frozen=True)
class Start:
    """Who starts what."""

    user_id: int
    exam_code: str
    mode: str


@dataclass(frozen=True)
class Dealing:
    """A form about to be dealt, with what it was made from."""

    spec: ExamSpec
    pool: Pool
    form: AssembledForm[PoolItem]
    seed: int


def start_attempt(session: Session, start: Start, *, now: datetime, seed: int | None = None) -> str:
    """Start an attempt and return its public id; an open one of the same exam and mode is resumed.

    The partial unique index on open attempts decides between two starts at once: the loser gets
    Conflict and finds the winner's attempt when it asks again. Raises Invalid for an unknown mode,
    NotFound for an unknown exam and Conflict when the bank cannot fill the form.
    """
    if start.mode not in set(Mode):
        raise Invalid("Select a full exam or a short form.", details={"field": "mode"})
    spec = bank.current_specification(session, start.exam_code)
    running = queries.lock_open_attempt(
        session, user_id=start.user_id, exam_code=start.exam_code, mode=start.mode
    )
    if running is not None:
        if not timing.is_over(running.closes_at, now=now):
            return running.public_id
        close_attempt(session, running, now=now)
    pool = bank.item_pool(session, start.exam_code)
    seed = secrets.randbits(48) if seed is None else seed
    last_seen = queries.last_dealt(session, user_id=start.user_id)
    form = _assembled(spec, pool, mode=start.mode, seed=seed, last_seen=last_seen)
    return deal(session, start, Dealing(spec, pool, form, seed), now=now)


def deal(session: Session, start: Start, dealing: Dealing, *, now: datetime) -> str:
    """Store an attempt on a chosen form, its clock running from now; return its public id."""
    attempt = _attempt_head(start, dealing, now=now)
    session.add(attempt)
    session.flush()
    session.add_all(_form_items(attempt, dealing))
    session.flush()
    return attempt.public_id


def form_request(spec: ExamSpec, mode: ModeSpec) -> FormRequest:
    """Return what a form of an exam and mode must be, from the specification's numbers alone."""
    weights = {domain.code: domain.weight for domain in spec.domains}
    scored = apportion(mode.scored, weights)
    pretest = apportion(mode.pretest, weights) if mode.pretest else dict.fromkeys(weights, 0)
    delivered = {code: scored[code] + pretest[code] for code in weights}
    bounds: dict[str, tuple[int, int]] = {}
    for domain in spec.domains:
        skills = {task.code: len(task.skills) for task in domain.tasks}
        for task, quota in apportion(delivered[domain.code], skills).items():
            bounds[task] = (max(0, quota - 1), quota + 1)
    full = spec.modes[Mode.EXAM]
    return FormRequest(
        delivered=delivered,
        scored=scored,
        task_bounds=bounds,
        multiple_bounds=(
            spec.multiple_min * mode.items // full.items,
            ceil(spec.multiple_max * mode.items / full.items),
        ),
        cut_target_bp=round(spec.cut_target_bp * mode.scored / full.scored),
        cut_tolerance_bp=spec.cut_tolerance_bp,
    )


def _assembled(
    spec: ExamSpec, pool: Pool, *, mode: str, seed: int, last_seen: Mapping[str, datetime]
) -> AssembledForm[PoolItem]:
    try:
        return assemble(
            pool.items, form_request(spec, spec.modes[mode]), seed=seed, last_seen=last_seen
        )
    except FormCannotBeFilled as error:
        raise Conflict(
            f"The question bank cannot fill this form of {spec.title} ({spec.code.upper()}) yet. "
            + " ".join(error.missing),
            details={"missing": list(error.missing)},
        ) from error


def _attempt_head(start: Start, dealing: Dealing, *, now: datetime) -> Attempt:
    spec, form = dealing.spec, dealing.form
    deadline_at = timing.deadline_after(now, minutes=spec.modes[start.mode].minutes)
    return Attempt(
        user_id=start.user_id,
        id=new_id(),
        public_id=new_public_id(),
        exam_code=spec.code,
        specification_id=spec.id,
        mode=start.mode,
        started_at=now,
        deadline_at=deadline_at,
        closes_at=timing.closes_after(deadline_at, grace_seconds=spec.grace_seconds),
        seed=dealing.seed,
        assembler="/".join([ASSEMBLER, *form.relaxed]),
        bank_hash=dealing.pool.bank_hash,
        delivered_items=len(form.items),
        scored_items=len(form.scored),
        cut_bp=cut_bp(item.r_bp for item in form.items if item.code in form.scored),
        cut_score=spec.cut_score,
        scale_version=SCALE_VERSION,
    )


def _form_items(attempt: Attempt, dealing: Dealing) -> list[FormItem]:
    """Freeze versions, ratings and option orders; these are shuffled, so no place tells the key."""
    rng = random.Random(f"{dealing.seed}/options")  # noqa: S311 - reproducible, not secret
    rows = []
    for position, item in enumerate(dealing.form.items, start=1):
        order = list(item.option_ids)
        rng.shuffle(order)
        rows.append(
            FormItem(
                user_id=attempt.user_id,
                attempt_id=attempt.id,
                position=position,
                item_code=item.code,
                item_version_id=item.version_id,
                option_order="".join(order),
                select_count=item.select_count,
                is_scored=item.code in dealing.form.scored,
                r_bp=item.r_bp,
                domain=item.domain,
                skill=item.skill,
            )
        )
    return rows
