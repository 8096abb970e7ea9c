"""Column types: aware UTC times, and ids made by the application."""

import secrets
import time
from datetime import UTC, datetime

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC, microseconds kept, on every database.

    A naive value is refused with ValueError: it would be a guess about a time zone.
    SQLite stores no zone, so values are written and read as UTC there.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into UTC on its way to the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass an aware datetime.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored time, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> int:
    """Return a 63-bit id that grows with time and needs no database round trip.

    42 bits of milliseconds since 1970 and 21 random bits: two ids of one millisecond collide with
    probability 1 in 2 million, which the primary key then refuses.
    """
    return (time.time_ns() // 1_000_000) << 21 | secrets.randbits(21)


def new_public_id() -> str:
    """Return an unguessable id of 22 characters (128 random bits) for addresses."""
    return secrets.token_urlsafe(16)
