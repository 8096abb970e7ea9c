"""Rules for one item: what breaks a sitting, and what falls short of the standard."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.bank.content import ItemContent
from app.bank.rules import editorial_faults, structure_faults
from tests.factories.bank import STEM, VOCABULARY, an_item, an_option, exams


def structure(item: ItemContent) -> list[str]:
    faults = structure_faults(item, exams(), VOCABULARY)
    return [f"{path[0]} {sentence}" for path, sentence in faults]


def editorial(item: ItemContent) -> list[str]:
    return [f"{path[0]} {sentence}" for path, sentence in editorial_faults(item)]


def with_option(item: ItemContent, place: int, **changes: object) -> ItemContent:
    options = list(item.options)
    options[place] = replace(options[place], **changes)
    return replace(item, options=tuple(options))


@pytest.mark.parametrize("key", ["a", "d", "ab", "ce"])
def test_a_sound_item_has_no_faults(key: str) -> None:
    assert structure(an_item(key=key)) == []
    assert editorial(an_item(key=key)) == []


BROKEN: list[tuple[Callable[[ItemContent], ItemContent], str]] = [
    (lambda i: replace(i, options=i.options[:3]), "A single item has 4"),
    (lambda i: with_option(i, 1, correct=True), "with 2 right"),
    (lambda i: with_option(i, 0, correct=False), "with 0 right"),
    (lambda i: with_option(i, 1, id="e"), "Use a, b, c, d"),
    (lambda i: with_option(i, 1, id="a"), "Use a, b, c, d"),
    (lambda i: with_option(i, 1, text=i.options[0].text), "same text twice"),
    (lambda i: replace(i, stem=i.stem + " (Select TWO.)"), "of a single item"),
    (lambda i: replace(i, outline=("dva-c02/9.9.9",)), "no outline has"),
    (lambda i: replace(i, outline=("saa-c03/1.1.1",)), "no outline has"),
    (lambda i: replace(i, outline=("dva-c02/1.1.1",) * 2), "second time"),
    (lambda i: replace(i, services=("glue",)), "glue, which vocabulary.yaml"),
    (lambda i: replace(i, services=("sqs", "sqs")), "second time"),
    (lambda i: replace(i, constraint="magic"), "magic, which vocabulary.yaml"),
    (lambda i: with_option(i, 1, confuses="unheard-of"), "unheard-of, which"),
]


@pytest.mark.parametrize(("broken", "words"), BROKEN)
def test_what_would_break_a_sitting_is_found(
    broken: Callable[[ItemContent], ItemContent], words: str
) -> None:
    faults = structure(broken(an_item()))

    assert any(words in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (an_item(key="ab", stem=STEM), "must end with (Select TWO.)"),
        (an_item(key="abc"), "must end with (Select THREE.)"),
        (an_item(key="abcd"), "5 or 6 with 2 or 3"),
        (an_item(key="ab", stem=STEM + " (Select TWO.) Really?"), "must end with"),
        (replace(an_item(key="ab"), options=an_item(key="ab").options[:4]), "5 or 6"),
    ],
)
def test_a_multiple_item_asks_for_as_many_as_are_right(item: ItemContent, words: str) -> None:
    assert any(words in fault for fault in structure(item))


LONG = "word " * 30 + "end."
SHODDY: list[tuple[Callable[[ItemContent], ItemContent], str]] = [
    (lambda i: replace(i, decides="not in there"), "decides does not occur"),
    (lambda i: replace(i, stem="Too short.\n\nWhich?"), "Write 30 to 100"),
    (lambda i: replace(i, stem=i.stem + "\n" + "word " * 90 + "?"), "Write 30 to 100"),
    (lambda i: replace(i, stem=i.stem[:-1] + "."), "does not end with its question"),
    (lambda i: replace(i, stem=i.stem[:-1] + ", and which is NOT?"), "what does not hold"),
    (lambda i: replace(i, stem=i.stem.replace(".\n", ". ", 1)), "two sentences on one line"),
    (lambda i: replace(i, stem="![x](image:1)\n" + i.stem), "holds a picture"),
    (lambda i: replace(i, stem="```\nx\n```\n" + i.stem), "no language"),
    (lambda i: replace(i, stem="```cobol\nx\n```\n" + i.stem), "with cobol"),
    (lambda i: replace(i, stem="```json\n" + "1\n" * 26 + "```\n" + i.stem), "more than 25"),
    (lambda i: replace(i, stem="```json\nx\n" + i.stem), "does not end"),
    (lambda i: with_option(i, 0, text=LONG), "under 2 to 1"),
    (lambda i: with_option(i, 0, text="Yes."), "full sentences"),
    (lambda i: with_option(i, 0, text="Use all of the above, and then one or two more."), "refers"),
    (lambda i: with_option(i, 0, confuses="queue-keeps-order"), "at a right option"),
    (lambda i: with_option(i, 1, confuses=None), "Name the false belief"),
    (lambda i: with_option(i, 1, rationale="A.\nB.\nC.\nD."), "has 4 sentences"),
    (lambda i: replace(i, explanation="Only one."), "has 1 sentences"),
    (
        lambda i: replace(i, references=(replace(i.references[0], url="https://a.example/"),)),
        "no page of the public AWS documentation",
    ),
]


@pytest.mark.parametrize(("shoddy", "words"), SHODDY)
def test_what_falls_short_of_the_standard_is_found(
    shoddy: Callable[[ItemContent], ItemContent], words: str
) -> None:
    faults = editorial(shoddy(an_item()))

    assert any(words in fault for fault in faults), faults


def test_code_of_25_lines_is_not_too_long() -> None:
    stem = "```json\n" + "1\n" * 25 + "```\n\n" + STEM

    assert editorial(an_item(stem=stem)) == []


def test_an_option_may_hold_code() -> None:
    text = an_option(1).text + "\n\n```yaml\na: 1\n```"

    assert editorial(with_option(an_item(), 1, text=text)) == []
