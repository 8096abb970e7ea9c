"""Catalogue, start, room, item by item, closing: pages as a candidate meets them."""

import pytest
from sqlalchemy import select

from app.bank.models import KeyRevision
from app.exams.models import FormItem
from tests.factories.golden import golden_lines

LINE = golden_lines()[0]


def test_a_guest_is_one_click_away_from_the_list_of_exams(client, golden_bank):
    answer = client.send("/guest")
    assert (answer.status_code, answer.location) == (303, "/exams")
    page = client.get("/exams")
    assert page.status_code == 200
    assert "AWS Certified Developer - Associate" in page.text


def test_the_start_page_runs_no_clock(guest_client, golden_bank):
    page = guest_client.get("/exams/dva-c02")
    assert page.status_code == 200
    assert "130" in page.text
    assert guest_client.get("/").text.count("Resume") == 0
    assert guest_client.get("/exams/dva-c99").status_code == 404


def test_starting_twice_leads_to_the_same_attempt(guest_client, golden_bank):
    first = guest_client.send("/exams/dva-c02/attempts", mode="exam")
    assert first.status_code == 303
    again = guest_client.send("/exams/dva-c02/attempts", mode="exam")
    assert again.location == first.location
    assert guest_client.get(first.location).status_code == 200


def test_an_unknown_mode_is_refused_in_words(guest_client, golden_bank):
    answer = guest_client.send("/exams/dva-c02/attempts", mode="marathon")
    assert answer.status_code == 422
    assert "Select a full exam or a short form." in answer.text


def test_a_bank_that_is_too_small_is_explained(guest_client, golden_bank, clock):
    answer = guest_client.send("/exams/dva-c03/attempts", mode="exam")
    # The golden bank has no specification of that exam at all.
    assert answer.status_code == 404


def test_home_offers_the_open_exam_and_then_its_result(sitting, attempt):
    assert f"/attempts/{attempt.public_id}" in sitting.get("/").text
    sitting.send(f"/attempts/{attempt.public_id}/end")
    sitting.secrets = set()
    home = sitting.get("/").text
    assert f"/attempts/{attempt.public_id}/result" in home
    assert "No exam is running" in home


def test_the_exam_can_be_sat_item_by_item_without_script(sitting, attempt):
    base = f"/attempts/{attempt.public_id}/items"
    assert sitting.get(f"{base}/1").status_code == 200
    saved = sitting.send(f"{base}/1", options=list(LINE.key), revision="0", go="next")
    assert (saved.status_code, saved.location) == (303, f"{base}/2")
    assert "Complete" in sitting.get(base).text
    back = sitting.send(f"{base}/2", revision="0", go="previous")
    assert back.location == f"{base}/1"
    last = sitting.send(f"{base}/65", revision="0", go="next")
    assert sitting.get(last.location).location == base
    assert sitting.send(f"{base}/3", revision="0", go="review").location == base
    assert sitting.get(f"{base}/67").status_code == 404
    assert sitting.get(f"{base}/0").status_code == 404


def test_too_many_options_without_script_are_shown_again_with_a_sentence(sitting, attempt):
    base = f"/attempts/{attempt.public_id}/items"
    line = next(line for line in golden_lines() if len(line.key) == 1)
    answer = sitting.send(f"{base}/{line.position}", options=["a", "b"], revision="0", go="next")
    assert answer.status_code == 422
    assert "Select 1 at most" in answer.text
    assert answer.text.count(" checked") == 2


def test_an_overdue_attempt_is_offered_nowhere_for_resuming(sitting, attempt, clock):
    clock.advance(hours=3)
    for page in ("/exams", "/exams/dva-c02"):
        assert attempt.public_id not in sitting.get(page).text


@pytest.mark.parametrize("path", ["a%00b", "x", "%00" * 22, "x" * 23])
def test_an_address_that_is_no_id_is_not_found(sitting, attempt, path):
    assert sitting.get(f"/attempts/{path}").status_code == 404


@pytest.mark.parametrize("position", [10**20, 2**40, 1000])
def test_a_position_beyond_any_form_is_not_found(sitting, attempt, position):
    base = f"/attempts/{attempt.public_id}"
    body = {"revision": 1, "options": []}
    assert sitting.call("PUT", f"{base}/responses/{position}", body).status_code == 404
    # No rule takes the address; the router calls that the wrong method.
    assert sitting.send(f"{base}/items/{position}", revision="0").status_code in (404, 405)


