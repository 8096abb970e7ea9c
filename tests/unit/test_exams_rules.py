"""Times, lifecycle and the reading of changes: rules without a database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.exams import timing
from app.exams.changes import read_change, read_form_change
from app.exams.lifecycle import default_exam, lifecycle_sentence

START = datetime(2026, 9, 15, 12, tzinfo=UTC)


def test_the_deadline_is_minutes_after_the_start_and_the_grace_after_that():
    deadline = timing.deadline_after(START, minutes=130)
    assert deadline == datetime(2026, 9, 15, 14, 10, tzinfo=UTC)
    closes = timing.closes_after(deadline, grace_seconds=30)
    assert not timing.is_over(closes, now=closes)
    assert timing.is_over(closes, now=closes + timedelta(microseconds=1))


@given(st.integers(-86400, 86400))
def test_a_sitting_never_records_an_end_after_its_deadline(seconds):
    now = START + timedelta(seconds=seconds)
    assert timing.finish_time(START, now=now) == min(now, START)


def test_a_start_can_be_taken_back_for_two_minutes():
    assert timing.discard_until(START) == START + timedelta(minutes=2)


@dataclass
class Exam:
    """An exam with the days on which the real one can be sat."""

    code: str
    sat_from: date | None
    sat_until: date | None


OLD = Exam("dva-c02", None, date(2026, 11, 30))
NEW = Exam("dva-c03", date(2026, 12, 1), None)


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2026, 11, 30), "dva-c02"),
        (date(2026, 12, 1), "dva-c03"),
        (date(2030, 1, 1), "dva-c03"),
    ],
)
def test_the_exam_that_can_be_sat_today_is_offered_first(today, code):
    assert default_exam([NEW, OLD], today=today) == code


def test_between_two_exams_the_coming_one_is_offered():
    late = Exam("dva-c03", date(2026, 12, 5), None)
    assert default_exam([OLD, late], today=date(2026, 12, 2)) == "dva-c03"
    assert default_exam([OLD], today=date(2027, 1, 1)) == "dva-c02"
    assert default_exam([], today=date(2027, 1, 1)) is None


def test_the_sentence_says_when_the_real_exam_can_be_sat():
    assert lifecycle_sentence(NEW, today=date(2026, 11, 21)).endswith("from 1 December 2026.")
    assert "can be sat until 30 November" in lifecycle_sentence(OLD, today=date(2026, 11, 21))
    assert "could be sat until 30 November" in lifecycle_sentence(OLD, today=date(2026, 12, 1))
    assert lifecycle_sentence(NEW, today=date(2026, 12, 2)) == "The real exam can be sat now."


def test_a_change_is_read_whole_with_its_options_in_order():
    change = read_change(
        {
            "revision": 3,
            "options": ["c", "a", "a"],
            "flagged": True,
            "struck": ["b"],
            "seconds": 41,
            "made_at": "2026-09-15T12:00:00.250Z",
        },
        position=7,
    )
    assert (change.position, change.revision, change.options) == (7, 3, "ac")
    assert (change.flagged, change.struck, change.seconds) == (True, "b", 41)
    assert change.made_at == datetime(2026, 9, 15, 12, 0, 0, 250_000, tzinfo=UTC)


def test_what_a_change_may_leave_out_has_defaults():
    change = read_change({"position": 1, "revision": 1, "options": []})
    assert (change.options, change.flagged, change.struck, change.seconds) == ("", False, "", 0)
    assert change.made_at is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ([], ""),
        ({"options": []}, "revision"),
        ({"revision": 0, "options": []}, "revision"),
        ({"revision": True, "options": []}, "revision"),
        ({"revision": "1", "options": []}, "revision"),
        ({"revision": 2**31, "options": []}, "revision"),
        ({"revision": 1}, "options"),
        ({"revision": 1, "options": "a"}, "options"),
        ({"revision": 1, "options": ["z"]}, "options"),
        ({"revision": 1, "options": ["ab"]}, "options"),
        ({"revision": 1, "options": [], "struck": [1]}, "struck"),
        ({"revision": 1, "options": [], "flagged": "yes"}, "flagged"),
        ({"revision": 1, "options": [], "seconds": -1}, "seconds"),
        ({"revision": 1, "options": [], "made_at": "noon"}, "made_at"),
        ({"revision": 1, "options": [], "made_at": "2026-09-15T12:00:00"}, "made_at"),
        ({"revision": 1, "options": [], "made_at": 5}, "made_at"),
        ({"revision": 1, "options": [], "made_at": "0001-01-01T00:00:00+14:00"}, "made_at"),
    ],
)
def test_a_malformed_change_is_refused_with_its_field(values, field):
    with pytest.raises(Invalid) as refusal:
        read_change(values, position=1)
    assert refusal.value.details["field"] == field


def test_a_batch_has_to_name_the_position():
    with pytest.raises(Invalid) as refusal:
        read_change({"revision": 1, "options": []})
    assert refusal.value.details["field"] == "position"


@pytest.mark.parametrize(
    ("revision", "options", "field"),
    [
        ("9" * 30, ["a"], "revision"),
        (str(2**31 - 1), ["a"], "revision"),
        ("one", ["a"], "revision"),
        ("1", ["%"], "options"),
        ("1", ["_"], "options"),
        ("1", ["aa"], "options"),
        ("1", ["\x00"], "options"),
    ],
)
def test_a_malformed_form_is_refused_with_its_field(revision, options, field):
    with pytest.raises(Invalid) as refusal:
        read_form_change(1, revision=revision, options=options, flagged=False)
    assert refusal.value.details["field"] == field
