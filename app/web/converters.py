"""Converters of addresses: what does not look like an id never reaches a query."""

from flask import Flask
from werkzeug.routing import BaseConverter


class PublicIdConverter(BaseConverter):
    """An id as ``persistence.types.new_public_id`` makes them; anything else is not found."""

    regex = "[A-Za-z0-9_-]{22}"


def install(app: Flask) -> None:
    """Offer ``<public_id:...>`` in addresses."""
    app.url_map.converters["public_id"] = PublicIdConverter
