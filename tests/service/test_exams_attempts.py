"""The life of an attempt: one start, three closers, one result."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update

from app import clock
from app.bank import service as bank
from app.bank.models import BankState, Item
from app.commands import sweep
from app.errors import Conflict, Gone, Invalid, NotFound
from app.exams import queries, service
from app.exams.assembly import violations
from app.exams.changes import read_change
from app.exams.models import Attempt, FormItem, Result
from app.exams.service import AttemptKey, Start
from app.exams.service.forms import form_request
from tests.factories.golden import (
    CUT_BP,
    DOMAINS,
    EXAM,
    RAW_SCORE,
    SCALED_SCORE,
    deal_golden_form,
    golden_lines,
    load_golden_bank,
)
from tests.factories.people import make_guest, make_user

MINUTES = timedelta(minutes=130)
OVER = timedelta(minutes=130, seconds=30, milliseconds=1)


def answer_all(session, attempt, now):
    batch = [
        {"position": line.position, "revision": 1, "options": list(line.answer)}
        for line in golden_lines()
        if line.answer
    ]
    outcomes = service.record_changes(session, attempt, changes=batch, now=now)
    assert {outcome.status for outcome in outcomes} == {200}


def the_attempt(session):
    return session.scalars(select(Attempt).execution_options(populate_existing=True)).one()


def the_result(session):
    return session.scalars(select(Result)).one()


def test_the_golden_attempt_gets_the_score_worked_by_hand(session, attempt, now):
    answer_all(session, attempt, now)
    service.end_attempt(session, attempt, now=now + timedelta(hours=1))
    result = the_result(session)
    assert (result.raw_score, result.scored_items) == (RAW_SCORE, 50)
    assert (result.cut_bp, result.scaled_score, result.passed) == (CUT_BP, SCALED_SCORE, True)
    assert {d["code"]: (d["right"], d["scored"]) for d in result.domains} == DOMAINS
    assert result.cause == "submitted"


def test_ending_twice_gives_the_same_result(session, attempt, now):
    service.end_attempt(session, attempt, now=now + timedelta(minutes=1))
    service.end_attempt(session, attempt, now=now + timedelta(minutes=9))
    assert the_attempt(session).finished_at == now + timedelta(minutes=1)
    assert the_result(session).created_at == now + timedelta(minutes=1)


def test_an_attempt_without_answers_scores_the_lowest_and_assesses_nothing(session, attempt, now):
    service.end_attempt(session, attempt, now=now)
    result = the_result(session)
    assert (result.raw_score, result.scaled_score, result.passed) == (0, 100, False)
    assert {domain["label"] for domain in result.domains} == {"Not assessed"}


def test_pretest_answers_change_nothing(session, attempt, now):
    batch = [
        {"position": line.position, "revision": 1, "options": list(line.key)}
        for line in golden_lines()
        if not line.is_scored
    ]
    service.record_changes(session, attempt, changes=batch, now=now)
    service.end_attempt(session, attempt, now=now)
    assert the_result(session).raw_score == 0


def test_only_what_is_overdue_is_swept(session, attempt, now):
    assert service.everybodys_overdue_attempts(session, now=now + MINUTES, limit=9) == []
    assert service.everybodys_overdue_attempts(session, now=now + OVER, limit=9) == [attempt]
    service.end_attempt(session, attempt, now=now)
    assert service.everybodys_overdue_attempts(session, now=now + OVER, limit=9) == []


def test_expiry_records_the_deadline_as_the_end(session, attempt, now):
    answer_all(session, attempt, now)
    assert service.close_if_overdue(session, attempt, now=now + OVER)
    closed = the_attempt(session)
    assert (closed.finished_at, closed.closed_by) == (now + MINUTES, "expiry")
    result = the_result(session)
    assert (result.scaled_score, result.cause) == (SCALED_SCORE, "expired")


def test_reading_closes_only_what_is_overdue(session, attempt, now):
    assert not service.close_if_overdue(session, attempt, now=now + MINUTES)
    assert service.close_if_overdue(session, attempt, now=now + OVER)
    assert service.close_if_overdue(session, attempt, now=now + OVER)
    assert the_result(session).cause == "expired"


def test_a_page_that_ends_itself_in_the_grace_records_the_deadline(session, attempt, now):
    service.end_attempt(session, attempt, now=now + MINUTES + timedelta(seconds=10))
    assert the_attempt(session).finished_at == now + MINUTES


def test_a_foreign_attempt_cannot_be_seen_ended_or_discarded(session, attempt, now):
    stranger = AttemptKey(make_guest(session, now=now).id, attempt.public_id)
    for act in (service.end_attempt, service.discard_attempt, service.attempt_for_room):
        with pytest.raises(NotFound):
            act(session, stranger, now=now)
    assert the_attempt(session).finished_at is None


def test_a_closed_attempt_is_not_shown_in_the_room(session, attempt, now):
    service.end_attempt(session, attempt, now=now)
    with pytest.raises(Gone):
        service.attempt_for_room(session, attempt, now=now)


def test_an_accidental_start_can_be_discarded_for_two_minutes(session, attempt, now):
    service.discard_attempt(session, attempt, now=now + timedelta(minutes=2))
    service.discard_attempt(session, attempt, now=now + timedelta(hours=1))
    assert the_attempt(session).closed_by == "discard"
    assert session.scalar(select(func.count()).select_from(Result)) == 0
    with pytest.raises(Conflict, match="discarded"):
        service.end_attempt(session, attempt, now=now)


def test_later_than_two_minutes_nothing_is_discarded(session, attempt, now):
    with pytest.raises(Conflict, match="first two minutes"):
        service.discard_attempt(session, attempt, now=now + timedelta(minutes=2, seconds=1))
    service.end_attempt(session, attempt, now=now + timedelta(minutes=3))
    with pytest.raises(Gone):
        service.discard_attempt(session, attempt, now=now + timedelta(minutes=3))


@pytest.fixture
def candidate(session, golden_bank, now):
    """Add a candidate beside the golden bank."""
    return make_user(session, now=now)


def start(session, user, now, mode="exam", exam=EXAM):
    return service.start_attempt(session, Start(user.id, exam, mode), now=now, seed=5)


def test_a_start_freezes_a_form_that_meets_the_specification(session, candidate, now):
    public_id = start(session, candidate, now)
    spec = bank.current_specification(session, EXAM)
    pool = {item.code: item for item in bank.item_pool(session, EXAM).items}
    rows = session.scalars(select(FormItem).order_by(FormItem.position)).all()
    assert [row.position for row in rows] == list(range(1, 66))
    scored = {row.item_code for row in rows if row.is_scored}
    items = [pool[row.item_code] for row in rows]
    relaxed = the_attempt(session).assembler.split("/")[1:]
    assert violations(items, scored, form_request(spec, spec.modes["exam"]), relaxed=relaxed) == []
    assert the_attempt(session).public_id == public_id
    assert the_attempt(session).deadline_at == now + MINUTES
    assert all(sorted(row.option_order) == list(pool[row.item_code].option_ids) for row in rows)


def test_a_second_start_resumes_the_first(session, candidate, now):
    first = start(session, candidate, now)
    assert start(session, candidate, now + timedelta(hours=1)) == first
    assert start(session, candidate, now, mode="short") != first


def test_a_start_after_expiry_closes_the_old_attempt_and_starts_anew(session, candidate, now):
    first = start(session, candidate, now)
    assert start(session, candidate, now + OVER) != first
    assert the_result(session).cause == "expired"


def test_a_short_form_has_twenty_items_that_all_score(session, candidate, now):
    start(session, candidate, now, mode="short")
    attempt = the_attempt(session)
    assert (attempt.delivered_items, attempt.scored_items) == (20, 20)
    assert attempt.deadline_at == now + timedelta(minutes=40)


def test_an_unknown_exam_or_mode_is_refused(session, candidate, now):
    with pytest.raises(NotFound):
        start(session, candidate, now, exam="dva-c99")
    with pytest.raises(Invalid):
        start(session, candidate, now, mode="marathon")


def test_a_bank_that_is_too_small_says_what_is_missing(session, now):
    user = make_user(session, now=now)
    load_golden_bank(session, now=now)
    session.execute(update(Item).where(Item.code < "q-g0000020").values(status="retired"))
    session.execute(update(BankState).values(bank_hash="0" * 64))
    with pytest.raises(Conflict, match="Domain 1 needs 21 published items and the bank has"):
        start(session, user, now)
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_discarded_items_still_count_as_unseen(session, candidate, now):
    public_id = start(session, candidate, now)
    assert len(queries.last_dealt(session, user_id=candidate.id)) == 65
    service.discard_attempt(session, AttemptKey(candidate.id, public_id), now=now)
    assert queries.last_dealt(session, user_id=candidate.id) == {}


def in_parallel(count, work):
    """Run the work in so many threads that start together; return what each gave or raised."""
    barrier, outcomes = Barrier(count), []

    def run():
        barrier.wait()
        try:
            outcomes.append(work())
        except Exception as error:
            outcomes.append(error)

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def committed_candidate(committed_database, now):
    """Commit the golden bank and a candidate; return the candidate's id."""

    def prepare(session):
        load_golden_bank(session, now=now)
        return make_user(session, now=now).id

    return committed_database.run_in_transaction(prepare)


