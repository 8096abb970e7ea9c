"""Pages that a private link opens. Opening one changes nothing; its button does."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts import service
from app.accounts.forms import PASSWORD_HINT, NewPasswordForm, RegisterForm
from app.accounts.views.blueprint import bp, enter, visitor
from app.errors import Invalid
from app.web.access import public
from app.web.database import current_database, reading, transaction
from app.web.kit import current_settings


@bp.get("/resume/<string:token>")
@public
def show_resume(token: str) -> ResponseReturnValue:
    """Ask whether to continue as the guest of the link."""
    with reading() as session:
        name = service.name_of_guest_link(session, token, now=clock.now())
    return render_template("accounts/resume.html", name=name, token=token)


@bp.post("/resume/<string:token>")
@public
def resume(token: str) -> ResponseReturnValue:
    """Continue as the guest of the link."""
    left_session = current_user.get_id()
    secret_key = current_settings().secret_key
    person = transaction(
        lambda session: service.resume_guest(
            session, token, secret_key=secret_key, visitor=visitor(), now=clock.now()
        )
    )
    if left_session:
        transaction(lambda session: service.end_session(session, left_session))
    enter(person, how="resume link")
    flash(f"Welcome back, {person.name}.", "good")
    return redirect("/", 303)


@bp.get("/reset/<string:token>")
@public
def show_reset(token: str) -> ResponseReturnValue:
    """Show the form for a new password."""
    with reading() as session:
        service.check_link(session, token, "reset-password", now=clock.now())
    return _reset_page(NewPasswordForm(), token)


@bp.post("/reset/<string:token>")
@public
def reset(token: str) -> ResponseReturnValue:
    """Set a new password; the link is spent and every session of the person ends."""
    form = NewPasswordForm(request.form)
    if not form.validate():
        return _reset_page(form, token), 422
    try:
        service.reset_password(
            current_database(), token, password=form.text("password"), now=clock.now()
        )
    except Invalid as error:
        form.refuse(error)
        return _reset_page(form, token), 422
    flash("Your new password is set. Sign in with it.", "good")
    return redirect("/sign-in", 303)


@bp.get("/first-administrator/<string:token>")
@public
def show_first_administrator(token: str) -> ResponseReturnValue:
    """Show the form for the first administrator's account."""
    with reading() as session:
        service.check_link(session, token, "first-administrator", now=clock.now())
    return _first_administrator_page(RegisterForm(), token)


@bp.post("/first-administrator/<string:token>")
@public
def create_first_administrator(token: str) -> ResponseReturnValue:
    """Make the first administrator and sign in; the link is spent."""
    form = RegisterForm(request.form)
    if not form.validate():
        return _first_administrator_page(form, token), 422
    account = service.NewAccount(form.text("name"), form.text("email"), form.text("password"))
    try:
        person = service.create_first_administrator(
            current_database(), token, account=account, visitor=visitor(), now=clock.now()
        )
    except Invalid as error:
        form.refuse(error)
        return _first_administrator_page(form, token), 422
    enter(person, how="first administrator link")
    flash("You are the administrator of this site.", "good")
    return redirect("/people", 303)


def _reset_page(form: NewPasswordForm, token: str) -> str:
    return render_template(
        "accounts/reset.html", form=form, token=token, password_hint=PASSWORD_HINT
    )


def _first_administrator_page(form: RegisterForm, token: str) -> str:
    return render_template(
        "accounts/first_administrator.html", form=form, token=token, password_hint=PASSWORD_HINT
    )
