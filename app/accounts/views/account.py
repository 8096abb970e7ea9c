"""The account page: name, password, sessions and, for a guest, the resume link."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts import service
from app.accounts.devices import describe
from app.accounts.forms import PASSWORD_HINT, ChangePasswordForm, RenameForm
from app.accounts.permissions import resume_address
from app.accounts.views.blueprint import bp, visitor
from app.errors import Invalid
from app.web.access import signed_in
from app.web.database import current_database, reading, transaction


@bp.get("/account")
@signed_in
def show_account() -> ResponseReturnValue:
    """Show the person's own account."""
    return _account_page()


@bp.post("/account/name")
@signed_in
def rename() -> ResponseReturnValue:
    """Change the name."""
    form = RenameForm(request.form)
    if not form.validate():
        return _account_page(rename_form=form), 422
    transaction(lambda session: service.rename(session, current_user.id, form.text("name")))
    flash("Your name is changed.", "good")
    return redirect("/account", 303)


@bp.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change the password and end the other sessions."""
    form = ChangePasswordForm(request.form)
    if not form.validate():
        return _account_page(password_form=form), 422
    try:
        service.change_password(
            current_database(),
            current_user,
            passwords_typed=(form.text("current_password"), form.text("password")),
            visitor=visitor(),
            now=clock.now(),
        )
    except (Invalid, service.TooSoon) as error:
        form.refuse(error)
        return _account_page(password_form=form), 422
    flash("Your password is changed, and every other browser is signed out.", "good")
    return redirect("/account", 303)


@bp.post("/account/sessions/<string:reference>/end")
@signed_in
def end_session(reference: str) -> ResponseReturnValue:
    """Sign one of the person's browsers out."""
    transaction(lambda session: service.end_own_session(session, current_user.id, reference))
    flash("That browser is signed out.", "good")
    return redirect("/account", 303)


def _account_page(
    *, rename_form: RenameForm | None = None, password_form: ChangePasswordForm | None = None
) -> str:
    now = clock.now()
    with reading() as session:
        account = service.describe_account(session, current_user.id)
        sessions = service.list_sessions(session, current_user.id, now=now)
    return render_template(
        "accounts/account.html",
        account=account,
        sessions=[
            (each, describe(each.user_agent), service.session_reference(each.token_hash))
            for each in sessions
        ],
        this_session=service.own_reference(current_user.session_token),
        rename_form=rename_form or RenameForm(name=account.name),
        password_form=password_form or ChangePasswordForm(),
        password_hint=PASSWORD_HINT,
        resume_link=resume_address(current_user) if current_user.is_guest else None,
    )
