"""What must hold for one item beyond the shape of its file.

``structure_faults`` are what would break a sitting or a score; a load refuses them.
``editorial_faults`` are the standard that items are written to; ``dryrun bank check`` refuses them
in items that are in review or published.
"""

import re
from collections.abc import Iterator, Mapping

from app.bank.content import CODE_LANGUAGES, OPTION_IDS, ItemContent, without_code, word_count
from app.bank.files import Vocabulary
from app.bank.outline import ExamSpec

Fault = tuple[tuple[str | int, ...], str]

OPTIONS_OF_SINGLE = 4
OPTIONS_OF_MULTIPLE = (5, 6)
KEYS_OF_MULTIPLE = (2, 3)
STEM_WORDS = (30, 100)
SHORTEST_OPTION_WORDS = 3
EXPLANATION_SENTENCES = (2, 5)
RATIONALE_SENTENCES = (1, 3)
CODE_LINES = 25
# Pages of the maker of the services; Kiro's documentation has an address of its own.
PUBLIC_DOCUMENTATION = re.compile(r"https://(docs\.aws\.amazon\.com|aws\.amazon\.com|kiro\.dev)/")

_WORDS_OF_COUNT = {2: "(Select TWO.)", 3: "(Select THREE.)"}
_CATCH_ALL = re.compile(r"\b(all|none|both|neither) of the (above|other)", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(NOT|EXCEPT)\b")
_FENCE_LINE = re.compile(r"^\s*(`{3,})\s*(\S*)\s*$")
_TWO_SENTENCES = re.compile(r"[a-z`)][.?!] +[A-Z]")
_ENDS_WITH_SELECT = re.compile(r"\(Select (TWO|THREE)\.\)\s*\Z")


def structure_faults(
    item: ItemContent, exams: Mapping[str, ExamSpec], vocabulary: Vocabulary
) -> Iterator[Fault]:
    """Yield what would break a sitting or a score: counts, letters, keys, unknown slugs."""
    yield from _option_faults(item)
    skills = {
        f"{code}/{skill.code}" for code, spec in exams.items() for _, _, skill in spec.skills()
    }
    for place, entry in enumerate(item.outline):
        if entry not in skills:
            yield ("outline", place), f"is {entry}, which no outline has. Correct it."
        if entry in item.outline[:place]:
            yield ("outline", place), f"is {entry} a second time. Keep one."
    for place, slug in enumerate(item.services):
        if slug not in vocabulary.services:
            yield ("services", place), f"is {slug}, which vocabulary.yaml does not list."
        if slug in item.services[:place]:
            yield ("services", place), f"is {slug} a second time. Keep one."
    if item.constraint not in vocabulary.constraints:
        yield ("constraint",), f"is {item.constraint}, which vocabulary.yaml does not list."
    for place, option in enumerate(item.options):
        if option.confuses and option.confuses not in vocabulary.confusions:
            field = ("options", place, "confuses")
            yield field, f"is {option.confuses}, which vocabulary.yaml does not list."


def editorial_faults(item: ItemContent) -> Iterator[Fault]:
    """Yield what falls short of the standard that a program can judge in a single item."""
    yield from _stem_faults(item)
    yield from _balance_faults(item)
    for place, option in enumerate(item.options):
        yield from _line_faults(("options", place, "text"), option.text)
        field = ("options", place, "rationale")
        yield from _line_faults(field, option.rationale)
        yield from _sentence_count(field, option.rationale, RATIONALE_SENTENCES)
        if _CATCH_ALL.search(option.text):
            yield ("options", place, "text"), "refers to other options. Write what it does."
        if option.correct and option.confuses:
            yield ("options", place, "confuses"), "stands at a right option. Remove it."
        if not option.correct and not option.confuses:
            yield ("options", place), "is a distractor without `confuses`. Name the false belief."
    yield from _line_faults(("explanation",), item.explanation)
    yield from _sentence_count(("explanation",), item.explanation, EXPLANATION_SENTENCES)
    if not any(PUBLIC_DOCUMENTATION.match(page.url) for page in item.references):
        yield ("references",), "name no page of the public AWS documentation. Add one."


def _option_faults(item: ItemContent) -> Iterator[Fault]:
    count, keys = len(item.options), len(item.key)
    if item.option_ids != OPTION_IDS[:count]:
        letters = ", ".join(OPTION_IDS[:count])
        yield ("options",), f"have the ids {', '.join(item.option_ids)}. Use {letters}, each once."
    if item.kind == "single":
        if (count, keys) != (OPTIONS_OF_SINGLE, 1):
            yield ("options",), f"are {count} with {keys} right. A single item has 4 with 1 right."
    elif count not in OPTIONS_OF_MULTIPLE or keys not in KEYS_OF_MULTIPLE:
        yield (
            ("options",),
            f"are {count} with {keys} right. A multiple item has 5 or 6 with 2 or 3 right.",
        )
    asked = bool(_ENDS_WITH_SELECT.search(item.stem))
    if item.kind == "single" and "(Select" in item.stem:
        yield ("stem",), "asks to select several options of a single item. Remove it."
    if item.kind == "multiple" and (not asked or item.select_count != keys):
        words = _WORDS_OF_COUNT.get(keys, "(Select TWO.)")
        yield ("stem",), f"must end with {words}, as {keys} options are right."
    if len({option.text for option in item.options}) != count:
        yield ("options",), "hold the same text twice. Rewrite one."


def _stem_faults(item: ItemContent) -> Iterator[Fault]:
    fewest, most = STEM_WORDS
    words = word_count(item.stem)
    if not fewest <= words <= most:
        yield ("stem",), f"has {words} words without code. Write {fewest} to {most}."
    if " ".join(item.decides.split()) not in " ".join(item.stem.split()):
        yield ("decides",), "does not occur in the stem. Copy the words from it."
    question = item.stem.rstrip().rpartition("\n")[2]
    if "?" not in question:
        yield ("stem",), "does not end with its question on a line of its own."
    if _NEGATIVE.search(question):
        yield ("stem",), "asks for what does not hold. Ask for what holds."
    yield from _line_faults(("stem",), item.stem)


def _balance_faults(item: ItemContent) -> Iterator[Fault]:
    lengths = [word_count(option.text) for option in item.options]
    # Options that are all code have no words to compare.
    if min(lengths) < SHORTEST_OPTION_WORDS:
        yield (
            ("options",),
            f"have {min(lengths)} to {max(lengths)} words. Write full sentences.",
        )
    elif max(lengths) >= 2 * min(lengths):
        yield (
            ("options",),
            f"have {min(lengths)} to {max(lengths)} words. Keep the ratio under 2 to 1.",
        )


def _line_faults(field: tuple[str | int, ...], text: str) -> Iterator[Fault]:
    """Yield faults of one prose: sentences that share a line, pictures, code blocks."""
    for line in without_code(text).splitlines():
        if _TWO_SENTENCES.search(_ENDS_WITH_SELECT.sub("", line)):
            yield field, f'has two sentences on one line: "{line.strip()[:50]}". Break the line.'
    if "![" in without_code(text):
        yield field, "holds a picture. Pictures are not part of schema 1; use text or code."
    yield from _code_faults(field, text)


def _code_faults(field: tuple[str | int, ...], text: str) -> Iterator[Fault]:
    opened_at: int | None = None
    for number, line in enumerate(text.splitlines()):
        match = _FENCE_LINE.match(line)
        if not match:
            continue
        if opened_at is None:
            opened_at = number
            if match.group(2) not in CODE_LANGUAGES:
                named = match.group(2) or "no language"
                yield field, f"has a code block with {named}. Use {', '.join(CODE_LANGUAGES)}."
        else:
            if number - opened_at - 1 > CODE_LINES:
                yield field, f"has a code block of more than {CODE_LINES} lines. Shorten it."
            opened_at = None
    if opened_at is not None:
        yield field, "has a code block that does not end. Close it with ```."


def _sentence_count(
    field: tuple[str | int, ...], text: str, bounds: tuple[int, int]
) -> Iterator[Fault]:
    sentences = sum(1 for line in without_code(text).splitlines() if line.strip())
    if not bounds[0] <= sentences <= bounds[1]:
        yield field, f"has {sentences} sentences. Write {bounds[0]} to {bounds[1]}, one per line."
