"""Blind readings: sheets without a key, rows that parse, agreement with the present version."""

from dataclasses import replace

import pytest

from app.bank.reviews import COLUMNS, Reading, blind_sheet, parse_readings, review_findings
from tests.factories.bank import an_item

HEADER = ",".join(COLUMNS)
PUBLISHED = an_item(1, key="b", status="published")


def a_reading(**changes: object) -> Reading:
    reading = Reading(
        item=PUBLISHED.id,
        version=PUBLISHED.review_hash,
        answer="b",
        two_defensible=False,
        date="2026-11-20",
    )
    return replace(reading, **changes)


def test_a_sheet_holds_stems_and_options_and_nothing_else() -> None:
    sheet = blind_sheet([PUBLISHED], seed=1)

    assert PUBLISHED.stem in sheet
    assert all(f"({option.id}) {option.text}" in sheet for option in PUBLISHED.options)
    assert f"{PUBLISHED.id},{PUBLISHED.review_hash}" in sheet
    for secret in (
        "why",
        "queue-keeps-order",
        "first-in first-out queue keeps",
        "correct",
        "angoff",
    ):
        assert secret not in sheet


def test_a_sheet_does_not_depend_on_the_key() -> None:
    assert blind_sheet([an_item(key="a")], seed=1) == blind_sheet([an_item(key="d")], seed=1)


def test_the_order_of_options_comes_from_the_seed() -> None:
    sheets = {blind_sheet([PUBLISHED], seed=seed) for seed in range(20)}

    assert len(sheets) > 5
    assert blind_sheet([PUBLISHED], seed=3) == blind_sheet([PUBLISHED], seed=3)


def test_rows_are_read_in_order() -> None:
    text = f"{HEADER}\nq-00000001,{'a' * 16},ad,yes,2026-11-20\n"

    readings, findings = parse_readings(text, "reviews.csv", COLUMNS)

    assert findings == []
    assert (readings[0].answer, readings[0].two_defensible, readings[0].line) == ("ad", True, 2)


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (f"q-1,{'a' * 16},a,no,2026-11-20", "item", "the id of an item"),
        ("q-00000001,abc,a,no,2026-11-20", "version", "16 characters"),
        (f"q-00000001,{'a' * 16},da,no,2026-11-20", "answer", "sorted"),
        (f"q-00000001,{'a' * 16},a,maybe,2026-11-20", "two_defensible", "yes or no"),
        (f"q-00000001,{'a' * 16},a,no,today", "date", "a day"),
        ("q-00000001,a", "", "has 2 values"),
    ],
)
def test_a_malformed_row_is_found(row: str, field: str, words: str) -> None:
    readings, findings = parse_readings(f"{HEADER}\n{row}\n", "reviews.csv", COLUMNS)

    assert readings == []
    assert [(finding.line, finding.field) for finding in findings] == [(2, field)]
    assert words in findings[0].sentence


def test_a_missing_header_is_found() -> None:
    assert parse_readings("q-1,a\n", "reviews.csv", COLUMNS)[1][0].line == 1


def test_an_agreeing_reading_of_the_present_version_is_enough() -> None:
    assert review_findings([PUBLISHED], [a_reading()]) == []


@pytest.mark.parametrize(
    "readings",
    [
        [],
        [a_reading(version="0" * 16)],
        [a_reading(answer="a")],
        [a_reading(answer="")],
        [a_reading(two_defensible=True)],
        [a_reading(), a_reading(answer="c")],
    ],
)
def test_a_published_item_without_one_is_found(readings: list[Reading]) -> None:
    findings = review_findings([PUBLISHED], readings)

    assert [finding.field for finding in findings] == ["item"]
    assert PUBLISHED.id in findings[0].sentence


def test_a_later_agreeing_reading_counts() -> None:
    assert review_findings([PUBLISHED], [a_reading(answer="a"), a_reading()]) == []


def test_items_that_are_not_published_need_no_reading() -> None:
    assert review_findings([an_item(status="review"), an_item(2, status="draft")], []) == []


def test_a_row_of_an_unknown_item_is_found() -> None:
    findings = review_findings([], [a_reading(line=4)])

    assert [(finding.line, finding.field) for finding in findings] == [(4, "item")]
