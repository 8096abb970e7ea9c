"""The addresses of the exam room's script: statuses, receipts, statements, nothing leaked."""

import json

import pytest

from tests.factories.golden import golden_lines

SINGLE = next(line for line in golden_lines() if len(line.key) == 1)
MULTIPLE = next(line for line in golden_lines() if len(line.key) == 2)


@pytest.fixture
def address(attempt):
    return f"/attempts/{attempt.public_id}"


def put(client, address, line=SINGLE, **body):
    return client.call(
        "PUT", f"{address}/responses/{line.position}", {"revision": 1, "options": ["b"], **body}
    )


def test_a_save_is_answered_with_a_receipt(sitting, address):
    answer = put(sitting, address, flagged=True, seconds=12, made_at="2026-09-15T11:59:59Z")
    assert answer.status_code == 200
    assert answer.json == {
        "position": SINGLE.position,
        "revision": 1,
        "saved_at": "2026-09-15T12:00:00.000Z",
        "server_time": "2026-09-15T12:00:00.000Z",
        "deadline": "2026-09-15T14:10:00.000Z",
    }


def test_a_repeated_save_keeps_its_first_time(sitting, address, clock):
    put(sitting, address)
    clock.advance(minutes=3)
    again = put(sitting, address)
    assert again.status_code == 200
    assert again.json["saved_at"] == "2026-09-15T12:00:00.000Z"
    assert again.json["server_time"] == "2026-09-15T12:03:00.000Z"


def test_a_conflict_tells_what_is_stored(sitting, address):
    put(sitting, address)
    answer = put(sitting, address, options=["c"])
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    assert answer.json["stored"]["options"] == ["b"]
    assert answer.json["revision"] == 1


def test_a_closed_attempt_answers_gone_with_the_result(sitting, address):
    put(sitting, address)
    sitting.send(f"{address}/end")
    answer = put(sitting, address, revision=2, options=["c"])
    assert answer.status_code == 410
    assert answer.json["result"] == f"{address}/result"
    assert answer.json["stored"]["options"] == ["b"]
    assert put(sitting, address).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"options": ["a", "b"]}, "options"),
        ({"options": ["f"]}, "options"),
        ({"options": "a"}, "options"),
        ({"revision": 0}, "revision"),
        ({"seconds": -4}, "seconds"),
        ({"made_at": "yesterday"}, "made_at"),
    ],
)
def test_a_malformed_save_names_its_field(sitting, address, body, field):
    answer = put(sitting, address, **body)
    assert answer.status_code == 422
    assert answer.json["field"] == field
    assert answer.json["detail"]


def test_a_body_that_is_not_json_is_refused_and_stores_nothing(sitting, address):
    answer = sitting.open(
        f"{address}/responses/{SINGLE.position}",
        method="PUT",
        data="not json",
        headers={"X-CSRFToken": sitting.csrf_token()},
    )
    assert answer.status_code == 422


def test_a_batch_answers_each_change(sitting, address):
    changes = [
        {"position": SINGLE.position, "revision": 1, "options": ["b"]},
        {"position": MULTIPLE.position, "revision": 1, "options": ["a", "b", "c"]},
        {"position": SINGLE.position, "revision": 1, "options": ["c"]},
    ]
    answer = sitting.call("POST", f"{address}/responses", {"changes": changes})
    assert answer.status_code == 200
    results = answer.json["results"]
    assert [result["status"] for result in results] == [200, 422, 409]
    assert results[1]["field"] == "options"
    assert results[2]["stored"]["options"] == ["b"]


def test_json_nested_beyond_measure_is_refused(sitting, address):
    answer = sitting.post(
        f"{address}/responses",
        data="[" * 100_000,
        headers={"X-CSRFToken": sitting.csrf_token(), "Accept": "application/json"},
    )
    assert answer.status_code == 422


def test_one_impossible_time_does_not_stop_the_batch(sitting, address):
    changes = [
        {"position": SINGLE.position, "revision": 1, "options": ["b"]},
        {
            "position": MULTIPLE.position,
            "revision": 1,
            "options": [],
            "made_at": "0001-01-01T00:00:00+14:00",
        },
    ]
    answer = sitting.call("POST", f"{address}/responses", {"changes": changes})
    assert [result["status"] for result in answer.json["results"]] == [200, 422]


