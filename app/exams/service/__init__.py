"""The door of the exams room: its verbs, by noun."""

from app.exams.queries import AttemptKey, dealt_versions
from app.exams.service.attempts import (
    AttemptView,
    OpenAttempt,
    attempt_for_room,
    close_if_overdue,
    discard_attempt,
    end_attempt,
    everybodys_overdue_attempts,
    open_attempts,
    overdue_attempts,
    record_events,
    require_open_attempt,
)
from app.exams.service.forms import Start, start_attempt
from app.exams.service.responses import (
    SaveOutcome,
    record_change,
    record_changes,
    record_form_change,
)

__all__ = [
    "AttemptKey",
    "AttemptView",
    "OpenAttempt",
    "SaveOutcome",
    "Start",
    "attempt_for_room",
    "close_if_overdue",
    "dealt_versions",
    "discard_attempt",
    "end_attempt",
    "everybodys_overdue_attempts",
    "open_attempts",
    "overdue_attempts",
    "record_change",
    "record_changes",
    "record_events",
    "record_form_change",
    "require_open_attempt",
    "start_attempt",
]
