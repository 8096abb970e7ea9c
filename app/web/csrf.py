"""Cross-site request forgery: a token in every form, and the Origin of the request.

The token comes from Flask-WTF and lives as long as the session. The check is not Flask-WTF's own
before-request hook: accounts' guard calls :func:`check` after it knows who is there, so that a
program without a session is told so (401) rather than that its token is wrong (403).
"""

from urllib.parse import urlsplit

from flask import Flask, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.exceptions import Forbidden

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
STALE = "The page you sent this from is out of date. Go back, reload it and try again."
FOREIGN = "This request came from another site, so it was not carried out."

_protection = CSRFProtect()


def install(app: Flask) -> None:
    """Let templates write tokens; nothing is checked until :func:`check` is called."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False
    )
    _protection.init_app(app)


def check() -> None:
    """Refuse (403) an unsafe request that comes from elsewhere or lacks this session's token.

    A missing Origin is accepted, because programs and old browsers send none; they still need the
    token.
    """
    if request.method not in UNSAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden(FOREIGN)
    try:
        _protection.protect()
    except CSRFError as error:
        raise Forbidden(STALE) from error


def fresh_token() -> str:
    """Return a token of the session as it is now, after it was cleared or refilled."""
    # Flask-WTF remembers the request's first token, which belongs to the session before.
    g.pop("csrf_token", None)
    return str(generate_csrf())
