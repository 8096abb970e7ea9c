"""Where things stand on a drawing: plain coordinates, so that templates hold no arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SCALE_LEFT, SCALE_RIGHT = 10, 610
BAND_WIDTH = 200


@dataclass(frozen=True)
class ScoreScale:
    """The score on its scale: x coordinates in a drawing 620 wide."""

    score_x: int
    cut_x: int
    # Where a label of the score reads best: start, middle or end of the text at ``score_x``.
    anchor: str


@dataclass(frozen=True)
class DomainRow:
    """One domain as its table row shows it."""

    name: str
    weight: int
    right: int
    scored: int
    reached: int
    label: str
    kind: str
    is_assessed: bool
    low_percent: int
    high_percent: int
    mean_x: int
    low_x: int
    high_x: int
    standard_x: int


def score_scale(score: int, *, cut: int, minimum: int, maximum: int) -> ScoreScale:
    """Return where a scaled score and its cut stand."""

    def x(value: int) -> int:
        return SCALE_LEFT + (SCALE_RIGHT - SCALE_LEFT) * (value - minimum) // (maximum - minimum)

    place = x(score)
    anchor = "start" if place < 60 else "end" if place > 560 else "middle"
    return ScoreScale(place, x(cut), anchor)


def domain_rows(domains: list[Mapping[str, Any]]) -> list[DomainRow]:
    """Return the rows of the domain table from a result's domains."""
    return [_row(domain) for domain in domains]


def _row(domain: Mapping[str, Any]) -> DomainRow:
    is_assessed = domain["reached"] > 0
    return DomainRow(
        name=domain["name"],
        weight=domain["weight"],
        right=domain["right"],
        scored=domain["scored"],
        reached=domain["reached"],
        label=_label(domain),
        kind=_kind(domain),
        is_assessed=is_assessed,
        low_percent=round(100 * domain["low"]),
        high_percent=round(100 * domain["high"]),
        mean_x=round(BAND_WIDTH * domain["mean"]),
        low_x=round(BAND_WIDTH * domain["low"]),
        high_x=round(BAND_WIDTH * domain["high"]),
        standard_x=round(BAND_WIDTH * domain["standard"]),
    )


def _label(domain: Mapping[str, Any]) -> str:
    suffix = ", too close to call" if domain["is_too_close_to_call"] else ""
    return f"{domain['label']}{suffix}"


def _kind(domain: Mapping[str, Any]) -> str:
    if domain["reached"] == 0:
        return ""
    if domain["is_too_close_to_call"]:
        return "warn"
    return "good" if domain["label"] == "Meets competencies" else "bad"
