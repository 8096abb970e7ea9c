"""Coming and going: guest, register, sign in, sign out, and who is there."""

from flask import Response, flash, jsonify, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts import service
from app.accounts.forms import PASSWORD_HINT, RegisterForm, SignInForm
from app.accounts.permissions import local_path, resume_address
from app.accounts.views.blueprint import admit_arrival, bp, enter, logger, visitor
from app.errors import Invalid, NotAllowed
from app.web import csrf
from app.web.access import public
from app.web.database import current_database, transaction
from app.web.headers import clear_site_data
from app.web.kit import current_settings
from app.web.messages import flash_private_link
from app.web.problems import problem, wants_problem


@bp.post("/guest")
@public
def become_guest() -> ResponseReturnValue:
    """Make this browser a guest's; who is signed in already stays who they are."""
    if not current_user.is_authenticated:
        admit_arrival()
        secret_key = current_settings().secret_key
        guest = transaction(
            lambda session: service.start_guest(
                session, secret_key=secret_key, visitor=visitor(), now=clock.now()
            )
        )
        enter(guest, how="guest")
        flash_private_link(
            f"You are {guest.name}. To come back within 30 days on another device, "
            "or after signing out, keep this link. Whoever has it can continue as you.",
            link=resume_address(guest),
            label="Your private resume link",
        )
    return redirect("/exams", 303)


@bp.get("/session")
@public
def show_session() -> ResponseReturnValue:
    """Tell a program who is there, with a token for its next change."""
    user = None
    if current_user.is_authenticated:
        user = {
            "public_id": current_user.public_id,
            "name": current_user.name,
            "role": current_user.role,
            "is_guest": current_user.is_guest,
        }
    return jsonify(user=user, csrf_token=csrf.fresh_token())


@bp.get("/register")
@public
def show_registration() -> ResponseReturnValue:
    """Show the form to register."""
    if current_user.is_authenticated and not current_user.is_guest:
        return redirect("/account", 303)
    return _registration_page(RegisterForm())


@bp.post("/register")
@public
def register() -> ResponseReturnValue:
    """Register; a guest keeps everything."""
    form = RegisterForm(request.form)
    if not form.validate():
        return _registration_page(form), 422
    admit_arrival()
    account = service.NewAccount(form.text("name"), form.text("email"), form.text("password"))
    guest_id = current_user.id if current_user.is_guest else None
    try:
        person = service.register(
            current_database(), account, guest_id=guest_id, visitor=visitor(), now=clock.now()
        )
    except Invalid as error:
        form.refuse(error)
        return _registration_page(form), 422
    enter(person, how="registration")
    kept = " Your attempts came with you." if guest_id else ""
    flash(f"You are registered and signed in, {person.name}.{kept}", "good")
    return redirect("/", 303)


@bp.get("/sign-in")
@public
def show_sign_in() -> ResponseReturnValue:
    """Show the form to sign in."""
    if current_user.is_authenticated and not current_user.is_guest:
        return redirect(local_path(request.args.get("next"), default="/"), 303)
    return _sign_in_page(SignInForm(next=request.args.get("next", "")))


@bp.post("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail address and password; programs get JSON."""
    form = SignInForm(request.form)
    if not form.validate():
        return _sign_in_refused(form, 422)
    credentials = service.Credentials(form.text("email"), form.text("password"))
    left_session = current_user.get_id()
    try:
        person = service.sign_in(
            current_database(), credentials, visitor=visitor(), now=clock.now()
        )
    except (Invalid, NotAllowed) as error:
        logger.warning("sign-in refused", reason=type(error).__name__, address=request.remote_addr)
        form.refuse(error)
        return _sign_in_refused(form, 422, retry_after=error.details.get("retry_after"))
    if left_session:
        transaction(lambda session: service.end_session(session, left_session))
    enter(person, how="password")
    if wants_problem():
        return show_session()
    return redirect(local_path(form.next.data, default="/"), 303)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session; a copy of its cookie is dead, and the browser forgets what it kept."""
    token = current_user.get_id()
    if token:
        transaction(lambda session: service.end_session(session, token))
        logger.info("signed out", user=current_user.public_id)
    session.clear()
    return clear_site_data(Response(status=303, headers={"Location": "/"}))


def _registration_page(form: RegisterForm) -> str:
    return render_template("accounts/register.html", form=form, password_hint=PASSWORD_HINT)


def _sign_in_page(form: SignInForm) -> str:
    left_link = resume_address(current_user) if current_user.is_guest else None
    return render_template("accounts/sign_in.html", form=form, left_link=left_link)


def _sign_in_refused(
    form: SignInForm, status: int, *, retry_after: object = None
) -> ResponseReturnValue:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    status = 429 if retry_after else status
    if wants_problem():
        sentence, *_ = (error for errors in form.errors.values() for error in errors)
        response = problem(status, str(sentence))
        response.headers.extend(headers)
        return response
    return _sign_in_page(form), status, headers
