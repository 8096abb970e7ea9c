"""The only caller of "now"."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current server time, aware and in UTC."""
    return datetime.now(UTC)
