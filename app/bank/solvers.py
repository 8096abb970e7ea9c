"""Solvers that look at the surface of single items and know nothing of the subject.

In a sound bank each does no better than chance. Options that tie share the point.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from app.bank.content import ItemContent, OptionContent, word_count

Measure = Callable[[ItemContent, OptionContent], int]

_TERM = re.compile(r"[a-z][a-z0-9-]{3,}")
_ABSOLUTE = re.compile(r"\b(all|every|only|always|never|any|each|must|none)\b", re.IGNORECASE)


def _terms(text: str) -> set[str]:
    return set(_TERM.findall(text.lower()))


def _alike(item: ItemContent, option: OptionContent) -> int:
    own = _terms(option.text)
    return sum(len(own & _terms(other.text)) for other in item.options if other is not option)


# Each solver picks the option with the highest measure.
SOLVERS: dict[str, Measure] = {
    "longest": lambda item, option: word_count(option.text),
    "shortest": lambda item, option: -word_count(option.text),
    "words shared with the stem": lambda item, option: len(_terms(option.text) & _terms(item.stem)),
    "most alike": _alike,
    "least alike": lambda item, option: -_alike(item, option),
    "fewest absolutes": lambda item, option: -len(_ABSOLUTE.findall(option.text)),
    "most code": lambda item, option: option.text.count("`"),
    "most capitals and digits": lambda item, option: sum(
        character.isupper() or character.isdigit() for character in option.text
    ),
    "first letter": lambda item, option: -ord(option.id),
}


@dataclass(frozen=True)
class SolverScore:
    """What share of single items a solver gets right, and what chance would give."""

    name: str
    items: int
    share: Fraction
    chance: Fraction

    @property
    def limit(self) -> float:
        """Chance and 2.5 standard errors: 95 of 100 sound banks stay below it in all nine."""
        chance = float(self.chance)
        return chance + 2.5 * sqrt(chance * (1 - chance) / self.items) if self.items else 1.0


def solver_scores(items: Iterable[ItemContent]) -> list[SolverScore]:
    """Run every solver over the single items."""
    singles = [item for item in items if item.kind == "single"]
    return [_score(name, measure, singles) for name, measure in SOLVERS.items()]


def _score(name: str, measure: Measure, items: list[ItemContent]) -> SolverScore:
    points, chance = Fraction(0), Fraction(0)
    for item in items:
        values = {option.id: measure(item, option) for option in item.options}
        best = [option for option in item.options if values[option.id] == max(values.values())]
        points += Fraction(sum(option.correct for option in best), len(best))
        chance += Fraction(1, len(item.options))
    count = len(items)
    if not count:
        return SolverScore(name, 0, Fraction(0), Fraction(0))
    return SolverScore(name, count, points / count, chance / count)
