"""The save protocol: what counts, what is refused, what is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.errors import Invalid, NotFound
from app.exams import service
from app.exams.changes import Change, FormChange, read_change
from app.exams.models import Response, ResponseEvent
from app.exams.service import AttemptKey
from tests.factories.golden import golden_lines
from tests.factories.people import make_guest

MINUTES = timedelta(minutes=130)
GRACE = timedelta(seconds=30)
# A single-response and a multiple-response position of the golden form.
SINGLE = next(line for line in golden_lines() if len(line.key) == 1)
MULTIPLE = next(line for line in golden_lines() if len(line.key) == 2)


def change(line, options, *, revision=1, made_at=None, **others):
    values = {"revision": revision, "options": list(options), **others}
    if made_at is not None:
        values["made_at"] = made_at.isoformat()
    return read_change(values, position=line.position)


def save(session, attempt, wanted, now):
    return service.record_change(session, attempt, change=wanted, now=now)


def stored(session, attempt, line):
    return session.scalar(select(Response).where(Response.position == line.position))


def events(session):
    return session.scalars(
        select(ResponseEvent).order_by(ResponseEvent.revision, ResponseEvent.is_late)
    ).all()


def test_a_change_is_stored_with_its_history(session, attempt, now):
    outcome = save(
        session, attempt, change(SINGLE, "b", flagged=True, struck=["a"], seconds=9), now
    )
    assert (outcome.status, outcome.revision, outcome.saved_at) == (200, 1, now)
    assert outcome.deadline_at == now + MINUTES
    row = stored(session, attempt, SINGLE)
    assert (row.options, row.flagged, row.struck, row.seconds) == ("b", True, "a", 9)
    (event,) = events(session)
    assert (event.revision, event.previous_revision, event.is_late) == (1, 0, False)


def test_a_later_revision_replaces_and_the_history_keeps_both(session, attempt, now):
    save(session, attempt, change(SINGLE, "b"), now)
    outcome = save(session, attempt, change(SINGLE, "c", revision=4), now + timedelta(seconds=5))
    assert outcome.status == 200
    row = stored(session, attempt, SINGLE)
    assert (row.options, row.revision) == ("c", 4)
    assert [(e.revision, e.previous_revision, e.options) for e in events(session)] == [
        (1, 0, "b"),
        (4, 1, "c"),
    ]


def test_the_same_change_again_is_answered_with_its_first_time(session, attempt, now):
    save(session, attempt, change(SINGLE, "b"), now)
    again = save(session, attempt, change(SINGLE, "b"), now + timedelta(minutes=1))
    assert (again.status, again.revision, again.saved_at) == (200, 1, now)
    assert len(events(session)) == 1


def test_the_same_revision_with_other_content_is_a_conflict(session, attempt, now):
    save(session, attempt, change(SINGLE, "b"), now)
    outcome = save(session, attempt, change(SINGLE, "c"), now)
    assert outcome.status == 409
    assert outcome.stored == {
        "revision": 1,
        "options": ["b"],
        "flagged": False,
        "struck": [],
        "seconds": 0,
    }
    assert stored(session, attempt, SINGLE).options == "b"


def test_an_older_revision_is_a_conflict(session, attempt, now):
    save(session, attempt, change(SINGLE, "b", revision=5), now)
    assert save(session, attempt, change(SINGLE, "c", revision=4), now).status == 409
    assert stored(session, attempt, SINGLE).options == "b"


def test_omitting_is_a_value(session, attempt, now):
    save(session, attempt, change(SINGLE, "b"), now)
    save(session, attempt, change(SINGLE, "", revision=2), now)
    assert stored(session, attempt, SINGLE).options == ""


def test_fewer_options_than_asked_are_stored(session, attempt, now):
    assert save(session, attempt, change(MULTIPLE, MULTIPLE.key[0]), now).status == 200


@pytest.mark.parametrize(
    ("line", "options", "others", "field"),
    [
        (SINGLE, "ab", {}, "options"),
        (SINGLE, "f", {}, "options"),
        (SINGLE, "a", {"struck": ["f"]}, "struck"),
        (MULTIPLE, "abc", {}, "options"),
    ],
)
def test_wrong_options_are_refused_and_store_nothing(
    session, attempt, now, line, options, others, field
):
    with pytest.raises(Invalid) as refusal:
        save(session, attempt, change(line, options, **others), now)
    assert refusal.value.details["field"] == field
    assert events(session) == []


def test_a_foreign_attempt_and_a_missing_position_are_not_found(session, attempt, now):
    other = make_guest(session, now=now)
    with pytest.raises(NotFound):
        save(session, AttemptKey(other.id, attempt.public_id), change(SINGLE, "b"), now)
    nowhere = Change(99, 1, "a", flagged=False, struck="", seconds=0, made_at=None)
    with pytest.raises(NotFound):
        save(session, attempt, nowhere, now)
    assert events(session) == []


@pytest.mark.parametrize(
    ("arrives", "made", "counts"),
    [
        (MINUTES, MINUTES, True),
        (MINUTES + GRACE, MINUTES, True),
        (MINUTES + GRACE, None, True),
        (MINUTES + GRACE + timedelta(milliseconds=1), MINUTES - timedelta(hours=1), False),
        (timedelta(minutes=5), MINUTES + timedelta(milliseconds=1), False),
    ],
)
def test_a_change_counts_until_deadline_and_grace(session, attempt, now, arrives, made, counts):
    made_at = None if made is None else now + made
    outcome = save(session, attempt, change(SINGLE, "b", made_at=made_at), now + arrives)
    assert outcome.status == (200 if counts else 410)
    (event,) = events(session)
    assert event.is_late is not counts
    assert (stored(session, attempt, SINGLE) is not None) is counts


def test_a_late_change_says_what_is_stored_and_changes_nothing(session, attempt, now):
    save(session, attempt, change(SINGLE, "b"), now)
    late = now + MINUTES + GRACE + timedelta(seconds=1)
    outcome = save(session, attempt, change(SINGLE, "c", revision=2), late)
    assert (outcome.status, outcome.revision) == (410, 1)
    assert outcome.stored["options"] == ["b"]
    assert [(event.options, event.is_late) for event in events(session)] == [
        ("b", False),
        ("c", True),
    ]


def test_after_the_end_a_repeated_change_is_still_acknowledged(session, attempt, now):
    save(session, attempt, change(SINGLE, "b"), now)
    service.end_attempt(session, attempt, now=now + timedelta(minutes=1))
    later = now + timedelta(minutes=2)
    again = save(session, attempt, change(SINGLE, "b"), later)
    assert (again.status, again.saved_at) == (200, now)
    assert save(session, attempt, change(SINGLE, "c", revision=2), later).status == 410


def test_one_bad_change_does_not_stop_the_batch(session, attempt, now):
    batch = [
        {"position": SINGLE.position, "revision": 1, "options": ["b"]},
        {"position": SINGLE.position, "revision": 1, "options": ["c"]},
        {"position": MULTIPLE.position, "revision": 1, "options": ["a", "b", "c"]},
        {"position": 99, "revision": 1, "options": []},
        "nonsense",
        {"position": MULTIPLE.position, "revision": 1, "options": ["a", "b"]},
    ]
    outcomes = service.record_changes(session, attempt, changes=batch, now=now)
    assert [outcome.status for outcome in outcomes] == [200, 409, 422, 404, 422, 200]
    assert stored(session, attempt, MULTIPLE).options == "ab"


def test_a_batch_for_a_foreign_attempt_is_not_found(session, attempt, now):
    other = make_guest(session, now=now)
    batch = [{"position": 1, "revision": 1, "options": []}]
    with pytest.raises(NotFound):
        service.record_changes(
            session, AttemptKey(other.id, attempt.public_id), changes=batch, now=now
        )


def test_a_form_without_script_keeps_strike_outs_and_times(session, attempt, now):
    save(session, attempt, change(SINGLE, "b", struck=["a"], seconds=30), now)
    form = FormChange(SINGLE.position, based_on=1, options="c", flagged=True)
    assert service.record_form_change(session, attempt, form, now=now).status == 200
    row = stored(session, attempt, SINGLE)
    assert (row.revision, row.options, row.flagged) == (2, "c", True)
    assert (row.struck, row.seconds) == ("a", 30)


def test_a_form_sent_unchanged_stores_nothing(session, attempt, now):
    form = FormChange(SINGLE.position, based_on=0, options="", flagged=False)
    assert service.record_form_change(session, attempt, form, now=now).status == 200
    assert events(session) == []


def test_a_form_from_an_old_page_is_a_conflict(session, attempt, now):
    save(session, attempt, change(SINGLE, "b", revision=3), now)
    form = FormChange(SINGLE.position, based_on=1, options="c", flagged=False)
    assert service.record_form_change(session, attempt, form, now=now).status == 409


def test_a_form_cannot_jump_ahead_of_what_is_stored(session, attempt, now):
    form = FormChange(SINGLE.position, based_on=1000, options="c", flagged=False)
    assert service.record_form_change(session, attempt, form, now=now).status == 409
    assert stored(session, attempt, SINGLE) is None


def test_every_late_change_is_kept_and_a_repeated_one_does_no_harm(session, attempt, now):
    late = now + MINUTES + GRACE + timedelta(seconds=1)
    for options in ("b", "b", "c"):
        outcome = save(session, attempt, change(SINGLE, options), late)
        assert outcome.status == 410
        late += timedelta(seconds=options == "b")
    assert save(session, attempt, change(SINGLE, "c"), late).status == 410
    assert [event.options for event in events(session)].count("c") == 1
