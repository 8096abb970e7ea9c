"""Choosing the items of a form: the constraints, a greedy assembler and an independent check.

The assembler takes unseen items first, then the least recently seen, inside exact domain counts,
task bounds and the number of multiple-response items, keeps enemies apart, and then decides which
items score so that the ratings add up to the cut target. Everything random follows from one seed.
``violations`` re-checks a finished form without knowing how it was made.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from typing import Generic, Protocol, TypeVar

ASSEMBLER = "greedy-1"
# Orders derived from one seed that are tried before a constraint is relaxed.
TRIES = 12
# What may be given up, in this order; domain counts, enemies and single use never are.
RELAXATIONS: tuple[tuple[str, ...], ...] = ((), ("tasks",), ("tasks", "cut"))
NEVER_SEEN = datetime.min.replace(tzinfo=UTC)


class Candidate(Protocol):
    """What the assembler has to know about an item version."""

    @property
    def code(self) -> str:
        """Return the item's code."""

    @property
    def kind(self) -> str:
        """Return ``single`` or ``multiple``."""

    @property
    def domain(self) -> str:
        """Return the domain code for the exam being assembled."""

    @property
    def task(self) -> str:
        """Return the task code for the exam being assembled."""

    @property
    def r_bp(self) -> int:
        """Return the rating in basis points."""

    @property
    def tags(self) -> frozenset[str]:
        """Return the tags that mark siblings."""

    @property
    def constraint(self) -> str:
        """Return the deciding point."""


C = TypeVar("C", bound=Candidate)


@dataclass(frozen=True)
class FormRequest:
    """What a form must be; counts in items, ratings in basis points, bounds inclusive."""

    delivered: Mapping[str, int]
    scored: Mapping[str, int]
    task_bounds: Mapping[str, tuple[int, int]]
    multiple_bounds: tuple[int, int]
    cut_target_bp: int
    cut_tolerance_bp: int


@dataclass(frozen=True)
class AssembledForm(Generic[C]):
    """Items in the order dealt, the codes of those that score, and what had to be relaxed."""

    items: tuple[C, ...]
    scored: frozenset[str]
    relaxed: tuple[str, ...]


class FormCannotBeFilled(Exception):  # noqa: N818 - named after what the reader must know
    """The pool does not hold the form that was asked for; ``missing`` has a sentence per lack."""

    def __init__(self, missing: Sequence[str]) -> None:
        """Keep the sentences."""
        super().__init__(" ".join(missing))
        self.missing = tuple(missing)


@dataclass
class _Draft(Generic[C]):
    """A form in the making; ``left`` holds the other items of the pool, best first."""

    chosen: list[C] = field(default_factory=list)
    left: list[C] = field(default_factory=list)
    scored: list[C] = field(default_factory=list)
    # Codes this candidate was dealt before.
    seen: frozenset[str] = frozenset()

    def seen_count(self) -> int:
        """Return how many of the chosen items the candidate was dealt before."""
        return sum(item.code in self.seen for item in self.chosen)

    def fits(self, item: C, *, instead_of: C | None = None) -> bool:
        """Tell whether an item has no enemy among the chosen, one of which may be leaving."""
        return not any(are_enemies(item, other) for other in self.chosen if other is not instead_of)

    def swap(self, leaving: C, coming: C) -> None:
        """Replace a chosen item by one that was left."""
        self.chosen[self.chosen.index(leaving)] = coming
        self.left[self.left.index(coming)] = leaving
        if leaving in self.scored:
            self.scored[self.scored.index(leaving)] = coming


def are_enemies(one: Candidate, other: Candidate) -> bool:
    """Tell whether two items would give each other away: siblings with one deciding point."""
    return one.constraint == other.constraint and bool(one.tags & other.tags)


def assemble(
    pool: Iterable[C],
    request: FormRequest,
    *,
    seed: int,
    last_seen: Mapping[str, datetime] | None = None,
) -> AssembledForm[C]:
    """Return a form of the pool's items; the same arguments always give the same form.

    ``last_seen`` maps the codes of items this candidate was dealt to the latest time.
    Raises FormCannotBeFilled, naming what is missing, when no relaxation helps.
    """
    items = sorted(pool, key=lambda item: item.code)
    last_seen = last_seen or {}
    _refuse_a_small_pool(items, request)
    fewest = _unavoidably_seen(items, request, last_seen)
    for relaxed in RELAXATIONS:
        best: _Draft[C] | None = None
        for attempt in range(TRIES):
            rng = random.Random(f"{seed}/{len(relaxed)}/{attempt}")  # noqa: S311 - not a secret
            draft = _draft(items, request, rng=rng, last_seen=last_seen, relaxed=relaxed)
            if violations(draft.chosen, _codes(draft.scored), request, relaxed=relaxed):
                continue
            if best is None or draft.seen_count() < best.seen_count():
                best = draft
            if best.seen_count() <= fewest:
                break
        if best is not None:
            random.Random(f"{seed}/order").shuffle(best.chosen)  # noqa: S311 - not a secret
            return AssembledForm(tuple(best.chosen), _codes(best.scored), relaxed)
    raise FormCannotBeFilled(
        violations(draft.chosen, _codes(draft.scored), request, relaxed=RELAXATIONS[-1])
    )


