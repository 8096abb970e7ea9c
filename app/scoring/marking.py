"""Marking one item: all or nothing, as the exam's guide says."""

from collections.abc import Iterable


def normalised(option_ids: Iterable[str]) -> str:
    """Return option ids sorted, joined and without repeats: the stored form of a selection."""
    return "".join(sorted(set(option_ids)))


def item_score(chosen: Iterable[str], key: Iterable[str]) -> int:
    """Return 1 when the chosen set equals the key set, otherwise 0.

    Order and repeats do not matter; a blank, a subset and a superset of the key all score 0, so
    that no wrong answer ever scores less than a blank.
    Raises ValueError when the key is empty, because a blank would then be right.
    """
    key_set = set(key)
    if not key_set:
        raise ValueError("The key is empty; an item without a key cannot be marked.")
    return int(set(chosen) == key_set)
