"""The exam room under the hands: moving, saving, losing the network, two tabs, the clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.exams.models import Attempt, ResponseEvent
from tests.factories.golden import golden_lines

SINGLES = [line for line in golden_lines() if len(line.key) == 1]
MULTIPLE = next(line for line in golden_lines() if len(line.key) == 2)
LINE = SINGLES[0]


def requests_of(page):
    seen = []
    page.on("request", lambda r: None if "favicon" in r.url else seen.append(r.url))
    return seen


def test_moving_between_questions_sends_no_request(room):
    seen = requests_of(room.page)
    where = room.page.locator("#where")
    for _ in range(10):
        room.page.keyboard.press("n")
    assert where.inner_text() == "11 of 65"
    room.page.keyboard.press("ArrowLeft")
    assert where.inner_text() == "10 of 65"
    room.page.locator("#cells a").nth(4).click()
    assert where.inner_text() == "5 of 65"
    room.page.go_back()
    assert where.inner_text() == "10 of 65"
    assert seen == []


def test_choosing_flagging_and_striking_are_saved(room):
    room.open(LINE.position)
    card = room.page.locator(f"#q{LINE.position} .opt").nth(2)
    letter = card.locator("input").get_attribute("value")
    card.locator(".text").click()
    card.locator(".strike").click()
    room.page.locator("#flag").click()
    room.page.wait_for_timeout(300)
    room.wait_for_state("All")
    stored = room.stored(LINE)
    assert (stored.options, stored.struck, stored.flagged) == (letter, letter, True)
    assert card.locator(".strike").get_attribute("aria-pressed") == "true"


def test_what_was_answered_without_a_connection_arrives_after_a_reload(room):
    saving = "**/attempts/*/responses**"
    room.page.route(saving, lambda route: route.abort())
    for line in SINGLES[:10]:
        room.open(line.position)
        room.page.keyboard.press("1")
    room.wait_for_state("Offline: 10 changes kept here")
    assert room.stored(SINGLES[0]) is None
    room.page.unroute(saving)
    room.page.reload()
    room.wait_for_state("All", seconds=10)
    for line in SINGLES[:10]:
        assert room.stored(line).options


def test_when_the_network_comes_back_nothing_has_to_be_touched(room):
    room.page.context.set_offline(True)
    room.open(LINE.position)
    room.page.keyboard.press("2")
    room.wait_for_state("Offline: 1 change kept here")
    room.page.context.set_offline(False)
    room.wait_for_state("All")
    assert room.stored(LINE).options


def test_a_second_tab_is_told_and_its_change_offered_again(room, browser):
    context = browser.new_context(storage_state=room.page.context.storage_state())
    other = context.new_page()
    for page in (room.page, other):
        page.goto(f"{room.address}#q{LINE.position}")
        page.locator(f"#q{LINE.position}").wait_for()
        page.wait_for_timeout(300)
    room.page.keyboard.press("1")
    room.page.wait_for_timeout(400)
    first = room.stored(LINE).options
    other.keyboard.press("2")
    other.locator("[data-key^=conflict]").wait_for()
    assert room.stored(LINE).options == first
    other.get_by_role("button", name="Use my change").click()
    other.wait_for_timeout(500)
    stored = room.stored(LINE)
    assert (stored.revision, stored.options != first) == (2, True)
    context.close()


def test_more_options_than_asked_are_refused_in_words(room):
    room.open(MULTIPLE.position)
    for place in range(3):
        room.page.locator(f"#q{MULTIPLE.position} .opt .text").nth(place).click()
    assert room.page.locator(f"#q{MULTIPLE.position} input:checked").count() == 2
    assert room.page.locator("#refusal").is_visible()
    room.page.wait_for_timeout(400)
    assert len(room.stored(MULTIPLE).options) == 2


def test_a_session_that_ends_keeps_everything_until_somebody_signs_in_again(room):
    context = room.page.context
    cookies = context.cookies()
    context.clear_cookies()
    room.open(LINE.position)
    room.page.keyboard.press("1")
    room.page.locator("[data-key=stopped]").wait_for()
    assert room.stored(LINE) is None
    context.clear_cookies()
    context.add_cookies(cookies)
    room.page.get_by_role("button", name="Try again").click()
    room.wait_for_state("All")
    room.page.wait_for_timeout(300)
    assert room.stored(LINE).options


def test_an_attempt_ended_elsewhere_leads_to_its_result(room):
    token = room.page.locator("meta[name=csrf-token]").get_attribute("content")
    room.page.request.post(f"{room.address}/end", form={"csrf_token": token})
    room.page.keyboard.press("1")
    room.page.wait_for_url("**/result")


def test_an_accidental_start_is_taken_back(room):
    room.page.get_by_role("button", name="Discard this exam").click()
    room.page.locator("#discard-now").click()
    room.page.wait_for_url("**/exams")


def test_the_page_ends_the_exam_at_the_servers_deadline(room):
    soon = datetime.now(UTC) + timedelta(seconds=4)

    def shorten(session):
        session.execute(
            update(Attempt)
            .where(Attempt.public_id == room.public_id)
            .values(deadline_at=soon, closes_at=soon + timedelta(seconds=30))
        )

    room.served.database.run_in_transaction(shorten)
    room.page.reload()
    room.wait_for_state("All")
    room.open(LINE.position)
    room.page.keyboard.press("1")
    room.page.wait_for_url("**/result", timeout=12_000)
    assert room.page.get_by_text("time ran out").is_visible()
    assert room.stored(LINE).options


@pytest.mark.parametrize("hours", [26, -26])
def test_the_devices_clock_does_not_matter(room, hours):
    room.page.evaluate(
        "ms => { const real = Date.now.bind(Date); Date.now = () => real() + ms; }",
        hours * 3_600_000,
    )
    room.page.wait_for_timeout(2_200)
    assert room.page.locator("#clock").inner_text().startswith("2:09")


def test_shortcuts_rest_while_help_is_open(room):
    room.page.keyboard.press("?")
    room.page.keyboard.press("n")
    assert room.page.locator("#where").inner_text() == "1 of 65"
    room.page.keyboard.press("Escape")
    room.page.keyboard.press("n")
    assert room.page.locator("#where").inner_text() == "2 of 65"


SAVING = "**/attempts/*/responses**"
WAITING = """async () => {
    const request = indexedDB.open("dryrun-room");
    await new Promise((done) => { request.onsuccess = done; });
    const database = request.result;
    const rows = database.transaction("waiting").objectStore("waiting").getAll();
    await new Promise((done) => { rows.onsuccess = done; });
    database.close();
    return rows.result.map((row) => [row.position, row.revision, row.quiet]);
}"""
GO_TO_BACKGROUND = """() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def second_device(room, browser):
    """Return the same room opened on a second device, at the first question."""
    context = browser.new_context(storage_state=room.page.context.storage_state())
    other = replace(room, page=context.new_page())
    other.page.goto(room.address)
    other.wait_for_state("All")
    yield other
    context.close()


