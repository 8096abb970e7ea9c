"""Readings of items by somebody who did not write them: ``question_bank/reviews.csv``.

A reader answers from the stem and the options alone. A published item needs an agreeing reading of
its present version; a disagreeing one that came later sends it back.
"""

import csv
import io
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.bank.content import ItemContent
from app.bank.findings import BankFilesInvalid, Finding
from app.bank.schema import ITEM_ID

REVIEWS_FILE = "reviews.csv"
COLUMNS = ("item", "version", "answer", "two_defensible", "date")
ANSWER_COLUMNS = COLUMNS[:4]

_PATTERNS = {
    "item": (ITEM_ID, "the id of an item"),
    "version": (r"[0-9a-f]{16}", "the 16 characters that `dryrun bank blind` prints"),
    "answer": (r"a?b?c?d?e?f?", "the letters chosen, sorted, such as b or ad"),
    "two_defensible": (r"yes|no", "yes or no"),
    "date": (r"\d{4}-\d{2}-\d{2}", "a day such as 2026-11-20"),
}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One reader's answer to one version of an item."""

    item: str
    version: str
    answer: str
    two_defensible: bool
    date: str
    line: int = 0

    def agrees_with(self, item: ItemContent) -> bool:
        """Tell whether the reader found the key, and nothing else defensible."""
        return self.answer == item.key and not self.two_defensible

    def row(self) -> tuple[str, ...]:
        """Return the reading as a row of the file."""
        two = "yes" if self.two_defensible else "no"
        return (self.item, self.version, self.answer, two, self.date)


def read_reviews(directory: Path) -> tuple[list[Reading], list[Finding]]:
    """Read every reading, in the order of the file, and the faults of its rows."""
    path = directory / REVIEWS_FILE
    if not path.is_file():
        return [], [Finding(REVIEWS_FILE, 1, "", "The file is missing. Add its header line.")]
    return parse_readings(path.read_text(encoding="utf-8"), REVIEWS_FILE, COLUMNS)


def parse_readings(
    text: str, name: str, columns: Sequence[str], *, date: str = ""
) -> tuple[list[Reading], list[Finding]]:
    """Parse rows with these columns; ``date`` stands in where they have none."""
    rows = csv.reader(io.StringIO(text))
    if tuple(next(rows, ())) != tuple(columns):
        header = ",".join(columns)
        return [], [Finding(name, 1, "", f"The first line must be {header}.")]
    readings: list[Reading] = []
    findings: list[Finding] = []
    for values in rows:
        if not values:
            continue
        line = rows.line_num
        if len(values) != len(columns):
            sentence = f"The row has {len(values)} values. Write {len(columns)}."
            findings.append(Finding(name, line, "", sentence))
            continue
        row = {"date": date} | dict(zip(columns, (value.strip() for value in values), strict=True))
        faults = _row_faults(row, name, line)
        findings += faults
        if not faults:
            two = row.pop("two_defensible") == "yes"
            readings.append(Reading(**row, two_defensible=two, line=line))
    return readings, findings


def review_findings(items: Iterable[ItemContent], readings: Sequence[Reading]) -> list[Finding]:
    """Return published items without an agreeing reading, and rows of items that are not there."""
    by_id = {item.id: item for item in items}
    newest: dict[tuple[str, str], Reading] = {}
    findings: list[Finding] = []
    for reading in readings:
        newest[reading.item, reading.version] = reading
        if reading.item not in by_id:
            sentence = f"names {reading.item}, which has no file. Remove the row."
            findings.append(Finding(REVIEWS_FILE, reading.line, "item", sentence))
    for item in by_id.values():
        if item.status != "published":
            continue
        own = newest.get((item.id, item.review_hash))
        if own is None or not own.agrees_with(item):
            why = "was never read blind" if own is None else "got another answer, or two"
            sentence = f"{item.id} is published, and its present version {item.review_hash} {why}."
            findings.append(Finding(REVIEWS_FILE, own.line if own else 1, "item", sentence))
    return findings


def record(directory: Path, text: str, items: Mapping[str, ItemContent], *, date: str) -> int:
    """Append a reader's answers to the file; return how many agree with the keys.

    The text has the columns of an answer sheet. Raises BankFilesInvalid, and appends nothing, when
    a row is malformed or was not answered from the present version.
    """
    readings, findings = parse_readings(text, "answers", ANSWER_COLUMNS, date=date)
    for reading in readings:
        item = items.get(reading.item)
        if item is None or item.review_hash != reading.version:
            sentence = f"{reading.item} has no version {reading.version} now. Read it again."
            findings.append(Finding("answers", reading.line, "version", sentence))
    if findings:
        raise BankFilesInvalid(findings)
    with (directory / REVIEWS_FILE).open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(reading.row() for reading in readings)
    return sum(reading.agrees_with(items[reading.item]) for reading in readings)


def blind_sheet(items: Iterable[ItemContent], *, seed: int) -> str:
    """Return stems and options as Markdown, options in shuffled order, and nothing of the key.

    The option letters are those of the file: they are drawn by chance and say nothing.
    """
    shuffle = random.Random(seed)  # noqa: S311 - only the order on the page
    introduction = (
        "# Items to solve from stem and options alone\n\n"
        f"Answer with one line per item below this header line: `{','.join(ANSWER_COLUMNS)}`.\n"
        "The answer is the letters chosen, sorted (b or ad); two_defensible is yes or no.\n"
    )
    parts = [introduction]
    for item in items:
        options = list(item.options)
        shuffle.shuffle(options)
        shown = "\n".join(f"({option.id}) {_indented(option.text)}" for option in options)
        parts.append(f"## {item.id},{item.review_hash}\n\n{item.stem}\n\n{shown}\n")
    return "\n".join(parts)


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")


def _row_faults(row: Mapping[str, str], name: str, line: int) -> list[Finding]:
    return [
        Finding(name, line, column, f"is {row[column]!r}. Write {wanted}.")
        for column, (pattern, wanted) in _PATTERNS.items()
        if not re.fullmatch(pattern, row[column])
    ]
