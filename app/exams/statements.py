"""The statements of the save path, written out because each is its own lock.

PostgreSQL takes a share lock on the attempt inside the statement that stores the change, so that a
closer, which locks the row for update, comes wholly before it or wholly after it. SQLite has one
writer, and its transactions begin immediately, so two plain statements do.
"""

from datetime import datetime

from sqlalchemy import Boolean, TextualSelect, bindparam, text
from sqlalchemy.orm import Session

from app.exams.changes import OPTION_IDS, Change
from app.exams.queries import AttemptKey, Situation
from app.persistence.types import UtcDateTime

_TIMES = (bindparam("now", type_=UtcDateTime()), bindparam("made_at", type_=UtcDateTime()))
_FLAG = bindparam("flagged", type_=Boolean())
# A change that names an option which the item lacks matches no row; `%` stands for "none named".
_OPTIONS_EXIST = " AND ".join(f"f.option_order LIKE :option_{place}" for place in range(6))

_SITTING = f"""
  FROM attempts a
  JOIN form_items f
    ON f.user_id = a.user_id AND f.attempt_id = a.id AND f.position = :position
  LEFT JOIN responses r
    ON r.user_id = a.user_id AND r.attempt_id = a.id AND r.position = :position
  WHERE a.user_id = :user_id AND a.public_id = :public_id
    AND a.finished_at IS NULL AND a.closes_at >= :now
    AND (:has_made_at = 0 OR a.deadline_at >= :made_at)
    AND f.select_count >= :chosen AND {_OPTIONS_EXIST}
"""

_COLUMNS = (
    "user_id, attempt_id, position, revision, options, flagged, struck, seconds, made_at, saved_at"
)
_STATE = ":position, :revision, :options, :flagged, :struck, :seconds, :made_at, :now"
_UPSERT = """
  ON CONFLICT (user_id, attempt_id, position) DO UPDATE SET
    revision = excluded.revision, options = excluded.options, flagged = excluded.flagged,
    struck = excluded.struck, seconds = excluded.seconds, made_at = excluded.made_at,
    saved_at = excluded.saved_at
  WHERE responses.revision < excluded.revision
"""

_STORE_POSTGRESQL = (
    text(
        f"""
WITH sitting AS (
  SELECT a.user_id, a.id AS attempt_id, a.deadline_at, COALESCE(r.revision, 0) AS previous_revision
  {_SITTING.replace(":made_at", "CAST(:made_at AS timestamptz)")}
  FOR SHARE OF a
), stored AS (
  INSERT INTO responses ({_COLUMNS})
  SELECT user_id, attempt_id, :position, :revision, :options, :flagged, :struck, :seconds,
         CAST(:made_at AS timestamptz), :now
  FROM sitting {_UPSERT}
  RETURNING 1
), kept AS (
  INSERT INTO response_events ({_COLUMNS}, is_late, previous_revision)
  SELECT user_id, attempt_id, :position, :revision, :options, :flagged, :struck, :seconds,
         CAST(:made_at AS timestamptz), :now, false, previous_revision
  FROM sitting, stored
)
SELECT sitting.deadline_at FROM sitting, stored
"""  # noqa: S608 - constant text
    )
    .bindparams(*_TIMES, _FLAG)
    .columns(deadline_at=UtcDateTime())
)

_KEEP_SQLITE = text(
    f"""
INSERT INTO response_events (user_id, attempt_id, is_late, previous_revision, position, revision,
  options, flagged, struck, seconds, made_at, saved_at)
SELECT a.user_id, a.id, false, COALESCE(r.revision, 0), {_STATE}
{_SITTING} AND (r.revision IS NULL OR r.revision < :revision)
RETURNING attempt_id
"""
).bindparams(*_TIMES, _FLAG)

_UPSERT_SQLITE = (
    text(
        f"""
INSERT INTO responses (user_id, attempt_id, position, revision, options, flagged, struck, seconds,
  made_at, saved_at)
VALUES (:user_id, :attempt_id, {_STATE}) {_UPSERT}
RETURNING (SELECT a.deadline_at FROM attempts a
           WHERE a.user_id = :user_id AND a.id = :attempt_id) AS deadline_at
"""  # noqa: S608 - constant text
    )
    .bindparams(*_TIMES, _FLAG)
    .columns(deadline_at=UtcDateTime())
)

_KEEP_LATE = text(
    f"""
INSERT INTO response_events (user_id, attempt_id, is_late, previous_revision, position, revision,
  options, flagged, struck, seconds, made_at, saved_at)
VALUES (:user_id, :attempt_id, true, :previous_revision, {_STATE})
ON CONFLICT DO NOTHING
"""  # noqa: S608 - constant text
).bindparams(*_TIMES, _FLAG)


def store_change(
    session: Session, key: AttemptKey, *, change: Change, now: datetime
) -> datetime | None:
    """Store a change and its history row; return the deadline, or None when nothing was stored.

    One statement on PostgreSQL, two on SQLite.
    """
    letters = [f"%{letter}%" for letter in sorted(set(change.options + change.struck))]
    likes = letters + ["%"] * (len(OPTION_IDS) - len(letters))
    parameters: dict[str, object] = {
        **_state(change, now=now),
        **{f"option_{place}": like for place, like in enumerate(likes)},
        "user_id": key.user_id,
        "public_id": key.public_id,
        "chosen": len(change.options),
        "has_made_at": int(change.made_at is not None),
    }
    if session.get_bind().dialect.name == "postgresql":
        return _deadline(session, _STORE_POSTGRESQL, parameters)
    attempt_id = session.scalar(_KEEP_SQLITE, parameters)
    if attempt_id is None:
        return None
    return _deadline(session, _UPSERT_SQLITE, {**parameters, "attempt_id": attempt_id})


def keep_late_change(
    session: Session, change: Change, *, user_id: int, found: Situation, now: datetime
) -> None:
    """Append a change that came too late to the history, where it counts for nothing."""
    session.execute(
        _KEEP_LATE,
        {
            **_state(change, now=now),
            "user_id": user_id,
            "attempt_id": found.attempt_id,
            "previous_revision": found.revision or 0,
        },
    )


def _state(change: Change, *, now: datetime) -> dict[str, object]:
    return {
        "position": change.position,
        "revision": change.revision,
        "options": change.options,
        "flagged": change.flagged,
        "struck": change.struck,
        "seconds": change.seconds,
        "made_at": change.made_at,
        "now": now,
    }


def _deadline(
    session: Session, statement: TextualSelect, parameters: dict[str, object]
) -> datetime | None:
    deadline_at: datetime | None = session.scalar(statement, parameters)
    return deadline_at
