"""The exam without JavaScript: one item per page, saved by the form's buttons."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.errors import Invalid, NotFound
from app.exams import service
from app.exams.changes import read_form_change
from app.exams.lifecycle import attempt_name
from app.exams.presentation import room_items, status_counts, status_rows
from app.exams.service import AttemptKey, AttemptView
from app.exams.views import bp
from app.exams.views.room import open_attempt_or_none
from app.web.access import signed_in
from app.web.database import transaction


@bp.get("/attempts/<public_id:public_id>/items")
@signed_in
def overview(public_id: str) -> ResponseReturnValue:
    """Show every item's status and the way to end the exam."""
    view = open_attempt_or_none(public_id)
    if view is None:
        return redirect(f"/attempts/{public_id}/result", 303)
    rows = status_rows(view)
    return render_template(
        "exams/review.html",
        attempt=_head(view),
        rows=rows,
        counts=status_counts(rows),
        total=len(rows),
        server_time=clock.now(),
        deadline=view.deadline_at,
    )


@bp.get("/attempts/<public_id:public_id>/items/<int(max=999):position>")
@signed_in
def show_item(public_id: str, position: int) -> ResponseReturnValue:
    """Show one item with its form."""
    view = open_attempt_or_none(public_id)
    if view is None:
        return redirect(f"/attempts/{public_id}/result", 303)
    if position == len(view.items) + 1:
        # The page after the last question.
        return redirect(f"/attempts/{public_id}/items", 303)
    if not 1 <= position <= len(view.items):
        raise NotFound("This attempt has no question at that position.")
    return _item_page(view, position)


@bp.post("/attempts/<public_id:public_id>/items/<int(max=999):position>")
@signed_in
def save_item(public_id: str, position: int) -> ResponseReturnValue:
    """Save one item and go where the pressed button says."""
    key, now = AttemptKey(current_user.id, public_id), clock.now()
    options = request.form.getlist("options")
    try:
        form = read_form_change(
            position,
            revision=request.form.get("revision", "0"),
            options=options,
            flagged="flagged" in request.form,
        )
        outcome = transaction(
            lambda session: service.record_form_change(session, key, form, now=now)
        )
    except Invalid as invalid:
        view = open_attempt_or_none(public_id)
        if view is None:
            return redirect(f"/attempts/{public_id}/result", 303)
        return _item_page(view, position, problem=invalid.message, chosen=options), 422
    if outcome.status == 410:
        return redirect(f"/attempts/{public_id}/result", 303)
    if outcome.status == 409:
        flash(f"{outcome.detail} What is stored is shown here; change it again if need be.", "warn")
        return redirect(f"/attempts/{public_id}/items/{position}", 303)
    return redirect(f"/attempts/{public_id}/{_next_page(position)}", 303)


def _item_page(
    view: AttemptView,
    position: int,
    *,
    problem: str | None = None,
    chosen: Sequence[str] | None = None,
) -> str:
    """Render one item; ``chosen`` is a selection that was refused, shown as it was sent."""
    item = room_items(view)[position - 1]
    stored = item.response["options"] if item.response else []
    return render_template(
        "exams/item.html",
        attempt=_head(view),
        item=item,
        chosen=stored if chosen is None else chosen,
        problem=problem,
        position=position,
        total=len(view.items),
        server_time=clock.now(),
        deadline=view.deadline_at,
    )


def _next_page(position: int) -> str:
    go = request.form.get("go", "next")
    if go == "review":
        return "items"
    return f"items/{max(1, position - 1) if go == 'previous' else position + 1}"


def _head(view: AttemptView) -> dict[str, object]:
    return {
        "public_id": view.public_id,
        "name": attempt_name(view.exam_code, view.mode),
        "mode": view.mode,
        "deadline": view.deadline_at,
        "discard_until": view.discard_until,
    }
