"""The exam without JavaScript: one item per page, saved by the form's buttons."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.errors import Invalid, NotFound
from app.exams import service
from app.exams.presentation import room_items, status_counts, status_rows
from app.exams.service import AttemptKey, AttemptView, FormChange
from app.exams.views import bp
from app.exams.views.room import open_attempt_or_none
from app.web.access import signed_in
from app.web.database import transaction


@bp.get("/attempts/<string:public_id>/items")
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


@bp.get("/attempts/<string:public_id>/items/<int:position>")
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
    return render_template(
        "exams/item.html",
        attempt=_head(view),
        item=room_items(view)[position - 1],
        position=position,
        total=len(view.items),
        server_time=clock.now(),
        deadline=view.deadline_at,
    )


@bp.post("/attempts/<string:public_id>/items/<int:position>")
@signed_in
def save_item(public_id: str, position: int) -> ResponseReturnValue:
    """Save one item and go where the pressed button says."""
    key, now = AttemptKey(current_user.id, public_id), clock.now()
    based_on = request.form.get("revision", "0")
    form = FormChange(
        position=position,
        based_on=int(based_on) if based_on.isdecimal() else 0,
        options=request.form.getlist("options"),
        flagged="flagged" in request.form,
    )
    try:
        outcome = transaction(
            lambda session: service.record_form_change(session, key, form, now=now)
        )
    except Invalid as invalid:
        flash(invalid.message, "error")
        return redirect(f"/attempts/{public_id}/items/{position}", 303)
    if outcome.status == 410:
        return redirect(f"/attempts/{public_id}/result", 303)
    if outcome.status == 409:
        flash(
            f"{outcome.detail} What is stored is shown here; change it again if need be.", "error"
        )
        return redirect(f"/attempts/{public_id}/items/{position}", 303)
    return redirect(f"/attempts/{public_id}/{_next_page(position)}", 303)


def _next_page(position: int) -> str:
    go = request.form.get("go", "next")
    if go == "review":
        return "items"
    return f"items/{max(1, position - 1) if go == 'previous' else position + 1}"


def _head(view: AttemptView) -> dict[str, object]:
    return {
        "public_id": view.public_id,
        "exam_title": view.exam_title,
        "mode": view.mode,
        "deadline": view.deadline_at,
        "discard_until": view.discard_until,
    }
