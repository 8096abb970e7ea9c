"""Who is there, and may they: the guard before every view."""

from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, redirect, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from app import clock
from app.accounts import service
from app.accounts.person import Anonymous, Person
from app.accounts.throttle import MinuteGate
from app.errors import NotAllowed
from app.web import csrf
from app.web.access import access_of
from app.web.database import reading, transaction
from app.web.kit import current_settings
from app.web.problems import problem, wants_problem

GATE = "dryrun.arrivals"
SIGN_IN_FIRST = "Sign in first. Your session has ended or there was none."
LACKING = "Your account does not have the permission that this needs."


def install(app: Flask) -> None:
    """Load people by their session's token, and guard every view; call it after web's kit."""
    manager = LoginManager()
    # The cookie's token is checked against its row at every request, which is stricter.
    manager.session_protection = None
    manager.anonymous_user = Anonymous
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(load_person)
    app.extensions[GATE] = MinuteGate(app.extensions["dryrun"].settings.guests_per_minute)
    app.before_request(guard)


def load_person(token: str) -> Person | None:
    """Return whose session the token is, in one statement, or None."""
    now = clock.now()
    with reading() as session:
        found = service.identify(session, token, now=now)
    if found is None:
        return None
    person, is_stale = found
    if is_stale:
        transaction(lambda session: service.touch_session(session, token, now=now))
    return person


def guard() -> ResponseReturnValue | None:
    """Enforce the view's access rule, then the CSRF check; None lets the request through.

    In that order, so that a program whose session has ended is told that (401) and not that its
    token is wrong (403).
    """
    if request.endpoint is None:
        # There is no such address, or not with this method: nothing will be carried out.
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    if not access.is_public:
        if not current_user.is_authenticated:
            return _ask_to_sign_in()
        if access.permission is not None and not current_user.can(access.permission):
            raise NotAllowed(LACKING)
    csrf.check()
    return None


def local_path(target: str | None, *, default: str) -> str:
    """Return the target when it is a path of this site, else the default.

    Browsers read backslashes as slashes and drop control characters, so neither may be in it.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return default
    if "\\" in target or not target.isprintable() or urlsplit(target).netloc:
        return default
    return target


def admits_arrival(address: str) -> bool:
    """Count one guest or registration from the address; say whether it is within the limit."""
    gate: MinuteGate = current_app.extensions[GATE]
    return gate.admits(address, now=clock.now())


def resume_address(person: Person) -> str:
    """Return the whole address of the guest's resume link."""
    token = service.resume_token(person.public_id, secret_key=current_settings().secret_key)
    return f"{request.host_url}resume/{token}"


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_problem():
        return problem(401, SIGN_IN_FIRST)
    query = urlencode({"next": _page_to_come_back_to()})
    return redirect(f"/sign-in?{query}", 303)


def _page_to_come_back_to() -> str:
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    adapter = request_ctx.url_adapter
    # Where a form was sent to its own page, that page; elsewhere there is nothing to show.
    has_page = adapter is not None and adapter.test(request.path, method="GET")
    return request.path if has_page else "/"
