"""What makes a version, what the key is, how a rating is clamped."""

from dataclasses import replace

import pytest

from app.bank.content import (
    forbidden_character,
    item_content,
    pool_item,
    select_count,
    word_count,
)
from app.scoring.scale import clamped_rating_bp
from tests.factories.bank import an_item, an_option


def test_kind_stem_and_option_texts_make_the_version() -> None:
    item = an_item()
    options = (an_option(0, correct=True, text="Another text."), *item.options[1:])

    others = [
        replace(item, kind="multiple"),
        replace(item, stem=item.stem + " "),
        replace(item, options=options),
    ]

    assert len({other.version_hash for other in [item, *others]}) == 4


def test_everything_else_is_an_edition_of_the_same_version() -> None:
    item = an_item()

    others = [
        an_item(key="b"),
        replace(item, angoff=55, status="published", verified="2027-01-01"),
        replace(item, tags=("queue",), explanation="Another one.\nIndeed."),
        replace(item, outline=("dva-c03/2.1.1",), references=(), services=("lambda",)),
    ]

    assert {other.version_hash for other in others} == {item.version_hash}


def test_an_item_survives_being_a_document() -> None:
    item = an_item(key="bd", tags=("b", "a"))

    assert item_content(item.document()) == replace(item, tags=("a", "b"))


def test_what_is_absent_has_no_field_in_the_document() -> None:
    document = an_item().document()

    assert "tags" not in document
    assert "confuses" not in document["options"][0]
    assert "correct" not in document["options"][1]


def test_text_is_brought_to_one_form() -> None:
    document = an_item().document()
    document["stem"] = "\r\nCafe\u0301 one.  \r\nTwo.\r\n\r\nWhich?\n\n"

    assert item_content(document).stem == "Caf\u00e9 one.\nTwo.\n\nWhich?"


@pytest.mark.parametrize(
    ("stem", "count"),
    [
        ("Which?", 1),
        ("Which? (Select TWO.)", 2),
        ("Which? (Select THREE.)\n", 3),
        ("(Select TWO.) Which?", 1),
    ],
)
def test_the_stem_says_how_many_options_are_asked_for(stem: str, count: int) -> None:
    assert select_count(stem) == count


@pytest.mark.parametrize(
    ("rating", "options", "selected", "clamped"),
    [
        (500, 4, 1, 2700),
        (2700, 4, 1, 2700),
        (7000, 4, 1, 7000),
        (9900, 4, 1, 9800),
        (500, 5, 2, 1200),
        (500, 6, 2, 867),
        (500, 6, 3, 700),
    ],
)
def test_a_rating_stays_above_guessing(
    rating: int, options: int, selected: int, clamped: int
) -> None:
    assert clamped_rating_bp(rating, options=options, keys=selected) == clamped


def test_the_pool_knows_an_item_by_the_first_skill_of_each_exam() -> None:
    item = an_item(outline=("dva-c03/1.1.2", "dva-c02/2.1.1", "dva-c02/1.1.1"), key="be")

    in_pool = pool_item(item, "dva-c02", version_id=5)

    assert in_pool is not None
    assert (in_pool.domain, in_pool.task, in_pool.skill) == ("2", "2.1", "2.1.1")
    assert (in_pool.select_count, in_pool.option_ids, in_pool.r_bp) == (2, "abcde", 7000)
    assert (in_pool.service, in_pool.version_id) == ("sqs", 5)
    assert pool_item(item, "other", version_id=5) is None


def test_words_are_counted_without_code() -> None:
    assert word_count("One two.\n\n```json\n{'a': 1}\n```\n\nThree?") == 3


@pytest.mark.parametrize("character", ["\x00", "\x08", "\r", "\x85", "\u2028", "\u2029", "\ufeff"])
def test_control_characters_are_found(character: str) -> None:
    assert forbidden_character(f"ab{character}c") == 2


def test_tabs_and_line_feeds_are_text() -> None:
    assert forbidden_character("a\tb\nc\u00e9") is None
