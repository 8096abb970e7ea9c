"""Domain results, the Beta distribution and the ability posterior, against worked values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.scoring import domains as domains_module
from app.scoring.ability import GRID, difficulty, posterior
from app.scoring.beta import beta_cdf, beta_quantile
from app.scoring.domains import (
    MEETS,
    NEEDS_IMPROVEMENT,
    NOT_ASSESSED,
    MarkedItem,
    domain_results,
    mastery,
    reached_flags,
)

shapes = st.floats(0.05, 120)


@given(st.floats(0, 1), shapes, shapes)
def test_the_beta_tail_agrees_with_scipy(x, a, b):
    assert beta_cdf(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-9)


@given(st.floats(0.001, 0.999), st.floats(0.5, 120), st.floats(0.5, 120))
def test_the_beta_quantile_agrees_with_scipy(p, a, b):
    assert beta_quantile(p, a, b) == pytest.approx(stats.beta.ppf(p, a, b), abs=1e-9)


def test_impossible_arguments_of_the_beta_distribution_are_refused():
    with pytest.raises(ValueError, match="positive"):
        beta_cdf(0.5, 0, 1)
    with pytest.raises(ValueError, match="not a probability"):
        beta_quantile(1.5, 1, 1)


@pytest.mark.parametrize(
    ("rating_bp", "logits"),
    [
        (2500, 1.098612),
        (5000, 0),
        (6000, -0.405465),
        (6890, -0.795448),
        (7000, -0.847298),
        (7500, -1.098612),
        (8000, -1.386294),
        (9000, -2.197225),
    ],
)
def test_ratings_give_the_worked_difficulties(rating_bp, logits):
    assert difficulty(rating_bp) == pytest.approx(logits, abs=1e-6)


def test_a_rating_of_certainty_has_no_difficulty():
    with pytest.raises(ValueError, match="no finite difficulty"):
        difficulty(10_000)


# Raw score of 50 items rated .6888: mean and sd of the posterior on the grid.
@pytest.mark.parametrize(
    ("raw", "mean", "sd"),
    [
        (0, -3.487342, 0.499931),
        (25, -0.734628, 0.274622),
        (34, -0.023242, 0.293348),
        (35, 0.064114, 0.297870),
        (45, 1.216564, 0.402839),
        (50, 2.353425, 0.573427),
    ],
)
def test_the_posterior_has_the_worked_moments(raw, mean, sd):
    weights = posterior([1] * raw + [0] * (50 - raw), [difficulty(6888)] * 50)
    found = sum(theta * weight for theta, weight in zip(GRID, weights, strict=True))
    spread = sum((theta - found) ** 2 * weight for theta, weight in zip(GRID, weights, strict=True))
    assert sum(weights) == pytest.approx(1)
    assert found == pytest.approx(mean, abs=1e-6)
    assert spread**0.5 == pytest.approx(sd, abs=1e-6)


@pytest.mark.parametrize(
    ("right", "reached", "expected", "standard", "figures"),
    [
        (11, 16, 0.72, 0.70, (0.703750, 0.539355, 0.598381, 0.803422)),
        (16, 16, 0.72, 0.70, (0.860000, 0.986796, 0.778362, 0.931605)),
        (0, 16, 0.72, 0.70, (0.360000, 0.000036, 0.253952, 0.469964)),
        (6, 13, 0.68, 0.69, (0.582069, 0.116422, 0.464162, 0.697431)),
        (9, 9, 0.60, 0.70, (0.744000, 0.711219, 0.629312, 0.849855)),
        (0, 0, 0.72, 0.70, (0.720000, 0.600707, 0.572569, 0.854605)),
        (1, 2, 0.72, 0.70, (0.695556, 0.510715, 0.553682, 0.827383)),
        (2, 2, 0.72, 0.70, (0.751111, 0.714371, 0.616768, 0.872569)),
        (0, 2, 0.72, 0.70, (0.640000, 0.311306, 0.493192, 0.779610)),
    ],
)
def test_mastery_matches_the_worked_values(right, reached, expected, standard, figures):
    found = mastery(right, reached, expected=expected, standard=standard)
    names = ("mean", "probability", "low", "high")
    assert tuple(found[name] for name in names) == pytest.approx(figures, abs=1e-6)


def test_more_right_than_reached_is_refused():
    with pytest.raises(ValueError, match="impossible"):
        mastery(3, 2, expected=0.7, standard=0.7)


proportions = st.floats(0.05, 0.95)


@given(st.integers(0, 20), st.integers(1, 21), proportions, proportions)
def test_mastery_rises_with_right_answers(right, more, expected, standard):
    reached = right + more
    low = mastery(right, reached, expected=expected, standard=standard)
    high = mastery(right + 1, reached, expected=expected, standard=standard)
    assert high["mean"] > low["mean"]
    assert high["probability"] >= low["probability"]


@given(proportions, proportions)
def test_without_items_the_mean_is_what_was_expected(expected, standard):
    found = mastery(0, 0, expected=expected, standard=standard)
    assert found["mean"] == pytest.approx(expected)


@given(st.integers(0, 16), proportions, proportions, proportions)
def test_a_higher_standard_is_met_with_less_probability(right, expected, one, other):
    low, high = sorted((one, other))
    below = mastery(right, 16, expected=expected, standard=low)
    above = mastery(right, 16, expected=expected, standard=high)
    assert above["probability"] <= below["probability"] + 1e-12


def test_a_huge_prior_weight_leaves_only_what_was_expected(monkeypatch):
    monkeypatch.setattr(domains_module, "KAPPA", 1e9)
    assert mastery(0, 16, expected=0.7, standard=0.7)["mean"] == pytest.approx(0.7, abs=1e-6)


def test_a_domain_that_was_never_reached_is_not_assessed():
    items = [MarkedItem("1", 7000, 1), MarkedItem("2", 7000, 0, is_reached=False)]
    first, second, third = domain_results(items, ["1", "2", "3"])
    assert first.label in (MEETS, NEEDS_IMPROVEMENT)
    assert (second.label, second.right, second.scored) == (NOT_ASSESSED, 0, 1)
    assert (third.label, third.scored) == (NOT_ASSESSED, 0)


def test_all_right_meets_and_all_wrong_needs_improvement():
    def results(mark):
        items = [MarkedItem(str(number % 4), 6800, mark) for number in range(50)]
        return domain_results(items, ["0", "1", "2", "3"])

    assert {result.label for result in results(1)} == {MEETS}
    assert {result.label for result in results(0)} == {NEEDS_IMPROVEMENT}
    assert not any(result.is_too_close_to_call for result in results(0) + results(1))


def test_a_candidate_at_the_standard_is_too_close_to_call():
    items = [MarkedItem("1", 5000, number % 2) for number in range(16)]
    (result,) = domain_results(items, ["1"])
    assert result.is_too_close_to_call


def test_the_trailing_run_of_blanks_was_not_reached():
    assert reached_flags([False, True, False, True, True]) == [True, True, True, False, False]
    assert reached_flags([True, True]) == [False, False]
    assert reached_flags([]) == []
