"""Marking, apportionment and the scale, against worked values and by their laws."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.apportionment import apportion
from app.scoring.marking import item_score, normalised
from app.scoring.scale import (
    clamped_rating_bp,
    cut_bp,
    minimum_passing_raw,
    scaled_score,
)

WEIGHTS = {"1": 32, "2": 26, "3": 24, "4": 18}


@pytest.mark.parametrize(
    ("seats", "shares"),
    [
        (1, [1, 0, 0, 0]),
        (2, [1, 1, 0, 0]),
        (3, [1, 1, 1, 0]),
        (5, [2, 1, 1, 1]),
        (10, [3, 3, 2, 2]),
        (15, [5, 4, 3, 3]),
        (20, [6, 5, 5, 4]),
        (25, [8, 7, 6, 4]),
        (30, [10, 8, 7, 5]),
        (40, [13, 10, 10, 7]),
        (50, [16, 13, 12, 9]),
        (65, [21, 17, 15, 12]),
        (600, [192, 156, 144, 108]),
    ],
)
def test_apportionment_gives_the_worked_shares(seats, shares):
    assert list(apportion(seats, WEIGHTS).values()) == shares


def test_the_successor_exam_is_apportioned_by_its_own_weights():
    weights = {"1": 30, "2": 26, "3": 22, "4": 22}
    assert list(apportion(50, weights).values()) == [15, 13, 11, 11]
    assert list(apportion(65, weights).values()) == [20, 17, 14, 14]


weights_strategy = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 500), min_size=1, max_size=9
).filter(lambda weights: sum(weights.values()) > 0)


@given(st.integers(0, 1000), weights_strategy)
def test_apportionment_sums_up_and_keeps_the_quota_rule(seats, weights):
    shares = apportion(seats, weights)
    total = sum(weights.values())
    assert sum(shares.values()) == seats
    for key, weight in weights.items():
        assert seats * weight // total <= shares[key] <= -(-seats * weight // total)


@given(st.integers(0, 1000), weights_strategy, st.randoms())
def test_apportionment_does_not_depend_on_order(seats, weights, rng):
    entries = list(weights.items())
    rng.shuffle(entries)
    assert apportion(seats, dict(entries)) == apportion(seats, weights)


@given(st.integers(0, 500), st.integers(1, 12))
def test_equal_weights_differ_by_one_seat_at_most(seats, count):
    shares = apportion(seats, {str(number): 7 for number in range(count)}).values()
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(
    ("seats", "weights"), [(-1, {"a": 1}), (1, {"a": 0}), (1, {"a": -1, "b": 3})]
)
def test_apportionment_refuses_nonsense(seats, weights):
    with pytest.raises(ValueError, match="Cannot share"):
        apportion(seats, weights)


# Columns: cut, smallest passing raw score, and (raw, scaled) pairs, for 50 scored items.
SCALED = [
    (344400, 35, {0: 100, 1: 118, 34: 712, 35: 730, 36: 748, 40: 820, 45: 910, 49: 982, 50: 1000}),
    (340000, 34, {0: 100, 1: 118, 33: 701, 34: 720, 35: 737, 40: 825, 45: 912, 49: 982, 50: 1000}),
    (340001, 35, {0: 100, 1: 118, 34: 719, 35: 737, 36: 754, 40: 824, 45: 912, 49: 982, 50: 1000}),
    (349999, 35, {0: 100, 1: 117, 34: 702, 35: 720, 36: 738, 40: 813, 45: 906, 49: 981, 50: 1000}),
    (350000, 35, {0: 100, 1: 117, 34: 702, 35: 720, 36: 738, 40: 813, 45: 906, 49: 981, 50: 1000}),
    (345678, 35, {0: 100, 1: 117, 34: 709, 35: 727, 36: 745, 40: 818, 45: 909, 49: 981, 50: 1000}),
    (320000, 32, {0: 100, 1: 119, 31: 700, 32: 720, 33: 735, 40: 844, 45: 922, 49: 984, 50: 1000}),
    (360000, 36, {0: 100, 1: 117, 35: 702, 36: 720, 37: 740, 40: 800, 45: 900, 49: 980, 50: 1000}),
]


@pytest.mark.parametrize(("cut", "passing", "table"), SCALED)
def test_scaled_scores_match_the_worked_table(cut, passing, table):
    assert minimum_passing_raw(cut) == passing
    assert {raw: scaled_score(raw, scored_items=50, cut=cut) for raw in table} == table


def test_every_scaled_score_of_one_form():
    table = """100 118 137 156 175 193 212 231 250 269 287 306 325 344 363 381 400 419 438 456 475
    494 513 532 550 569 588 607 626 644 663 682 701 720 736 752 769 785 802 818 835 851 868 884 901
    917 934 950 967 983 1000"""
    assert [scaled_score(raw, scored_items=50, cut=330000) for raw in range(51)] == [
        int(number) for number in table.split()
    ]


@pytest.mark.parametrize(("raw", "cut"), [(10, 0), (10, 500000), (-1, 344400), (51, 344400)])
def test_scores_outside_a_form_are_refused(raw, cut):
    with pytest.raises(ValueError, match="outside"):
        scaled_score(raw, scored_items=50, cut=cut)


forms = st.integers(1, 280).flatmap(
    lambda items: st.tuples(st.just(items), st.integers(1, 10_000 * items - 1))
)


@given(forms)
def test_the_scale_runs_from_end_to_end_and_rises(form):
    items, cut = form
    scores = [scaled_score(raw, scored_items=items, cut=cut) for raw in range(items + 1)]
    assert scores[0] == 100
    assert scores[-1] == 1000
    assert all(type(score) is int for score in scores)
    assert all(low < high for low, high in pairwise(scores))


@given(forms, st.data())
def test_passing_means_reaching_the_cut(form, data):
    items, cut = form
    raw = data.draw(st.integers(0, items))
    assert (scaled_score(raw, scored_items=items, cut=cut) >= 720) == (10_000 * raw >= cut)


@given(forms, st.data())
def test_a_lower_cut_never_lowers_a_score(form, data):
    items, cut = form
    lower = data.draw(st.integers(1, cut))
    raw = data.draw(st.integers(0, items))
    assert scaled_score(raw, scored_items=items, cut=lower) >= scaled_score(
        raw, scored_items=items, cut=cut
    )


@given(st.lists(st.integers(2700, 9800), min_size=1, max_size=60), st.randoms())
def test_the_cut_is_the_sum_of_ratings_in_any_order(ratings, rng):
    shuffled = list(ratings)
    rng.shuffle(shuffled)
    assert cut_bp(shuffled) == cut_bp(ratings) == sum(ratings)


@given(st.lists(st.integers(2700, 9800), min_size=1, max_size=60), st.data())
def test_a_harder_item_lowers_the_cut(ratings, data):
    place = data.draw(st.integers(0, len(ratings) - 1))
    harder = list(ratings)
    harder[place] -= 1
    assert cut_bp(harder) < cut_bp(ratings)


def test_a_rating_stays_above_guessing_and_below_certainty():
    assert clamped_rating_bp(500, options=4, keys=1) == 2700
    assert clamped_rating_bp(500, options=5, keys=2) == 1200
    assert clamped_rating_bp(10_000, options=4, keys=1) == 9800
    assert clamped_rating_bp(6500, options=4, keys=1) == 6500


selections = st.lists(st.sampled_from("abcdef"), max_size=8)
keys = st.sets(st.sampled_from("abcdef"), min_size=1, max_size=3)


@given(selections, keys, st.randoms())
def test_order_and_repeats_do_not_matter(chosen, key, rng):
    shuffled = chosen * 2
    rng.shuffle(shuffled)
    assert item_score(shuffled, key) == item_score(chosen, key) == int(set(chosen) == key)
    assert normalised(shuffled) == normalised(chosen)


@given(keys, st.sampled_from("abcdef"))
def test_a_superset_a_subset_and_a_blank_score_nothing(key, letter):
    assert item_score([], key) == 0
    assert item_score(key - {min(key)}, key) == 0
    if letter not in key:
        assert item_score(key | {letter}, key) == 0


@given(selections, keys)
def test_a_wrong_answer_never_scores_less_than_a_blank(chosen, key):
    assert item_score(chosen, key) >= item_score([], key)


def test_an_item_without_a_key_cannot_be_marked():
    with pytest.raises(ValueError, match="key is empty"):
        item_score(["a"], "")
