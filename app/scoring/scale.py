"""Cut score and the raw-to-scaled conversion ``scale-1``: integers only, rounding named once.

The standard is criterion-referenced: the cut is the sum of the Angoff ratings of the scored items,
kept in basis points (1 raw point = 10,000), so that forms of unequal difficulty ask for unequal raw
scores. The scale is two straight pieces through (0, 100), (cut, 720) and (all right, 1000).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb

SCALE_VERSION = "scale-1"
BASIS_POINTS = 10_000
HIGHEST_RATING_BP = 9_800
# A rating has to stay this far above what guessing gives.
ABOVE_GUESSING_BP = 200


@dataclass(frozen=True)
class Scale:
    """The three fixed points of a scale, in scaled points: none right, just passing, all right."""

    minimum: int = 100
    cut: int = 720
    maximum: int = 1000


def clamped_rating_bp(rating_bp: int, *, options: int, keys: int) -> int:
    """Return an Angoff rating in basis points, held between guessing + 2 points and 98 %.

    ``options`` and ``keys`` count the item's options and right options; guessing succeeds with
    probability 1 / C(options, keys), rounded half up to a basis point.
    """
    ways = comb(options, keys)
    lowest = (2 * BASIS_POINTS + ways) // (2 * ways) + ABOVE_GUESSING_BP
    return max(lowest, min(HIGHEST_RATING_BP, rating_bp))


def cut_bp(ratings_bp: Iterable[int]) -> int:
    """Return the raw cut of a form in basis points: the sum of its scored items' ratings."""
    return sum(ratings_bp)


def minimum_passing_raw(cut: int) -> int:
    """Return the smallest raw score that reaches a cut given in basis points."""
    return -(-cut // BASIS_POINTS)


def scaled_score(raw: int, *, scored_items: int, cut: int, scale: Scale | None = None) -> int:
    """Convert a raw score to the scale, rounding down.

    Floor, not round: with rounding, a raw score just under a fractional cut would print the
    passing score and fail. So ``scaled >= scale.cut`` if and only if ``10000 * raw >= cut``.

    Raises ValueError unless 0 <= raw <= scored_items and 0 < cut < 10000 * scored_items.
    """
    scale = scale or Scale()
    highest = BASIS_POINTS * scored_items
    if not 0 < cut < highest:
        raise ValueError(f"A cut of {cut} basis points is outside a form of {scored_items} items.")
    if not 0 <= raw <= scored_items:
        raise ValueError(f"A raw score of {raw} is outside 0 to {scored_items}.")
    points = BASIS_POINTS * raw
    if points >= cut:
        return scale.cut + (scale.maximum - scale.cut) * (points - cut) // (highest - cut)
    return scale.minimum + (scale.cut - scale.minimum) * points // cut
