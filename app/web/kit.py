"""Everything a page needs, installed into an application in one call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from app.persistence.database import Database
from app.settings import Settings
from app.web import (
    assets,
    compression,
    converters,
    csrf,
    headers,
    navigation,
    problems,
    request_log,
)

# A registered person's session ends after this long in any case; the row in the database says so
# too, and this only keeps a browser from sending a dead cookie.
SESSION_LIFETIME = timedelta(days=30)


@dataclass(frozen=True)
class Kit:
    """What views need of the application; stored as ``app.extensions["dryrun"]``."""

    settings: Settings
    database: Database
    schema_is_current: Callable[[], bool]


def install(
    app: Flask,
    settings: Settings,
    database: Database,
    *,
    schema_is_current: Callable[[], bool] = lambda: True,
) -> None:
    """Give the application its database, cookies, headers, pages, static files and log.

    ``schema_is_current`` answers /readyz. The order matters: Flask runs after-request functions
    from the last to the first, so compression is registered first to see the finished response.
    """
    app.extensions["dryrun"] = Kit(settings, database, schema_is_current)
    _configure(app, settings)
    converters.install(app)
    compression.install(app)
    headers.install(app, https=settings.https)
    request_log.install(app)
    csrf.install(app)
    problems.install(app)
    # A proxy object: nobody is loaded from the database unless a page asks who is there.
    app.jinja_env.globals["current_user"] = current_user
    app.jinja_env.globals["navigation"] = navigation.entries
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    assets.install(app, settings)
    if settings.trusted_proxies:
        # X-Forwarded-Host stays out: a proxy that passes the browser's own value on would let it
        # choose the host of every link. The proxy passes Host itself.
        # For the type checker: wrapping wsgi_app is how Flask documents adding middleware.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies
        )


def current_kit() -> Kit:
    """Return the kit of the application that serves the request."""
    kit: Kit = current_app.extensions["dryrun"]
    return kit


def current_settings() -> Settings:
    """Return the settings of the application that serves the request."""
    return current_kit().settings


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # The prefix makes browsers insist on Secure, on Path=/ and on no Domain.
        SESSION_COOKIE_NAME="__Host-dryrun" if settings.https else "dryrun",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        # Otherwise every answer that is saved would carry a new cookie.
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=1024 * 1024,
    )