def answer(room, line, key):
    room.open(line.position)
    room.page.keyboard.press(key)
    room.page.wait_for_timeout(300)
    room.wait_for_state("All")
    return room.stored(line).options


def letter_of(room, line, place):
    options = room.page.locator(f"#q{line.position} .opt input")
    return options.nth(place - 1).get_attribute("value")


def test_looking_at_a_question_does_not_undo_another_devices_answer(room, second_device):
    for _ in range(2):
        second_device.open(LINE.position)
        second_device.open("navigator")
    chosen = answer(room, LINE, "1")
    second_device.page.evaluate(GO_TO_BACKGROUND)
    second_device.page.wait_for_timeout(500)
    stored = room.stored(LINE)
    assert (stored.options, stored.revision) == (chosen, 1)
    assert second_device.page.locator("[data-key^=conflict]").count() == 0
    assert second_device.option(LINE, chosen).is_checked()


def test_answers_changed_offline_do_not_undo_another_devices_answer(room, second_device):
    second_device.page.context.set_offline(True)
    second_device.open(LINE.position)
    for key in "234":
        second_device.page.keyboard.press(key)
        second_device.page.wait_for_timeout(150)
    second_device.wait_for_state("Offline: 1 change kept here")
    chosen = answer(room, LINE, "1")
    second_device.page.context.set_offline(False)
    second_device.page.locator("[data-key^=conflict]").wait_for()
    assert (room.stored(LINE).options, room.stored(LINE).revision) == (chosen, 1)
    second_device.page.get_by_role("button", name="Use my change").click()
    second_device.page.wait_for_timeout(400)
    assert room.stored(LINE).options == letter_of(second_device, LINE, 4)


