"""The headers of every response: one policy for pages and for static files."""

from collections.abc import Iterable

from flask import Flask, Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def security_headers(*, https: bool) -> Iterable[tuple[str, str]]:
    """Return the headers that every response carries, static files included."""
    yield "Content-Security-Policy", CONTENT_SECURITY_POLICY
    yield "X-Content-Type-Options", "nosniff"
    # Not "no-referrer": browsers would then send "Origin: null" with our own forms, which the
    # check for foreign requests could not tell from a foreign site.
    yield "Referrer-Policy", "same-origin"
    yield "Cross-Origin-Opener-Policy", "same-origin"
    yield "Cross-Origin-Resource-Policy", "same-origin"
    yield "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
    if https:
        yield "Strict-Transport-Security", "max-age=31536000; includeSubDomains"


def install(app: Flask, *, https: bool) -> None:
    """Set the headers after each request.

    Every page names the person or carries their token, so no cache may keep one, unless the view
    has said otherwise.
    """
    fixed = tuple(security_headers(https=https))

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers.extend(fixed)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def clear_site_data(response: Response) -> Response:
    """Tell the browser to forget what it kept for this site; for the answer to signing out."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