def test_twenty_starts_at_once_give_one_attempt(committed_database, committed_candidate, now):
    order = Start(committed_candidate, EXAM, "exam")

    def start_once():
        return committed_database.run_in_transaction(
            lambda session: service.start_attempt(session, order, now=now)
        )

    outcomes = in_parallel(20, start_once)
    started = {outcome for outcome in outcomes if isinstance(outcome, str)}
    assert len(started) == 1
    assert all(isinstance(outcome, str | Conflict) for outcome in outcomes)
    with committed_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_ends_and_saves_at_once_give_one_result_that_counts_every_acknowledged_save(
    committed_database, committed_candidate, now
):
    public_id = committed_database.run_in_transaction(
        lambda session: deal_golden_form(session, user_id=committed_candidate, now=now)
    )
    key = AttemptKey(committed_candidate, public_id)
    lines = [line for line in golden_lines() if line.is_scored][:24]
    turns = iter(range(100))

    def act():
        turn = next(turns)
        if turn % 4 == 3:
            committed_database.run_in_transaction(
                lambda session: service.end_attempt(session, key, now=now)
            )
            return "ended"
        line = lines[turn - turn // 4]
        change = read_change({"revision": 1, "options": list(line.key)}, position=line.position)
        return committed_database.run_in_transaction(
            lambda session: service.record_change(session, key, change=change, now=now)
        ).status

    outcomes = in_parallel(32, act)
    assert set(outcomes) <= {"ended", 200, 410}
    with committed_database.reading() as session:
        result = session.scalars(select(Result)).one()
    assert result.raw_score == outcomes.count(200)


def test_an_attempt_that_cannot_be_scored_does_not_keep_the_others_open(
    committed_database, committed_candidate, now, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: now + OVER)

    def deal_two(session):
        other = make_guest(session, now=now)
        ids = [
            deal_golden_form(session, user_id=user_id, now=now - timedelta(minutes=late))
            for late, user_id in ((1, committed_candidate), (0, other.id))
        ]
        session.execute(update(Attempt).where(Attempt.public_id == ids[0]).values(cut_bp=0))
        return ids

    broken, sound = committed_database.run_in_transaction(deal_two)
    assert sweep(committed_database) == 1
    with committed_database.reading() as session:
        open_ids = session.scalars(select(Attempt.public_id).where(Attempt.finished_at.is_(None)))
        assert open_ids.all() == [broken]
        assert broken != sound
