"""The candidate's ability on the Rasch scale, where 0 is the just barely qualified developer.

An item's difficulty follows from its rating alone: ``b = -logit(r)``. The posterior lives on a grid
of 121 nodes from -6 to 6.
"""

from collections.abc import Sequence
from math import exp, log

from app.scoring.scale import BASIS_POINTS

GRID = tuple(-6 + node / 10 for node in range(121))


def difficulty(rating_bp: int) -> float:
    """Return the difficulty in logits of an item that ``rating_bp`` of 10,000 get right.

    Raises ValueError unless 0 < rating_bp < 10000.
    """
    if not 0 < rating_bp < BASIS_POINTS:
        raise ValueError(f"A rating of {rating_bp} basis points has no finite difficulty.")
    return -log(rating_bp / (BASIS_POINTS - rating_bp))


def probability_right(theta: float, item_difficulty: float) -> float:
    """Return the Rasch probability of a right answer."""
    return 1.0 / (1.0 + exp(item_difficulty - theta))


def posterior(
    marks: Sequence[int], difficulties: Sequence[float], *, mean: float = 0.0, sd: float = 1.0
) -> list[float]:
    """Return the posterior weights of :data:`GRID`, summing to 1, after 0/1 marks on items.

    The prior is normal with the given mean and sd. Raises ValueError when the sequences differ in
    length.
    """
    counts: dict[float, int] = {}
    for b in difficulties:
        counts[b] = counts.get(b, 0) + 1
    # With the Rasch model the marks matter only through their sum and the sum of b over rights.
    right = sum(marks)
    right_difficulty = sum(b for mark, b in zip(marks, difficulties, strict=True) if mark)
    logs = []
    for theta in GRID:
        value = right * theta - right_difficulty - ((theta - mean) / sd) ** 2 / 2
        value -= sum(count * log(1.0 + exp(theta - b)) for b, count in counts.items())
        logs.append(value)
    highest = max(logs)
    weights = [exp(value - highest) for value in logs]
    total = sum(weights)
    return [weight / total for weight in weights]


def expected_probability(weights: Sequence[float], item_difficulty: float) -> float:
    """Return the probability of a right answer, averaged over posterior weights of the grid."""
    return sum(
        weight * probability_right(theta, item_difficulty)
        for theta, weight in zip(GRID, weights, strict=True)
    )
