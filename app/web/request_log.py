"""One JSON line per request, and an id that joins it to the error page.

A line names the route, not the address: addresses of private links are secrets.
"""

import re
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

logger = structlog.get_logger("dryrun")

FOREIGN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# A probe every second would drown what matters.
QUIET_ENDPOINTS = frozenset({"web.healthz", "web.readyz"})


def configure_logging() -> None:
    """Write structured log lines as JSON to the standard error stream, in UTC."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        # Asked for at each line, because servers and tests replace the stream.
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def install(app: Flask) -> None:
    """Give every request an id, and log it when it is answered."""
    if not structlog.is_configured():
        configure_logging()
    app.before_request(_begin)
    app.after_request(_log)


def _begin() -> None:
    g.started = time.perf_counter()
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if FOREIGN_ID.fullmatch(given) else secrets.token_hex(8)


def _log(response: Response) -> Response:
    if "request_id" not in g:
        _begin()
    response.headers["X-Request-ID"] = g.request_id
    if request.endpoint in QUIET_ENDPOINTS and response.status_code < 400:
        return response
    # Only who was already asked for: a log line is not worth a statement.
    person = g.get("_login_user")
    logger.info(
        "request",
        request_id=g.request_id,
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
        user=getattr(person, "public_id", None),
        address=request.remote_addr,
    )
    return response
