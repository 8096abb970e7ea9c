"""What is offered: titles of modes, the exam to offer first, and when the real one can be sat."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

MODE_TITLES = {"exam": "Full exam", "short": "Short form"}


class SatBetween(Protocol):
    """An exam whose real counterpart can be sat between two days, either of them open."""

    @property
    def code(self) -> str:
        """Return the exam's code."""

    @property
    def sat_from(self) -> date | None:
        """Return the first day, or None when it lies in the past."""

    @property
    def sat_until(self) -> date | None:
        """Return the last day, or None when none is announced."""


def default_exam(exams: Sequence[SatBetween], *, today: date) -> str | None:
    """Return the code of the exam that can be sat today, else of the next one; None without exams.

    The dates only choose what is offered first: every exam can be practised at any time.
    """
    by_first_day = sorted(exams, key=lambda exam: (exam.sat_from or date.min, exam.code))
    for exam in by_first_day:
        if (exam.sat_from or date.min) <= today <= (exam.sat_until or date.max):
            return exam.code
    coming = [exam for exam in by_first_day if exam.sat_from and exam.sat_from > today]
    remaining = coming or by_first_day[-1:]
    return remaining[0].code if remaining else None


def lifecycle_sentence(exam: SatBetween, *, today: date) -> str:
    """Return one sentence on when the real exam can be sat."""
    if exam.sat_from and today < exam.sat_from:
        return f"The real exam can be sat from {_written(exam.sat_from)}."
    if exam.sat_until and today > exam.sat_until:
        return f"The real exam could be sat until {_written(exam.sat_until)}."
    if exam.sat_until:
        return f"The real exam can be sat until {_written(exam.sat_until)}."
    return "The real exam can be sat now."


def attempt_name(exam_code: str, mode: str) -> str:
    """Return what an attempt is called where there is little room: "DVA-C02, full exam"."""
    return f"{exam_code.upper()}, {MODE_TITLES[mode].lower()}"


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
