"""Neither option ids, nor their order, nor any file the browser can fetch tells the key."""

from collections import Counter

import pytest
from sqlalchemy import select

from app.bank import service as bank
from app.bank.files import read_bank
from app.exams.assembly import AssembledForm
from app.exams.models import FormItem
from app.exams.service.forms import Dealing, Start, deal
from app.settings import PROJECT_DIRECTORY
from tests.factories.golden import EXAM, golden_lines
from tests.factories.people import make_user
from tests.fixtures.databases import REAL_BANK

FORMS = 24


@pytest.mark.parametrize("keys", [1, 2])
def test_the_key_stands_at_each_place_equally_often(session, golden_bank, now, keys):
    key_of = {line.item: line.key for line in golden_lines() if len(line.key) == keys}
    pool = bank.item_pool(session, EXAM)
    spec = bank.current_specification(session, EXAM)
    form = AssembledForm(tuple(pool.items), frozenset(i.code for i in pool.items), ())
    for seed in range(FORMS):
        user = make_user(session, now=now, email=f"{seed}@example.org")
        deal(session, Start(user.id, EXAM, "exam"), Dealing(spec, pool, form, seed), now=now)
    places: Counter[int] = Counter()
    for code, order in session.execute(select(FormItem.item_code, FormItem.option_order)):
        places.update(order.index(letter) for letter in key_of.get(code, ""))
    expected = places.total() / len(places)
    for place, count in places.items():
        # Five standard deviations of a fair draw.
        assert abs(count - expected) < 5 * expected**0.5, (place, count, expected)


def test_the_letters_of_published_keys_are_spread():
    letters: Counter[str] = Counter()
    for stored in read_bank(REAL_BANK).items:
        if stored.content.kind == "single":
            letters.update(stored.content.key)
    expected = letters.total() / 4
    assert set(letters) == set("abcd")
    assert all(abs(count - expected) < 3 * expected**0.5 for count in letters.values())


def test_no_static_file_holds_anything_of_the_bank():
    texts = [
        text
        for stored in read_bank(REAL_BANK).items
        for text in (stored.content.id, *(option.rationale for option in stored.content.options))
    ]
    for path in (PROJECT_DIRECTORY / "app" / "web" / "static").rglob("*"):
        if path.is_file() and path.suffix in {".js", ".css", ".svg"}:
            content = path.read_text(encoding="utf-8")
            assert not any(text in content for text in texts), path
