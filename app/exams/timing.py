"""When an attempt ends, and whether a change still counts: decisions about times, nothing else."""

from datetime import datetime, timedelta

# An accidental start can be taken back this long.
DISCARD_SECONDS = 120


def deadline_after(started_at: datetime, *, minutes: int) -> datetime:
    """Return the deadline of an attempt started at a time, for so many minutes of work."""
    return started_at + timedelta(minutes=minutes)


def closes_after(deadline_at: datetime, *, grace_seconds: int) -> datetime:
    """Return the last moment at which a change made in time may still arrive."""
    return deadline_at + timedelta(seconds=grace_seconds)


def is_over(closes_at: datetime, *, now: datetime) -> bool:
    """Tell whether even the grace has passed, so that anybody may close the attempt."""
    return now > closes_at


def finish_time(deadline_at: datetime, *, now: datetime) -> datetime:
    """Return what a sitting closed now records as its end: never later than its deadline."""
    return min(now, deadline_at)


def discard_until(started_at: datetime) -> datetime:
    """Return the last moment at which an accidental start can be taken back."""
    return started_at + timedelta(seconds=DISCARD_SECONDS)
