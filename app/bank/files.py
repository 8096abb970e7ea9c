"""Reads the folder ``question_bank/``: every error of every file at once.

An item file becomes ``ItemContent``; an exam's file becomes its document and ``ExamSpec``.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from app.bank.content import ItemContent, canonical_line, item_content
from app.bank.findings import Finding
from app.bank.outline import ExamSpec, exam_spec
from app.bank.schema import ExamFile, ItemFile, VocabularyFile
from app.bank.yaml_file import YamlFile, read_yaml, validated

ITEMS_FOLDER = "items"
EXAMS_FOLDER = "exams"
VOCABULARY_FILE = "vocabulary.yaml"


@dataclass(frozen=True)
class Vocabulary:
    """The closed lists: slug -> name or sentence."""

    services: Mapping[str, str] = field(default_factory=dict)
    constraints: Mapping[str, str] = field(default_factory=dict)
    confusions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredItem:
    """One item file that could be read: where it is, its bytes, what it says."""

    # Path below the items folder, with forward slashes.
    path: str
    data: bytes
    yaml: YamlFile
    content: ItemContent

    @property
    def file_hash(self) -> str:
        """SHA-256 of the file's bytes."""
        return file_hash(self.data)


@dataclass(frozen=True)
class BankFiles:
    """Everything that could be read, and every fault met on the way."""

    exams: Mapping[str, ExamSpec]
    exam_documents: Mapping[str, dict[str, Any]]
    vocabulary: Vocabulary
    items: tuple[StoredItem, ...]
    findings: tuple[Finding, ...]


def file_hash(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def item_paths(directory: Path) -> list[Path]:
    """Return the item files below ``items/``, sorted."""
    return sorted((directory / ITEMS_FOLDER).rglob("*.yaml"))


def item_name(directory: Path, path: Path) -> str:
    """Return an item file's path below ``items/``, as it is stored."""
    return path.relative_to(directory / ITEMS_FOLDER).as_posix()


def read_bank(directory: Path) -> BankFiles:
    """Read every file of the bank; faults are collected, nothing is raised."""
    documents, exams, findings = read_exams(directory)
    vocabulary, vocabulary_findings = read_vocabulary(directory)
    findings += vocabulary_findings
    items: list[StoredItem] = []
    for path in item_paths(directory):
        item = read_item(path.read_bytes(), item_name(directory, path))
        if isinstance(item, StoredItem):
            items.append(item)
        else:
            findings += item
    return BankFiles(exams, documents, vocabulary, tuple(items), tuple(findings))


def read_item(data: bytes, path: str) -> StoredItem | list[Finding]:
    """Read one item file, given its bytes and its path below ``items/``."""
    file, findings = _read(data, f"{ITEMS_FOLDER}/{path}", ItemFile)
    if file is None:
        return findings
    return StoredItem(path, data, file, item_content(file.document))


def read_exams(
    directory: Path,
) -> tuple[dict[str, dict[str, Any]], dict[str, ExamSpec], list[Finding]]:
    """Read the exams' files: documents and specifications by code, and the faults."""
    documents: dict[str, dict[str, Any]] = {}
    exams: dict[str, ExamSpec] = {}
    findings: list[Finding] = []
    for path in sorted((directory / EXAMS_FOLDER).glob("*.yaml")):
        file, faults = _read(path.read_bytes(), f"{EXAMS_FOLDER}/{path.name}", ExamFile)
        findings += faults
        if file is None:
            continue
        spec = exam_spec(file.document)
        findings += _exam_faults(file, spec, path.stem)
        documents[spec.code], exams[spec.code] = file.document, spec
    if not documents and not findings:
        sentence = "There is no exam file. Add at least one outline."
        findings.append(Finding(EXAMS_FOLDER, 1, "", sentence))
    return documents, exams, findings


def read_vocabulary(directory: Path) -> tuple[Vocabulary, list[Finding]]:
    """Read the closed lists."""
    path = directory / VOCABULARY_FILE
    if not path.is_file():
        return Vocabulary(), [Finding(VOCABULARY_FILE, 1, "", "The file is missing.")]
    file, findings = _read(path.read_bytes(), VOCABULARY_FILE, VocabularyFile)
    if file is None:
        return Vocabulary(), findings
    lists = {
        name: {slug: canonical_line(text) for slug, text in file.document[name].items()}
        for name in ("services", "constraints", "confusions")
    }
    return Vocabulary(**lists), []


def duplicate_ids(paths_by_code: Mapping[str, Collection[str]]) -> list[Finding]:
    """Return a finding for each file that has its id in common with another one."""
    return [
        Finding(f"{ITEMS_FOLDER}/{name}", 1, "id", f"is {code}, which another file has too.")
        for code, names in paths_by_code.items()
        if len(names) > 1
        for name in names
    ]


def _read(data: bytes, name: str, model: type[BaseModel]) -> tuple[YamlFile | None, list[Finding]]:
    file = read_yaml(data, name)
    if isinstance(file, Finding):
        return None, [file]
    findings = validated(file, model)
    return (None if findings else file), findings


def _exam_faults(file: YamlFile, spec: ExamSpec, stem: str) -> list[Finding]:
    """Check what the shape of an exam's file cannot say: sums, orders, codes that nest."""
    claims: list[tuple[bool, tuple[str | int, ...], str]] = [
        (spec.code == stem, ("code",), f"is {spec.code!r}. Name the file after the code."),
        (
            sum(domain.weight for domain in spec.domains) == 100,
            ("domains",),
            "has weights that do not sum to 100. Correct them.",
        ),
        (
            spec.scale_min < spec.cut_score < spec.scale_max,
            ("scale", "cut_score"),
            "is not between the ends of the scale. Correct it.",
        ),
        (
            spec.multiple_min <= spec.multiple_max,
            ("multiple", "min"),
            "is above the maximum. Correct it.",
        ),
        *(
            (
                mode.items == mode.scored + mode.pretest,
                ("modes", name, "items"),
                "is not the sum of scored and pretest items. Correct it.",
            )
            for name, mode in spec.modes.items()
        ),
        *(
            (
                task.code.startswith(f"{domain.code}.")
                and all(skill.code.startswith(f"{task.code}.") for skill in task.skills),
                ("domains",),
                f"has task {task.code} or one of its skills in the wrong place. Correct the codes.",
            )
            for domain, task in spec.tasks()
        ),
    ]
    return [file.finding(path, sentence) for holds, path, sentence in claims if not holds]