def violations(
    items: Sequence[Candidate],
    scored: Iterable[str],
    request: FormRequest,
    *,
    relaxed: Sequence[str] = (),
) -> list[str]:
    """Return one sentence for each constraint that a finished form breaks."""
    scored_codes = set(scored)
    found = []
    if len({item.code for item in items}) != len(items):
        found.append("An item occurs twice.")
    found += _wrong_counts("delivered", items, request.delivered)
    scored_items = [item for item in items if item.code in scored_codes]
    found += _wrong_counts("scored", scored_items, request.scored)
    if "tasks" not in relaxed:
        tasks = Counter(item.task for item in items)
        for task, (low, high) in request.task_bounds.items():
            if not low <= tasks[task] <= high:
                found.append(f"Task {task} has {tasks[task]} items, not {low} to {high}.")
    low, high = request.multiple_bounds
    multiples = sum(item.kind == "multiple" for item in items)
    if not low <= multiples <= high:
        found.append(f"{multiples} items are multiple response, not {low} to {high}.")
    found += [
        f"Items {one.code} and {other.code} are siblings with the same deciding point."
        for one, other in combinations(items, 2)
        if are_enemies(one, other)
    ]
    distance = abs(sum(item.r_bp for item in scored_items) - request.cut_target_bp)
    if "cut" not in relaxed and distance > request.cut_tolerance_bp:
        found.append(f"The ratings miss the cut target by {distance / 10_000:.2f} raw points.")
    return found


def _unavoidably_seen(
    items: Iterable[Candidate], request: FormRequest, last_seen: Mapping[str, datetime]
) -> int:
    """Return how many seen items the domain counts alone make necessary."""
    unseen = Counter(item.domain for item in items if item.code not in last_seen)
    return sum(max(0, need - unseen[domain]) for domain, need in request.delivered.items())


def _codes(items: Iterable[Candidate]) -> frozenset[str]:
    return frozenset(item.code for item in items)


def _wrong_counts(what: str, items: Iterable[Candidate], wanted: Mapping[str, int]) -> list[str]:
    counts = Counter(item.domain for item in items)
    return [
        f"Domain {domain} has {counts[domain]} {what} items, not {wanted.get(domain, 0)}."
        for domain in sorted(set(counts) | set(wanted))
        if counts[domain] != wanted.get(domain, 0)
    ]


def _refuse_a_small_pool(items: Sequence[Candidate], request: FormRequest) -> None:
    counts = Counter(item.domain for item in items)
    missing = [
        f"Domain {domain} needs {need} published items and the bank has {counts[domain]}."
        for domain, need in sorted(request.delivered.items())
        if counts[domain] < need
    ]
    multiples = sum(item.kind == "multiple" for item in items)
    if multiples < request.multiple_bounds[0]:
        missing.append(
            f"A form needs {request.multiple_bounds[0]} multiple-response items and the bank has "
            f"{multiples}."
        )
    if missing:
        raise FormCannotBeFilled(missing)


def _draft(
    items: Sequence[C],
    request: FormRequest,
    *,
    rng: random.Random,
    last_seen: Mapping[str, datetime],
    relaxed: Sequence[str],
) -> _Draft[C]:
    chance = {item.code: rng.random() for item in items}
    by_preference = sorted(
        items, key=lambda item: (last_seen.get(item.code, NEVER_SEEN), chance[item.code])
    )
    draft: _Draft[C] = _Draft(left=by_preference, seen=frozenset(last_seen))
    bounds = {} if "tasks" in relaxed else request.task_bounds
    _choose(draft, request, bounds=bounds)
    _repair_multiples(draft, request, bounds=bounds)
    _choose_scored(draft, request, rng=rng)
    return draft


