"""What must hold for the bank as a whole. Shares are judged once there are enough items."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz

from app.bank.content import OPTION_IDS, ItemContent, without_code, word_count
from app.bank.outline import ExamSpec, domain_of, task_of
from app.bank.solvers import solver_scores

# Shares of fewer items say little; the whole-bank rules wait for this many.
ENOUGH_ITEMS = 40
ENOUGH_FOR_OUTLINE = 130
LETTER_TOLERANCE = 0.05
LONGEST_KEY_SHARE = 0.27
CODE_SHARE = 0.15
MEAN_STEM_WORDS = (50, 65)
MEAN_ANGOFF = (66, 72)
DOMAIN_TOLERANCE = 0.02
TASK_SHARE = 0.04
# The exam whose weights the bank follows until the next one has its own.
LEADING_EXAM = "dva-c02"
# Tried on 150 items: pairs that a reader calls the same situation reach 67, others stay below 65.
ALIKE_STEMS = 66

_WORD = re.compile(r"[a-z0-9-]{3,}")


def balance_faults(items: Sequence[ItemContent], exams: Mapping[str, ExamSpec]) -> Iterator[str]:
    """Yield a sentence for each rule that the items, taken together, break."""
    if len(items) < ENOUGH_ITEMS:
        return
    yield from _letter_faults(items)
    yield from _solver_faults(items)
    code = sum("```" in item.stem or _has_code_option(item) for item in items) / len(items)
    if code < CODE_SHARE:
        yield f"{code:.0%} of the items show code; at least {CODE_SHARE:.0%} must."
    stem = sum(word_count(item.stem) for item in items) / len(items)
    if not MEAN_STEM_WORDS[0] <= round(stem) <= MEAN_STEM_WORDS[1]:
        yield f"Stems have {stem:.1f} words on average; aim at 50 to 65."
    angoff = sum(item.angoff for item in items) / len(items)
    if not MEAN_ANGOFF[0] <= angoff <= MEAN_ANGOFF[1]:
        yield f"The mean Angoff rating is {angoff:.1f}; it must lie in 66 to 72."
    if LEADING_EXAM in exams:
        yield from _outline_faults(items, exams[LEADING_EXAM])


def near_duplicates(items: Sequence[ItemContent]) -> Iterator[tuple[ItemContent, ItemContent]]:
    """Yield pairs of items whose stems say almost the same."""
    stems = [" ".join(sorted(_WORD.findall(without_code(item.stem).lower()))) for item in items]
    for place, stem in enumerate(stems):
        for other in range(place):
            if fuzz.ratio(stem, stems[other], score_cutoff=ALIKE_STEMS):
                yield items[place], items[other]


def _letter_faults(items: Sequence[ItemContent]) -> Iterator[str]:
    """The letter travels to the page, so it must not tell the key."""
    for letter in OPTION_IDS:
        offering = [item for item in items if letter in item.option_ids]
        if len(offering) < ENOUGH_ITEMS:
            continue
        chance = sum(len(item.key) / len(item.options) for item in offering) / len(offering)
        share = sum(letter in item.key for item in offering) / len(offering)
        if share > chance + LETTER_TOLERANCE:
            yield (
                f"Option {letter} is right in {share:.0%} of the items that have it, chance gives "
                f"{chance:.0%}. Draw letters by chance."
            )


def _solver_faults(items: Sequence[ItemContent]) -> Iterator[str]:
    for score in solver_scores(items):
        if score.items < ENOUGH_ITEMS:
            continue
        limit = LONGEST_KEY_SHARE if score.name == "longest" else score.limit
        if score.share > limit:
            yield (
                f'The surface solver "{score.name}" gets {float(score.share):.1%} of the '
                f"{score.items} single items right; at most {limit:.1%} is chance."
            )


def _outline_faults(items: Sequence[ItemContent], exam: ExamSpec) -> Iterator[str]:
    skills = [skill for item in items if (skill := item.first_skill(exam.code))]
    if len(skills) < ENOUGH_FOR_OUTLINE:
        return
    domains, tasks = Counter(map(domain_of, skills)), Counter(map(task_of, skills))
    for domain in exam.domains:
        share = domains[domain.code] / len(skills)
        if abs(share - domain.weight / 100) > DOMAIN_TOLERANCE:
            yield (
                f"{exam.code}: domain {domain.code} has {share:.1%} of the items, its weight is "
                f"{domain.weight}%; stay within 2 points."
            )
    for _, task in exam.tasks():
        share = tasks[task.code] / len(skills)
        if share < TASK_SHARE:
            yield (
                f"{exam.code}: task {task.code} has {share:.1%} of the items, at least 4% is due."
            )


def _has_code_option(item: ItemContent) -> bool:
    return any("```" in option.text for option in item.options)
