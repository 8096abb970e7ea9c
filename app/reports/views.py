"""Home, result and review."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.bank import service as bank
from app.bank.outline import ExamSpec
from app.errors import Conflict
from app.exams import service as exams
from app.exams.lifecycle import MODE_TITLES, default_exam
from app.exams.service import AttemptKey
from app.reports import service
from app.reports.charts import domain_rows, score_scale
from app.reports.service import AttemptResult
from app.scoring.scale import minimum_passing_raw
from app.web.access import public, signed_in
from app.web.database import reading, transaction
from app.web.problems import wants_problem

bp = Blueprint("reports", __name__, template_folder="templates")

T = TypeVar("T")

REVIEW_FILTERS = {"all": "All", "wrong": "Wrong", "flagged": "Flagged", "omitted": "Not answered"}


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """Show what can be resumed and what was sat; to somebody unknown, what Dryrun is."""
    now = clock.now()
    with reading() as session:
        specs = bank.list_specifications(session)
    default = default_exam(specs, today=now.date())
    if not current_user.is_authenticated:
        return _landing(specs, default)
    user_id = current_user.id
    with reading() as session:
        overdue = exams.overdue_attempts(session, user_id=user_id, now=now)
    for key in overdue:
        transaction(partial(exams.close_if_overdue, key=key, now=now))
    with reading() as session:
        open_attempts = exams.open_attempts(session, user_id=user_id, now=now)
        sat = service.sat_attempts(session, user_id=user_id)
    return render_template(
        "reports/home.html",
        open_attempts=open_attempts,
        sat=sat,
        titles={spec.code: spec.title for spec in specs},
        mode_titles=MODE_TITLES,
        default=default,
    )


def _landing(specs: list[ExamSpec], default: str | None) -> str:
    with reading() as session:
        pool = bank.item_pool(session, default) if default else None
    return render_template(
        "reports/landing.html",
        items=len(pool.items) if pool else 0,
        exam=next((spec for spec in specs if spec.code == default), None),
    )


@bp.get("/attempts/<public_id:public_id>/result")
@signed_in
def result(public_id: str) -> ResponseReturnValue:
    """Show the result of a closed attempt; an open one goes back to the exam room."""
    try:
        found = _of_closed(public_id, service.attempt_result)
    except Conflict:
        return redirect(f"/attempts/{public_id}", 303)
    return render_template(
        "reports/result.html",
        result=found,
        mode_title=MODE_TITLES[found.mode],
        verdict="pass" if found.passed else "fail",
        minimum_raw=minimum_passing_raw(found.cut_bp),
        scale=score_scale(
            found.scaled_score,
            cut=found.cut_score,
            minimum=found.scale_min,
            maximum=found.scale_max,
        ),
        domains=domain_rows(list(found.domains)),
    )


@bp.get("/attempts/<public_id:public_id>/result.json")
@signed_in
def result_json(public_id: str) -> Response:
    """Give the result to programs; 409 while the attempt is open."""
    found = _of_closed(public_id, service.attempt_result)
    return jsonify(_as_json(found))


@bp.get("/attempts/<public_id:public_id>/review")
@signed_in
def review(public_id: str) -> ResponseReturnValue:
    """Explain the items of a closed attempt, all of them or those of a filter."""
    try:
        entries = _of_closed(public_id, service.attempt_review)
    except Conflict:
        if wants_problem():
            raise
        return redirect(f"/attempts/{public_id}", 303)
    show = request.args.get("show", "all")
    show = show if show in REVIEW_FILTERS else "all"
    shown = [entry for entry in entries if entry.belongs_to(show)]
    counts = {name: sum(entry.belongs_to(name) for entry in entries) for name in REVIEW_FILTERS}
    return render_template(
        "reports/review.html",
        public_id=public_id,
        entries=shown,
        show=show,
        filters=REVIEW_FILTERS,
        counts=counts,
    )


def _of_closed(public_id: str, read: Callable[..., T]) -> T:
    """Read something of a closed attempt, closing it first when its time is over.

    Raises Conflict while the attempt is open.
    """
    key = AttemptKey(current_user.id, public_id)

    def read_now() -> T:
        with reading() as session:
            return read(session, user_id=key.user_id, public_id=key.public_id)

    try:
        return read_now()
    except Conflict:
        if not transaction(lambda session: exams.close_if_overdue(session, key, now=clock.now())):
            raise
        return read_now()


def _as_json(found: AttemptResult) -> dict[str, Any]:
    shown = ("code", "name", "weight", "right", "scored", "label", "low", "high")
    return {
        "raw_score": found.raw_score,
        "scored_items": found.scored_items,
        "scaled_score": found.scaled_score,
        "passed": found.passed,
        "cut_score": found.cut_score,
        "scale_version": found.scale_version,
        "result_version": found.result_version,
        "domains": [{name: domain[name] for name in shown} for domain in found.domains],
    }