def test_a_save_whose_answer_got_lost_is_not_taken_for_somebody_elses(room):
    def lose_the_answer(route):
        route.fetch()
        route.abort()

    room.page.route(SAVING, lose_the_answer, times=1)
    room.open(LINE.position)
    room.page.keyboard.press("1")
    room.wait_for_state("Offline")
    assert room.stored(LINE).options == letter_of(room, LINE, 1)
    room.page.keyboard.press("2")
    room.page.wait_for_timeout(300)
    room.wait_for_state("All")
    assert room.page.locator("[data-key^=conflict]").count() == 0
    assert room.stored(LINE).options == letter_of(room, LINE, 2)
    assert room.page.evaluate(WAITING) == []


def test_quick_changes_of_one_answer_end_with_the_last(room):
    room.open(LINE.position)
    for key in "1234":
        room.page.keyboard.press(key)
    room.page.wait_for_timeout(600)
    room.wait_for_state("All")
    assert room.stored(LINE).options == letter_of(room, LINE, 4)
    assert room.page.locator("[data-key^=conflict]").count() == 0


def test_a_discard_that_the_server_refuses_loses_nothing(room):
    room.page.route(SAVING, lambda route: route.abort())
    room.open(LINE.position)
    room.page.keyboard.press("1")
    room.wait_for_state("Offline: 1 change kept here")

    def make_older(session):
        session.execute(
            update(Attempt)
            .where(Attempt.public_id == room.public_id)
            .values(started_at=datetime.now(UTC) - timedelta(minutes=5))
        )

    room.served.database.run_in_transaction(make_older)
    room.page.get_by_role("button", name="Discard this exam").click()
    room.page.locator("#discard-now").click()
    room.page.locator("[data-key=discard]", has_text="first two minutes").wait_for()
    assert [LINE.position, 1, False] in room.page.evaluate(WAITING)
    room.page.unroute(SAVING)
    room.page.reload()
    room.wait_for_state("All", seconds=10)
    assert room.stored(LINE).options


def test_a_discard_leaves_nothing_in_the_browser(room):
    room.page.route(SAVING, lambda route: route.abort())
    room.page.keyboard.press("1")
    room.wait_for_state("Offline: 1 change kept here")
    room.page.get_by_role("button", name="Discard this exam").click()
    room.page.locator("#discard-now").click()
    room.page.wait_for_url("**/exams")
    assert room.page.evaluate(WAITING) == []


def test_ending_in_one_tab_brings_another_tabs_changes_too(room):
    other = replace(room, page=room.page.context.new_page())
    other.page.goto(room.address)
    other.wait_for_state("All")
    other.page.route(SAVING, lambda route: route.abort())
    other.open(LINE.position)
    place = letter_of(other, LINE, 1)
    other.page.keyboard.press("1")
    other.wait_for_state("Offline: 1 change kept here")
    room.open("review")
    room.page.locator("#end-ask").click()
    room.page.locator("#end-now").click()
    room.page.wait_for_url("**/result")
    assert room.stored(LINE).options == place
    score = room.page.request.get(f"{room.address}/result.json").json()
    assert score["raw_score"] == (1 if place in LINE.key and LINE.is_scored else 0)


def test_everything_queued_is_handed_over_before_the_page_leaves_for_the_result(room):
    room.page.route(SAVING, lambda route: route.abort())
    for line in SINGLES[:3]:
        room.open(line.position)
        room.page.keyboard.press("1")
    room.wait_for_state("Offline: 3 changes kept here")
    token = room.page.locator("meta[name=csrf-token]").get_attribute("content")
    room.page.request.post(f"{room.address}/end", form={"csrf_token": token})
    room.page.unroute(SAVING)
    room.page.wait_for_url("**/result", timeout=12_000)
    assert room.page.evaluate(WAITING) == []
    with room.served.database.reading() as session:
        late = session.scalars(
            select(ResponseEvent.position)
            .join(Attempt, Attempt.id == ResponseEvent.attempt_id)
            .where(Attempt.public_id == room.public_id)
        ).all()
    assert {line.position for line in SINGLES[:3]} <= set(late)