@pytest.mark.parametrize("body", [{}, [], {"changes": {}}, {"changes": [{}] * 501}])
def test_a_batch_without_a_list_is_refused(sitting, address, body):
    assert sitting.call("POST", f"{address}/responses", body).status_code == 422


def test_a_foreign_attempt_is_not_found(new_client, administrator, address):
    stranger = new_client()
    stranger.sign_in_as(administrator)
    assert put(stranger, address).status_code == 404
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}/result").status_code == 404
    assert stranger.get(f"{address}/items/1").status_code == 404
    assert stranger.send(f"{address}/end").status_code == 404


def test_nobody_signed_in_is_told_to_sign_in_and_nothing_is_lost(sitting, client, address):
    put(sitting, address)
    answer = client.open(
        f"{address}/responses/{SINGLE.position}",
        method="PUT",
        json={"revision": 2, "options": ["c"]},
    )
    assert answer.status_code == 401
    assert put(sitting, address, revision=2, options=["c"]).status_code == 200


def test_a_save_without_its_token_is_refused(sitting, address):
    answer = sitting.open(
        f"{address}/responses/{SINGLE.position}",
        method="PUT",
        json={"revision": 1, "options": ["b"]},
        headers={"X-CSRFToken": "forged"},
    )
    assert answer.status_code == 403


def test_events_are_kept_and_unknown_kinds_refused(sitting, address):
    event = {"kind": "tab left", "made_at": "2026-09-15T12:00:00Z"}
    assert sitting.call("POST", f"{address}/events", [event]).status_code == 204
    bad = {"kind": "sneezed", "made_at": "2026-09-15T12:00:00Z"}
    assert sitting.call("POST", f"{address}/events", [bad]).status_code == 422
    assert sitting.call("POST", f"{address}/events", {"kind": "reload"}).status_code == 422


def test_statements_stay_within_the_budget(sitting, address, statements, engine_name):
    token = sitting.csrf_token()

    def counted(method, path, **arguments):
        statements.clear()
        response = sitting.open(path, method=method, **arguments)
        assert response.status_code < 400
        return len(statements)

    counted("GET", address)
    headers = {"X-CSRFToken": token}
    body = {"revision": 1, "options": ["b"]}
    save = counted("PUT", f"{address}/responses/{SINGLE.position}", json=body, headers=headers)
    assert save <= (2 if engine_name == "postgresql" else 3)
    assert counted("GET", address) <= 4
    assert counted("POST", f"{address}/end", headers=headers) <= 6
    sitting.secrets = set()
    assert counted("GET", f"{address}/result") <= 5
    assert counted("GET", f"{address}/result.json") <= 5


def test_the_data_block_tells_the_form_and_nothing_more(sitting, address):
    put(sitting, address, flagged=True)
    page = sitting.get(address).text
    block = page.split('id="exam-form">', 1)[1].split("</script>", 1)[0]
    assert not set(block) & set("<>&")
    data = json.loads(block)
    assert set(data) >= {
        "attempt",
        "deadline",
        "server_time",
        "grace_seconds",
        "items",
        "responses",
    }
    assert data["deadline"] == "2026-09-15T14:10:00.000Z"
    assert data["grace_seconds"] == 30
    assert [item["position"] for item in data["items"]] == list(range(1, 66))
    assert set(data["items"][0]) == {"position", "kind", "select", "stem_ref", "options"}
    for item in data["items"]:
        for reference in (item["stem_ref"], *(option["ref"] for option in item["options"])):
            assert f'id="{reference}"' in page
    assert data["responses"] == [
        {
            "position": SINGLE.position,
            "revision": 1,
            "options": ["b"],
            "flagged": True,
            "struck": [],
            "seconds": 0,
        }
    ]


def test_no_page_before_the_end_tells_skill_pretest_or_item(sitting, address):
    pages = [sitting.get(address).text, sitting.get(f"{address}/items").text]
    pages += [sitting.get(f"{address}/items/{position}").text for position in (1, 13, 65)]
    for page in pages:
        for line in golden_lines():
            assert line.item not in page
        for word in ("pretest", "is_scored", "dva-c02/", "angoff", "rationale"):
            assert word not in page
