"""The list of exams, the start page and the start itself."""

from datetime import date, timedelta

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.bank import service as bank
from app.bank.outline import ExamSpec
from app.errors import Conflict
from app.exams import service
from app.exams.lifecycle import MODE_TITLES, default_exam, lifecycle_sentence
from app.exams.service import OpenAttempt, Start
from app.exams.views import bp
from app.web.access import signed_in
from app.web.database import reading, transaction


@bp.get("/exams")
@signed_in
def list_exams() -> ResponseReturnValue:
    """List the exams that can be practised, the one to sit for now first."""
    today = clock.now().date()
    with reading() as session:
        specs = bank.list_specifications(session)
        attempts = service.open_attempts(session, user_id=current_user.id, now=clock.now())
    default = default_exam(specs, today=today)
    ordered = sorted(specs, key=lambda spec: (spec.code != default, spec.code))
    return render_template(
        "exams/list.html",
        exams=[_entry(spec, attempts, default=default, today=today) for spec in ordered],
    )


@bp.get("/exams/<string:exam_code>")
@signed_in
def start_page(exam_code: str) -> ResponseReturnValue:
    """Say what will happen; no clock runs yet."""
    now = clock.now()
    with reading() as session:
        spec = bank.current_specification(session, exam_code)
        attempts = service.open_attempts(session, user_id=current_user.id, now=now)
    mode = request.args.get("mode", "exam")
    if mode not in spec.modes:
        mode = "exam"
    minutes = spec.modes[mode].minutes
    return render_template(
        "exams/start.html",
        exam=spec,
        mode=mode,
        modes=_modes(spec),
        minutes_line=f"{minutes} minutes, no extra time",
        ends_at=now + timedelta(minutes=minutes),
        server_time=now,
        grace_seconds=spec.grace_seconds,
        open_attempt=_open(attempts, exam_code, mode),
    )


@bp.post("/exams/<string:exam_code>/attempts")
@signed_in
def start(exam_code: str) -> ResponseReturnValue:
    """Start an attempt, or resume the open one."""
    order = Start(current_user.id, exam_code, request.form.get("mode", ""))

    def start_now() -> str:
        return transaction(lambda session: service.start_attempt(session, order, now=clock.now()))

    try:
        public_id = start_now()
    except Conflict as conflict:
        if "missing" in conflict.details:
            raise
        # A second start won the race; its attempt is the open one now.
        public_id = start_now()
    return redirect(f"/attempts/{public_id}", 303)


def _entry(
    spec: ExamSpec, attempts: list[OpenAttempt], *, default: str | None, today: date
) -> dict[str, object]:
    return {
        "code": spec.code,
        "title": spec.title,
        "lifecycle": lifecycle_sentence(spec, today=today),
        "is_default": spec.code == default,
        "modes": _modes(spec),
        "open_attempts": [
            {
                "public_id": attempt.public_id,
                "mode_title": MODE_TITLES[attempt.mode],
                "started_at": attempt.started_at,
                "deadline": attempt.deadline_at,
            }
            for attempt in attempts
            if attempt.exam_code == spec.code
        ],
    }


def _modes(spec: ExamSpec) -> list[dict[str, object]]:
    return [
        {
            "mode": name,
            "title": MODE_TITLES[name],
            "items": mode.items,
            "minutes": mode.minutes,
            "scored": mode.scored,
            "pretest": mode.pretest,
        }
        for name, mode in spec.modes.items()
    ]


def _open(attempts: list[OpenAttempt], exam_code: str, mode: str) -> str | None:
    return next(
        (
            attempt.public_id
            for attempt in attempts
            if (attempt.exam_code, attempt.mode) == (exam_code, mode)
        ),
        None,
    )
