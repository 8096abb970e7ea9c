"""Compression of pages and JSON.

A secret and reflected input in one compressed page can be guessed from its length (BREACH) only by
somebody who can make the victim's browser send many requests with its cookie. The session cookie
is SameSite=Lax, so other sites cannot, short of visible navigation.
"""

import gzip

import brotli
from flask import Flask, Response, request

# Under this size, the header and the time cost more than the saved bytes.
MINIMUM_BYTES = 600
BROTLI_QUALITY = 4
GZIP_LEVEL = 5
COMPRESSED_TYPES = frozenset({"text/html", "application/json", "application/problem+json"})


def install(app: Flask) -> None:
    """Compress responses for browsers that accept it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in COMPRESSED_TYPES or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if response.is_streamed or "Content-Encoding" in response.headers:
        return response
    body = response.get_data()
    encoding = _encoding() if len(body) >= MINIMUM_BYTES else None
    if encoding == "br":
        # mypy: brotli is a compiled module without types.
        response.set_data(brotli.compress(body, quality=BROTLI_QUALITY))
    elif encoding == "gzip":
        response.set_data(gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0))
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def _encoding() -> str | None:
    accepted = request.accept_encodings
    # Over plain http, browsers offer brotli to this machine only: gzip is what they can take.
    return next((name for name in ("br", "gzip") if accepted.quality(name) > 0), None)