def test_a_program_that_asks_for_the_review_too_early_is_told_so(sitting, attempt):
    answer = sitting.get(
        f"/attempts/{attempt.public_id}/review", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 409


def test_a_page_from_before_another_tab_is_told(sitting, attempt):
    address = f"/attempts/{attempt.public_id}/items/1"
    sitting.send(address, options=["a"], revision="0", go="next")
    answer = sitting.send(address, options=["b"], revision="0", go="next")
    assert answer.location == address
    assert "changed in another tab" in sitting.get(address).text


def test_an_expired_attempt_is_closed_on_read_and_shows_its_result(sitting, attempt, clock):
    base = f"/attempts/{attempt.public_id}"
    clock.advance(minutes=130, seconds=29)
    assert sitting.get(f"{base}/result").location == base
    assert (
        sitting.get(f"{base}/result.json", headers={"Accept": "application/json"}).status_code
        == 409
    )
    clock.advance(seconds=2)
    sitting.secrets = set()
    assert sitting.get(base).location == f"{base}/result"
    page = sitting.get(f"{base}/result")
    assert "time ran out" in page.text


@pytest.mark.parametrize("path", ["/result", "/review", "/result.json"])
def test_each_page_of_the_result_closes_an_expired_attempt_by_itself(sitting, attempt, clock, path):
    clock.advance(hours=3)
    sitting.secrets = set()
    assert sitting.get(f"/attempts/{attempt.public_id}{path}").status_code == 200


def test_an_accidental_start_can_be_discarded(sitting, attempt, clock):
    base = f"/attempts/{attempt.public_id}"
    assert sitting.send(f"{base}/discard").location == "/exams"
    assert sitting.get(f"{base}/result").status_code == 410
    assert base not in sitting.get("/").text


def test_nothing_is_discarded_after_two_minutes(sitting, attempt, clock):
    clock.advance(minutes=2, seconds=1)
    answer = sitting.send(f"/attempts/{attempt.public_id}/discard")
    assert answer.status_code == 409
    assert "first two minutes" in answer.text


def test_the_review_shows_keys_rationales_and_filters(sitting, attempt):
    base = f"/attempts/{attempt.public_id}"
    sitting.send(f"{base}/items/1", options=list(LINE.key), revision="0", go="next")
    assert sitting.get(f"{base}/review").location == base
    sitting.send(f"{base}/end")
    sitting.secrets = set()
    page = sitting.get(f"{base}/review").text
    assert page.count("<article") == 65
    assert "Right, and your answer" in page
    assert "is carved on stone" in page
    assert sitting.get(f"{base}/review?show=wrong").text.count("<article") == 64
    assert "Nothing here" in sitting.get(f"{base}/review?show=flagged").text
    assert sitting.get(f"{base}/review?show=nonsense").text.count("<article") == 65


def test_home_closes_what_ran_out_and_shows_its_result(sitting, attempt, clock):
    clock.advance(hours=3)
    sitting.secrets = set()
    home = sitting.get("/").text
    assert f"/attempts/{attempt.public_id}/result" in home
    assert "No exam is running" in home


def test_a_key_corrected_later_leaves_the_review_as_the_result_was_scored(
    sitting, attempt, clock, database
):
    base = f"/attempts/{attempt.public_id}"
    sitting.send(f"{base}/items/1", options=list(LINE.key), revision="0", go="next")
    sitting.send(f"{base}/end")
    clock.advance(days=1)

    def rekey(session):
        version_id = session.scalar(
            select(FormItem.item_version_id).where(FormItem.position == LINE.position)
        )
        other = next(letter for letter in "abcd" if letter not in LINE.key)
        session.add(
            KeyRevision(
                item_version_id=version_id,
                revision=2,
                action="rekey",
                key=other,
                reason="The documentation changed.",
                created_at=clock.now(),
            )
        )

    database.run_in_transaction(rekey)
    sitting.secrets = set()
    assert "Right, and your answer" in sitting.get(f"{base}/review").text
