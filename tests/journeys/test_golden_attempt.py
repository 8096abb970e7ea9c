"""A whole exam as a candidate's browser sends it, scored as it was worked by hand."""

from tests.factories.golden import (
    CUT_BP,
    DOMAINS,
    RAW_SCORE,
    SCALED_SCORE,
    deal_golden_form,
    golden_lines,
    golden_secrets,
    load_golden_bank,
)


def begin(client, guest, database, clock):
    def prepare(session):
        load_golden_bank(session, now=clock.now())
        return deal_golden_form(session, user_id=guest.id, now=clock.now())

    client.secrets = golden_secrets()
    return f"/attempts/{database.run_in_transaction(prepare)}"


def check_result(client, base):
    client.secrets = set()
    page = client.get(f"{base}/result")
    assert page.status_code == 200
    assert f"{RAW_SCORE} of 50" in page.text
    result = client.get(f"{base}/result.json", headers={"Accept": "application/json"}).json
    domains = {d["code"]: (d["right"], d["scored"]) for d in result.pop("domains")}
    assert domains == DOMAINS
    assert result == {
        "raw_score": RAW_SCORE,
        "scored_items": 50,
        "scaled_score": SCALED_SCORE,
        "passed": True,
        "cut_score": 720,
        "scale_version": "scale-1",
        "result_version": 1,
    }
    assert f"{CUT_BP / 10_000:.2f}" in page.text


def test_an_exam_saved_by_the_script_gets_the_golden_score(guest_client, guest, database, clock):
    base = begin(guest_client, guest, database, clock)
    token = guest_client.csrf_token()
    assert guest_client.get(base).status_code == 200
    for line in golden_lines():
        clock.advance(seconds=60)
        # Everybody is wrong about the first letter at first, and then decides.
        for revision, options in enumerate((["a"], list(line.answer)), start=1):
            answer = guest_client.open(
                f"{base}/responses/{line.position}",
                method="PUT",
                json={
                    "revision": revision,
                    "options": options,
                    "flagged": line.position % 9 == 0,
                    "seconds": 30 * revision,
                },
                headers={"X-CSRFToken": token},
            )
            assert answer.status_code == 200
    assert guest_client.send(f"{base}/end").location == f"{base}/result"
    check_result(guest_client, base)


def test_an_exam_sat_without_script_gets_the_golden_score(guest_client, guest, database, clock):
    base = begin(guest_client, guest, database, clock)
    for line in golden_lines():
        clock.advance(seconds=60)
        answer = guest_client.send(
            f"{base}/items/{line.position}", options=list(line.answer), revision="0", go="next"
        )
        assert answer.location == f"{base}/items/{line.position + 1}"
    guest_client.send(f"{base}/end")
    check_result(guest_client, base)


def test_an_exam_that_runs_out_of_time_counts_what_was_saved(guest_client, guest, database, clock):
    base = begin(guest_client, guest, database, clock)
    changes = [
        {"position": line.position, "revision": 1, "options": list(line.answer)}
        for line in golden_lines()
    ]
    answer = guest_client.call("POST", f"{base}/responses", {"changes": changes})
    assert {result["status"] for result in answer.json["results"]} == {200}
    clock.advance(minutes=131)
    late = guest_client.call(
        "PUT", f"{base}/responses/1", {"revision": 2, "options": [], "flagged": True}
    )
    assert late.status_code == 410
    check_result(guest_client, base)


def test_another_device_goes_on_where_the_first_one_was(
    guest_client, new_client, guest, database, clock
):
    base = begin(guest_client, guest, database, clock)
    line = golden_lines()[0]
    guest_client.call(
        "PUT", f"{base}/responses/1", {"revision": 3, "options": list(line.answer), "flagged": True}
    )
    phone = new_client()
    phone.secrets = golden_secrets()
    phone.sign_in_as(guest)
    page = phone.get(base).text
    assert '"revision":3' in page
    stale = phone.call("PUT", f"{base}/responses/1", {"revision": 2, "options": []})
    assert stale.status_code == 409
    assert stale.json["stored"]["options"] == list(line.answer)
