"""A new item: its id and the letters of its key come from chance."""

import random
import re
from collections import Counter

import pytest

from app.bank.content import ItemContent
from app.bank.drafting import DraftWish, draft_item, draw_id
from app.bank.rules import structure_faults
from app.bank.schema import ITEM_ID
from tests.factories.bank import VOCABULARY, exams


def a_draft(chance: random.Random, **changes: int) -> ItemContent:
    wish = DraftWish(
        skills=("dva-c02/1.1.1",),
        service="sqs",
        constraint="ordering",
        day="2026-11-20",
        **changes,
    )
    return draft_item(wish, used=(), chance=chance)


@pytest.mark.parametrize(("options", "keys"), [(4, 1), (5, 2), (6, 2), (6, 3)])
def test_a_draft_can_be_loaded_as_it_is(options: int, keys: int) -> None:
    item = a_draft(random.Random(1), options=options, keys=keys)

    assert list(structure_faults(item, exams(), VOCABULARY)) == []
    assert item.status == "draft"


def test_every_letter_is_drawn_about_equally_often() -> None:
    chance = random.Random(7)

    counts = Counter(a_draft(chance).key for _ in range(2000))

    assert all(430 < counts[letter] < 570 for letter in "abcd"), counts


def test_an_id_is_never_one_in_use() -> None:
    first = draw_id((), random.Random(5))
    second = draw_id({first}, random.Random(5))

    assert first != second
    assert re.fullmatch(ITEM_ID, first)
    assert re.fullmatch(ITEM_ID, second)
