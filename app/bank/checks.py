"""``dryrun bank check``: everything about the bank that a program can prove."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.bank.balance import balance_faults, near_duplicates
from app.bank.files import ITEMS_FOLDER, BankFiles, StoredItem, duplicate_ids, read_bank
from app.bank.findings import Finding
from app.bank.reviews import read_reviews, review_findings
from app.bank.rules import editorial_faults, structure_faults
from app.bank.schema import item_json_schema
from app.bank.writer import item_text

SCHEMA_FILE = "item.schema.json"
# Items that claim to meet the standard.
JUDGED = {"review", "published"}


@dataclass(frozen=True)
class CheckReport:
    """The outcome of a check: how many items were read, and every finding, sorted."""

    items: int
    published: int
    findings: tuple[Finding, ...]


def check_bank(directory: Path) -> CheckReport:
    """Check every file of the bank and the bank as a whole."""
    bank = read_bank(directory)
    readings, findings = read_reviews(directory)
    contents = [item.content for item in bank.items]
    findings += bank.findings
    findings += review_findings(contents, readings)
    findings += _schema_findings(directory)
    findings += _placement_findings(bank)
    for stored in bank.items:
        findings += item_findings(stored, bank)
    judged = [item for item in contents if item.status in JUDGED]
    paths = {stored.content.id: stored.yaml.name for stored in bank.items}
    for item, other in near_duplicates(judged):
        sentence = f"says almost the same as the stem of {other.id}. Tell another situation."
        findings.append(Finding(paths[item.id], 1, "stem", sentence))
    findings += [Finding(ITEMS_FOLDER, 1, "", text) for text in balance_faults(judged, bank.exams)]
    published = sum(item.status == "published" for item in contents)
    return CheckReport(len(contents), published, tuple(sorted(set(findings))))


def item_findings(item: StoredItem, bank: BankFiles) -> Iterator[Finding]:
    """Yield what is wrong with one item that could be read."""
    for path, sentence in structure_faults(item.content, bank.exams, bank.vocabulary):
        yield item.yaml.finding(path, sentence)
    if item.content.status in JUDGED:
        for path, sentence in editorial_faults(item.content):
            yield item.yaml.finding(path, sentence)
    yield from _canonical_findings(item)


def _canonical_findings(item: StoredItem) -> Iterator[Finding]:
    wanted = item_text(item.content).encode()
    if item.data == wanted:
        return
    lines, wanted_lines = item.data.split(b"\n"), wanted.split(b"\n")
    pairs = enumerate(zip(lines, wanted_lines, strict=False), start=1)
    shorter = min(len(lines), len(wanted_lines))
    line = next((number for number, (is_, due) in pairs if is_ != due), shorter)
    yield Finding(
        item.yaml.name, line, "", "The file is not in canonical form. Run `dryrun bank fmt`."
    )


def _placement_findings(bank: BankFiles) -> Iterator[Finding]:
    names: dict[str, list[str]] = defaultdict(list)
    for item in bank.items:
        names[item.content.id].append(item.path)
        folder, _, file = item.path.rpartition("/")
        if file != f"{item.content.id}.yaml" or not folder:
            sentence = f"is {item.content.id}. Name the file after it, in a folder of its topic."
            yield item.yaml.finding(("id",), sentence)
    yield from duplicate_ids(names)


def _schema_findings(directory: Path) -> Iterator[Finding]:
    path = directory / SCHEMA_FILE
    if not path.is_file() or path.read_text(encoding="utf-8") != item_json_schema():
        yield Finding(SCHEMA_FILE, 1, "", "The schema is stale. Run `dryrun bank schema`.")
