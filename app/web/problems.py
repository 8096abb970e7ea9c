"""Answers to what goes wrong: a page for people, a problem document for programs."""

from http import HTTPStatus

import structlog
from flask import Flask, Response, g, json, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from app.errors import Conflict, DomainError, Gone, Invalid, NotAllowed, NotFound

STATUS_OF_KIND: dict[type[DomainError], int] = {
    Invalid: 422,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
}
HEADINGS = {
    401: "Sign in first",
    403: "You cannot do this",
    404: "Page not found",
    405: "You cannot do this here",
    409: "Something else happened first",
    410: "This is over",
    413: "That is too large",
    415: "That is not the right kind of data",
    422: "There is a problem",
    429: "Too many in a short time",
    503: "Dryrun is busy",
}
SENTENCES = {
    404: "There is nothing at this address, or it belongs to somebody else.",
    405: "This address does not answer that kind of request.",
    413: "What you sent is larger than this page takes.",
    415: "This address takes another kind of data.",
}
UNAVAILABLE = "Dryrun cannot reach its database just now. Try again in a few seconds."
FAILURE = "Something went wrong on our side. What you had saved is kept."
RETRY_AFTER_SECONDS = "5"

logger = structlog.get_logger("dryrun")


def wants_problem() -> bool:
    """Say whether a program is asking: it sends JSON or PUT, or does not ask for HTML."""
    return (
        request.is_json
        or request.method == "PUT"
        or "text/html" not in request.headers.get("Accept", "")
    )


def problem(status: int, detail: str, /, **fields: object) -> Response:
    """Return a problem document (RFC 9457) with the sentence and any further fields."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **fields,
    }
    return Response(
        json.dumps(document), status=status, content_type="application/problem+json; charset=utf-8"
    )


def answer(status: int, sentence: str, /, **fields: object) -> Response:
    """Return the sentence as a problem document or as a page, whichever was asked for."""
    if wants_problem():
        return problem(status, sentence, **fields)
    # The page of a failure must not ask the database who is there.
    template = "errors/failure.html" if status >= 500 else "errors/error.html"
    page = render_template(
        template,
        heading=HEADINGS.get(status, "Something went wrong"),
        sentence=sentence,
        status=status,
        request_id=g.get("request_id", ""),
    )
    return Response(page, status=status, mimetype="text/html")


def install(app: Flask) -> None:
    """Answer every error of the application."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, _unavailable)
    # One JSON line with the request's id replaces Flask's own report of an exception.
    app.logger.disabled = True


def _domain_error(error: DomainError) -> ResponseReturnValue:
    kinds = (status for kind, status in STATUS_OF_KIND.items() if isinstance(error, kind))
    return answer(next(kinds, 422), error.message, **error.details)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    if isinstance(error, InternalServerError):
        return _failure(error.original_exception or error)
    # Werkzeug's own descriptions are for programmers; ours are set on purpose.
    is_ours = error.description != type(error).description
    sentence = SENTENCES.get(status) or (error.description if is_ours else None)
    response = answer(status, sentence or "The request could not be carried out.")
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _unavailable(error: Exception) -> ResponseReturnValue:
    logger.error("database unavailable", request_id=g.get("request_id"), exc_info=error)
    response = answer(503, UNAVAILABLE)
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _failure(error: BaseException) -> ResponseReturnValue:
    request_id = g.get("request_id", "")
    logger.error("unexpected error", request_id=request_id, exc_info=error)
    return answer(500, FAILURE, request_id=request_id)
