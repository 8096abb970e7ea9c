"""Form assembly: constraints, preference for unseen items, enemies, and clear refusals."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exams.assembly import (
    FormCannotBeFilled,
    FormRequest,
    are_enemies,
    assemble,
    violations,
)

EARLIER = datetime(2026, 9, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PlainItem:
    """A candidate for a form, without anything behind it."""

    code: str
    domain: str
    task: str
    kind: str = "single"
    r_bp: int = 7000
    tags: frozenset[str] = frozenset()
    constraint: str = "least-effort"


REQUEST = FormRequest(
    delivered={"1": 8, "2": 6},
    scored={"1": 6, "2": 5},
    task_bounds={"1.1": (3, 5), "1.2": (3, 5), "2.1": (5, 7)},
    multiple_bounds=(3, 5),
    cut_target_bp=11 * 6890,
    cut_tolerance_bp=2500,
)


def pool(size=60):
    """Return items over three tasks with ratings from 50 to 85, every third multiple response."""
    tasks = ["1.1", "1.2", "2.1"]
    return [
        PlainItem(
            code=f"q-{number:03d}",
            domain=tasks[number % 3][0],
            task=tasks[number % 3],
            kind="multiple" if number % 7 < 2 else "single",
            r_bp=5000 + 500 * (number * 5 % 8),
        )
        for number in range(size)
    ]


@pytest.mark.parametrize("seed", range(30))
def test_a_form_meets_every_constraint(seed):
    form = assemble(pool(), REQUEST, seed=seed)
    assert form.relaxed == ()
    assert violations(form.items, form.scored, REQUEST) == []
    assert len(form.items) == 14
    assert len(form.scored) == 11


def test_the_same_seed_gives_the_same_form_whatever_the_order_of_the_pool():
    first = assemble(pool(), REQUEST, seed=7)
    second = assemble(list(reversed(pool())), REQUEST, seed=7)
    assert first == second
    assert assemble(pool(), REQUEST, seed=8).items != first.items


def test_unseen_items_come_first():
    items = pool()
    seen = {item.code: EARLIER for item in items[:18]}
    form = assemble(items, REQUEST, seed=3, last_seen=seen)
    assert not {item.code for item in form.items} & set(seen)


def test_among_seen_items_the_longest_ago_come_first():
    items = pool(30)
    seen = {item.code: EARLIER + timedelta(days=number) for number, item in enumerate(items)}
    form = assemble(items, REQUEST, seed=3, last_seen=seen)
    ages = sorted(items.index(item) for item in form.items)
    assert sum(ages) / len(ages) < 12


def test_enemies_are_kept_apart():
    siblings = [
        replace(item, tags=frozenset({"retry"}), constraint="exactly-once") if number < 12 else item
        for number, item in enumerate(pool())
    ]
    for seed in range(20):
        form = assemble(siblings, REQUEST, seed=seed)
        assert sum("retry" in item.tags for item in form.items) <= 1


def test_siblings_with_another_deciding_point_are_no_enemies():
    one = PlainItem("q-1", "1", "1.1", tags=frozenset({"retry"}), constraint="ordering")
    other = PlainItem("q-2", "1", "1.1", tags=frozenset({"retry"}), constraint="durability")
    assert not are_enemies(one, other)
    assert are_enemies(one, replace(other, constraint="ordering"))
    assert not are_enemies(one, replace(other, constraint="ordering", tags=frozenset()))


def test_a_small_bank_is_refused_with_what_is_missing():
    with pytest.raises(FormCannotBeFilled) as refusal:
        assemble([item for item in pool() if item.domain == "1"], REQUEST, seed=1)
    assert refusal.value.missing == ("Domain 2 needs 6 published items and the bank has 0.",)


def test_a_bank_without_multiple_response_items_is_refused():
    singles = [replace(item, kind="single") for item in pool()]
    with pytest.raises(FormCannotBeFilled, match="needs 3 multiple-response items"):
        assemble(singles, REQUEST, seed=1)


def test_enemies_everywhere_are_refused_and_never_relaxed():
    rivals = [
        replace(item, tags=frozenset({"one"})) if item.domain == "2" else item for item in pool()
    ]
    with pytest.raises(FormCannotBeFilled, match="Domain 2 has 1 delivered"):
        assemble(rivals, REQUEST, seed=1)


def test_task_bounds_give_way_before_the_form_fails_and_it_is_recorded():
    lopsided = [replace(item, task="1.1") if item.domain == "1" else item for item in pool()]
    form = assemble(lopsided, REQUEST, seed=1)
    assert form.relaxed == ("tasks",)
    assert violations(form.items, form.scored, REQUEST, relaxed=form.relaxed) == []


def test_the_cut_target_gives_way_last():
    hard = [replace(item, r_bp=5000) for item in pool()]
    form = assemble(hard, REQUEST, seed=1)
    assert form.relaxed == ("tasks", "cut")


def test_the_check_names_each_broken_constraint():
    form = assemble(pool(), REQUEST, seed=1)
    doubled = (form.items[0], *form.items[1:-1], form.items[0])
    assert "An item occurs twice." in violations(doubled, form.scored, REQUEST)
    narrow = replace(REQUEST, cut_target_bp=1, multiple_bounds=(9, 9))
    assert len(violations(form.items, form.scored, narrow)) == 2
    fewer = violations(form.items[:-1], form.scored, REQUEST)
    assert any("delivered items" in sentence for sentence in fewer)


@settings(max_examples=40)
@given(st.integers(0, 2**48), st.integers(45, 90))
def test_no_form_breaks_what_it_claims_to_keep(seed, size):
    form = assemble(pool(size), REQUEST, seed=seed)
    assert violations(form.items, form.scored, REQUEST, relaxed=form.relaxed) == []
    assert max(Counter(item.code for item in form.items).values()) == 1
