"""The administrator's pages: people, one person, and the audit log."""

from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.accounts import service
from app.accounts.forms import ChangeRoleForm, FindPeopleForm
from app.accounts.roles import LABELS, Role
from app.accounts.views.blueprint import bp, page_number
from app.errors import Invalid
from app.web.access import needs
from app.web.database import reading, transaction
from app.web.messages import flash_private_link

ACTIONS = {
    "administrator.create": "became the first administrator",
    "password.reset": "set a new password by a reset link",
    "person.disable": "disabled",
    "person.enable": "enabled",
    "person.end-sessions": "ended all sessions of",
    "person.reset-link": "made a reset link for",
    "person.role": "changed the role of",
}


@bp.get("/people")
@needs("manage_people")
def people() -> ResponseReturnValue:
    """List registered people, or those whose name or address contains the search text."""
    form = FindPeopleForm(request.args)
    search, page = form.q.data or "", page_number()
    with reading() as session:
        rows, has_more = service.find_people(session, search=search, page=page)
    query = {"q": search} if search else {}
    return render_template(
        "accounts/people.html",
        form=form,
        people=rows,
        labels=LABELS,
        before=f"/people?{urlencode(query | {'page': page - 1})}" if page > 1 else None,
        after=f"/people?{urlencode(query | {'page': page + 1})}" if has_more else None,
    )


@bp.get("/people/<public_id:public_id>")
@needs("manage_people")
def show_person(public_id: str) -> ResponseReturnValue:
    """Show one person and what can be done about them."""
    return _person_page(public_id)


@bp.post("/people/<public_id:public_id>/role")
@needs("manage_people")
def change_role(public_id: str) -> ResponseReturnValue:
    """Give the person a role."""
    form = ChangeRoleForm(request.form)
    if not form.validate():
        return _person_page(public_id, form), 422
    change = service.RoleChange(Role(form.role.data), form.is_author.data, form.is_reviewer.data)
    try:
        transaction(
            lambda session: service.set_role(
                session, public_id, change, actor_id=current_user.id, now=clock.now()
            )
        )
    except Invalid as error:
        form.refuse(error)
        return _person_page(public_id, form), 422
    return _back_to(public_id, "The role is saved. A changed role signs the person out.")


@bp.post("/people/<public_id:public_id>/disable")
@needs("manage_people")
def disable(public_id: str) -> ResponseReturnValue:
    """Keep the person out."""
    return _set_disabled(public_id, disabled=True)


@bp.post("/people/<public_id:public_id>/enable")
@needs("manage_people")
def enable(public_id: str) -> ResponseReturnValue:
    """Let the person in again."""
    return _set_disabled(public_id, disabled=False)


@bp.post("/people/<public_id:public_id>/end-sessions")
@needs("manage_people")
def end_sessions(public_id: str) -> ResponseReturnValue:
    """Sign the person out everywhere."""
    ended = transaction(
        lambda session: service.end_sessions_of_person(
            session, public_id, actor_id=current_user.id, now=clock.now()
        )
    )
    sessions = "1 session" if ended == 1 else f"{ended} sessions"
    return _back_to(public_id, f"{sessions} ended.")


@bp.post("/people/<public_id:public_id>/reset-link")
@needs("manage_people")
def create_reset_link(public_id: str) -> ResponseReturnValue:
    """Make a one-time link and show it once."""
    token = transaction(
        lambda session: service.create_reset_link(
            session, public_id, actor_id=current_user.id, now=clock.now()
        )
    )
    flash_private_link(
        "Send this link to the person. It works once, within 24 hours, and is shown only now.",
        link=f"{request.host_url}reset/{token}",
        label="One-time reset link",
    )
    return redirect(f"/people/{public_id}", 303)


@bp.get("/audit")
@needs("manage_people")
def audit() -> ResponseReturnValue:
    """List what administrators did."""
    page = page_number()
    with reading() as session:
        entries, has_more = service.list_audit(session, page=page)
    return render_template(
        "accounts/audit.html",
        entries=entries,
        actions=ACTIONS,
        before=f"/audit?page={page - 1}" if page > 1 else None,
        after=f"/audit?page={page + 1}" if has_more else None,
    )


def _set_disabled(public_id: str, *, disabled: bool) -> ResponseReturnValue:
    transaction(
        lambda session: service.set_disabled(
            session, public_id, disabled=disabled, actor_id=current_user.id, now=clock.now()
        )
    )
    state = "disabled" if disabled else "enabled"
    return _back_to(public_id, f"The account is {state}.")


def _back_to(public_id: str, message: str) -> Response:
    flash(message, "good")
    return redirect(f"/people/{public_id}", 303)


def _person_page(public_id: str, form: ChangeRoleForm | None = None) -> str:
    with reading() as session:
        person = service.person(session, public_id)
        sessions = service.list_sessions(session, person.id, now=clock.now())
    return render_template(
        "accounts/person.html",
        person=person,
        sessions=sessions,
        label=LABELS[person.role],
        form=form or ChangeRoleForm(obj=person),
        is_self=person.id == current_user.id,
    )
