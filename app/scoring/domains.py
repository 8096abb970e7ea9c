"""Domain results: a label with its band, from few items, without overstating them.

A candidate's true proportion in a domain gets a Beta distribution centred on what the whole attempt
predicts for the domain's items, worth ``KAPPA`` items, and updated by the domain's own marks. The
label compares it with the standard, the mean rating of the same items. Labels never decide pass or
fail: the exam is compensatory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.scoring.ability import difficulty, expected_probability, posterior
from app.scoring.beta import beta_cdf, beta_quantile
from app.scoring.scale import BASIS_POINTS

KAPPA = 16
POLICY_VERSION = "policy-1"
MEETS = "Meets competencies"
NEEDS_IMPROVEMENT = "Needs improvement"
NOT_ASSESSED = "Not assessed"
CLOSE_LOW, CLOSE_HIGH = 0.2, 0.8
BAND_LOW, BAND_HIGH = 0.1, 0.9


@dataclass(frozen=True)
class MarkedItem:
    """One scored item of an attempt: its domain, frozen rating and mark."""

    domain: str
    rating_bp: int
    mark: int
    # False for the trailing run of blanks: not evidence about the candidate, yet 0 in the score.
    is_reached: bool = True


@dataclass(frozen=True)
class DomainResult:
    """What one domain shows; proportions between 0 and 1."""

    code: str
    right: int
    scored: int
    reached: int
    label: str
    is_too_close_to_call: bool
    # P(true proportion >= standard), the standard, and the 80 % band with its mean.
    probability: float
    standard: float
    mean: float
    low: float
    high: float


def mastery(right: int, reached: int, *, expected: float, standard: float) -> dict[str, float]:
    """Return mean, probability to meet the standard, and the 80 % band, for one domain.

    ``expected`` is the candidate's mean predicted probability on the domain's reached items and
    ``standard`` their mean rating, both strictly between 0 and 1.
    Raises ValueError when right is outside 0..reached.
    """
    if not 0 <= right <= reached:
        raise ValueError(f"{right} right of {reached} reached items is impossible.")
    a = KAPPA * expected + right
    b = KAPPA * (1 - expected) + reached - right
    return {
        "mean": a / (a + b),
        "probability": 1 - beta_cdf(standard, a, b),
        "low": beta_quantile(BAND_LOW, a, b),
        "high": beta_quantile(BAND_HIGH, a, b),
    }


def domain_results(items: Sequence[MarkedItem], codes: Sequence[str]) -> list[DomainResult]:
    """Return one result per domain code, in the order given, from an attempt's scored items."""
    reached = [item for item in items if item.is_reached]
    weights = posterior(
        [item.mark for item in reached], [difficulty(item.rating_bp) for item in reached]
    )
    expected: Mapping[int, float] = {
        rating: expected_probability(weights, difficulty(rating))
        for rating in {item.rating_bp for item in reached}
    }
    return [
        _one_domain(code, [item for item in items if item.domain == code], expected)
        for code in codes
    ]


def _one_domain(
    code: str, items: Sequence[MarkedItem], expected: Mapping[int, float]
) -> DomainResult:
    reached = [item for item in items if item.is_reached]
    right = sum(item.mark for item in items)
    if not reached:
        return DomainResult(code, right, len(items), 0, NOT_ASSESSED, False, 0, 0, 0, 0, 0)
    standard = sum(item.rating_bp for item in reached) / (BASIS_POINTS * len(reached))
    predicted = sum(expected[item.rating_bp] for item in reached) / len(reached)
    figures = mastery(right, len(reached), expected=predicted, standard=standard)
    probability = figures["probability"]
    return DomainResult(
        code=code,
        right=right,
        scored=len(items),
        reached=len(reached),
        label=MEETS if probability >= 0.5 else NEEDS_IMPROVEMENT,
        is_too_close_to_call=CLOSE_LOW < probability < CLOSE_HIGH,
        standard=standard,
        **figures,
    )


def reached_flags(is_blank: Sequence[bool]) -> list[bool]:
    """Return, per position of a form, whether the candidate got there.

    A blank before the last answered position is an omit and was reached; the trailing run of
    blanks was not.
    """
    last = max((place for place, blank in enumerate(is_blank) if not blank), default=-1)
    return [place <= last for place in range(len(is_blank))]