def _choose(
    draft: _Draft[C], request: FormRequest, *, bounds: Mapping[str, tuple[int, int]]
) -> None:
    """Fill each task to its lower bound, then near its quota, then each domain to its count.

    Always in order of preference. Keeping near the quota leaves later forms something to choose;
    a seen item comes in only where a bound or a count cannot be met without it.
    """
    tasks: Counter[str] = Counter()
    domains: Counter[str] = Counter()
    unbounded = (0, len(draft.left))
    for goal, with_seen in (("low", True), ("quota", False), ("high", False), ("high", True)):
        for item in list(draft.left):
            low, high = bounds.get(item.task, unbounded)
            if (
                tasks[item.task] < {"low": low, "quota": high - 1, "high": high}[goal]
                and domains[item.domain] < request.delivered.get(item.domain, 0)
                and (with_seen or item.code not in draft.seen)
                and draft.fits(item)
            ):
                draft.chosen.append(item)
                draft.left.remove(item)
                tasks[item.task] += 1
                domains[item.domain] += 1


def _repair_multiples(
    draft: _Draft[C], request: FormRequest, *, bounds: Mapping[str, tuple[int, int]]
) -> None:
    """Swap singles for multiples of the same domain, or the other way, until the number fits."""
    low, high = request.multiple_bounds
    for _ in range(len(draft.chosen)):
        multiples = sum(item.kind == "multiple" for item in draft.chosen)
        if low <= multiples <= high:
            return
        wanted = "multiple" if multiples < low else "single"
        pair = _pair_to_swap(draft, wanted, bounds=bounds)
        if pair is None:
            return
        draft.swap(*pair)


def _pair_to_swap(
    draft: _Draft[C], kind: str, *, bounds: Mapping[str, tuple[int, int]]
) -> tuple[C, C] | None:
    """Return a chosen item of the other kind and one of this kind to replace it, or None.

    Unseen items before seen ones, inside a task before across tasks, the least preferred leaves.
    """
    leaving_items = [item for item in reversed(draft.chosen) if item.kind != kind]
    coming_items = [item for item in draft.left if item.kind == kind]
    tasks = Counter(item.task for item in draft.chosen)
    for is_seen, same_task in ((False, True), (False, False), (True, True), (True, False)):
        for coming in coming_items:
            if (coming.code in draft.seen) is not is_seen:
                continue
            for leaving in leaving_items:
                if (
                    leaving.domain == coming.domain
                    and (leaving.task == coming.task) is same_task
                    and (same_task or _keeps_bounds(leaving.task, coming.task, tasks, bounds))
                    and draft.fits(coming, instead_of=leaving)
                ):
                    return leaving, coming
    return None


def _keeps_bounds(
    leaving: str, coming: str, tasks: Mapping[str, int], bounds: Mapping[str, tuple[int, int]]
) -> bool:
    low, _ = bounds.get(leaving, (0, 0))
    _, high = bounds.get(coming, (0, sum(tasks.values())))
    return tasks[leaving] > low and tasks[coming] < high


def _choose_scored(draft: _Draft[C], request: FormRequest, *, rng: random.Random) -> None:
    """Draw the scored items by domain, then swap until the ratings meet the cut target."""
    for domain, count in request.scored.items():
        own = [item for item in draft.chosen if item.domain == domain]
        draft.scored += rng.sample(own, min(count, len(own)))
    for _ in range(len(draft.scored)):
        distance = sum(item.r_bp for item in draft.scored) - request.cut_target_bp
        if abs(distance) <= request.cut_tolerance_bp:
            return
        if not (_swap_with_pretest(draft, distance) or _swap_with_left(draft, distance)):
            return


def _swap_with_pretest(draft: _Draft[C], distance: int) -> bool:
    """Let one scored and one pretest item of a domain change places if that helps most."""
    scored = _codes(draft.scored)
    pretest = [item for item in draft.chosen if item.code not in scored]
    pairs = [
        (one, other) for one in draft.scored for other in pretest if one.domain == other.domain
    ]
    best = _best_pair(pairs, distance)
    if best is None:
        return False
    draft.scored[draft.scored.index(best[0])] = best[1]
    return True


def _swap_with_left(draft: _Draft[C], distance: int) -> bool:
    """Bring in an item of the same task and kind from the rest, an unseen one if that helps."""
    pairs = [
        (one, other)
        for one in draft.scored
        for other in draft.left
        if (one.domain, one.task, one.kind) == (other.domain, other.task, other.kind)
        and draft.fits(other, instead_of=one)
    ]
    unseen = [pair for pair in pairs if pair[1].code not in draft.seen]
    best = _best_pair(unseen, distance) or _best_pair(pairs, distance)
    if best is None:
        return False
    draft.swap(*best)
    return True


def _best_pair(pairs: Iterable[tuple[C, C]], distance: int) -> tuple[C, C] | None:
    """Return the swap after which the ratings are nearest to the target, if nearer than now."""
    best, nearest = None, abs(distance)
    for one, other in pairs:
        after = abs(distance - one.r_bp + other.r_bp)
        if after < nearest:
            best, nearest = (one, other), after
    return best
