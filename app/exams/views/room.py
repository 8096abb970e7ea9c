"""The exam room: one page with the whole form."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.errors import Gone
from app.exams import service
from app.exams.lifecycle import attempt_name
from app.exams.presentation import form_data, room_items
from app.exams.service import AttemptKey, AttemptView
from app.exams.views import bp
from app.web.access import signed_in
from app.web.database import reading, transaction


@bp.get("/attempts/<public_id:public_id>")
@signed_in
def room(public_id: str) -> ResponseReturnValue:
    """Show the exam room, or go to the result when the attempt is over."""
    view = open_attempt_or_none(public_id)
    if view is None:
        return redirect(f"/attempts/{public_id}/result", 303)
    now = clock.now()
    items = room_items(view)
    return render_template(
        "exams/room.html",
        attempt={
            "public_id": view.public_id,
            "name": attempt_name(view.exam_code, view.mode),
            "exam_code": view.exam_code,
            "mode": view.mode,
            "deadline": view.deadline_at,
            "discard_until": view.discard_until,
        },
        server_time=now,
        items=items,
        form_data=form_data(view, items, now=now),
    )


def open_attempt_or_none(public_id: str) -> AttemptView | None:
    """Return the attempt for display, or None when it is over, closing it first if need be.

    Expiry on read is the one state change that a GET may make. Raises NotFound.
    """
    key, now = AttemptKey(current_user.id, public_id), clock.now()
    try:
        with reading() as session:
            return service.attempt_for_room(session, key, now=now)
    except Gone:
        transaction(lambda session: service.close_if_overdue(session, key, now=now))
        return None
