"""Largest-remainder apportionment of items to domains and tasks."""

from collections.abc import Mapping


def apportion(seats: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share out whole seats in proportion to whole weights, by largest remainder.

    Each key gets the floor of its quota; the seats left go to the largest remainders, ties to the
    larger weight and then to the lower key. Integers only, independent of the mapping's order.

    Raises ValueError for negative seats, an empty mapping, a negative weight or weights of zero.
    """
    total = sum(weights.values())
    if seats < 0 or total <= 0 or min(weights.values()) < 0:
        raise ValueError(f"Cannot share {seats} seats by the weights {dict(weights)}.")
    shares = {key: seats * weight // total for key, weight in weights.items()}
    by_claim = sorted(
        weights, key=lambda key: (-(seats * weights[key] % total), -weights[key], key)
    )
    for key in by_claim[: seats - sum(shares.values())]:
        shares[key] += 1
    return shares
