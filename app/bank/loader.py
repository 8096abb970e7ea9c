"""Brings the database to the state of the files, all or nothing.

A file whose bytes were loaded before is not even parsed. A changed stem, option or kind makes a
new version of the item; any other change makes a new edition of the same version; a changed key
makes a key revision. Nothing is ever deleted: an item whose file vanished is retired.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bank.files import (
    StoredItem,
    Vocabulary,
    duplicate_ids,
    file_hash,
    item_name,
    item_paths,
    read_exams,
    read_item,
    read_vocabulary,
)
from app.bank.findings import BankFilesInvalid, Finding
from app.bank.keeping import DealtVersions, Keeper, LoadReport
from app.bank.models import (
    BankState,
    ExamSpecification,
    Item,
)
from app.bank.outline import ExamSpec
from app.bank.queries import BANK_STATE_ID
from app.bank.rules import structure_faults
from app.persistence.types import new_id


@dataclass
class _Files:
    """The item files on disk: those to parse, and where every known item now is."""

    changed: list[StoredItem] = field(default_factory=list)
    # Item code -> (path, file hash), of changed and unchanged files.
    present: dict[str, tuple[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def every_version(_session: Session, version_ids: Collection[int]) -> Collection[int]:
    """Count every version as dealt: the safe answer where nobody can know."""
    return version_ids


def load(
    session: Session,
    directory: Path,
    *,
    now: datetime,
    rekey_reason: str | None,
    dealt: DealtVersions,
) -> LoadReport:
    """Load the folder. Raises BankFilesInvalid with every finding; then nothing was changed."""
    state = session.get(BankState, BANK_STATE_ID, with_for_update=True)
    documents, exams, findings = read_exams(directory)
    vocabulary, vocabulary_findings = read_vocabulary(directory)
    findings += vocabulary_findings
    if findings:
        # Without outlines and lists every item would seem wrong; still say what items say.
        raise BankFilesInvalid([*findings, *_unreadable_items(directory)])
    report = LoadReport()
    report.specifications = _sync_specifications(session, documents, exams, now=now)
    stored = {item.code: item for item in session.scalars(select(Item))}
    files = _scan(directory, stored.values(), parse_all=report.specifications > 0)
    findings = files.findings + _structure_findings(files.changed, exams, vocabulary)
    if findings:
        raise BankFilesInvalid(findings)
    keeper = Keeper(session, stored, report, now=now)
    keeper.store(files.changed, rekey_reason=rekey_reason, dealt=dealt)
    _place(stored, files.present, report)
    _write_state(session, state, files.present, exams, now=now)
    session.flush()
    return report


def _unreadable_items(directory: Path) -> Iterable[Finding]:
    for path in item_paths(directory):
        item = read_item(path.read_bytes(), item_name(directory, path))
        if not isinstance(item, StoredItem):
            yield from item


def _scan(directory: Path, stored: Iterable[Item], *, parse_all: bool) -> _Files:
    known = {} if parse_all else {item.file_hash: item.code for item in stored if item.file_hash}
    files, seen = _Files(), defaultdict[str, list[str]](list)
    for path in item_paths(directory):
        data, name = path.read_bytes(), item_name(directory, path)
        code = known.get(file_hash(data))
        if code is None:
            item = read_item(data, name)
            if not isinstance(item, StoredItem):
                files.findings += item
                continue
            files.changed.append(item)
            code = item.content.id
        files.present[code] = (name, file_hash(data))
        seen[code].append(name)
    files.findings += duplicate_ids(seen)
    return files


def _structure_findings(
    items: Iterable[StoredItem], exams: Mapping[str, ExamSpec], vocabulary: Vocabulary
) -> list[Finding]:
    return [
        item.yaml.finding(path, sentence)
        for item in items
        for path, sentence in structure_faults(item.content, exams, vocabulary)
    ]


def _sync_specifications(
    session: Session,
    documents: Mapping[str, dict[str, Any]],
    exams: Mapping[str, ExamSpec],
    *,
    now: datetime,
) -> int:
    """Make exactly the files' specifications current; return how many changed."""
    rows = {
        (row.exam_code, row.content_hash): row for row in session.scalars(select(ExamSpecification))
    }
    wanted = {(code, spec.content_hash) for code, spec in exams.items()}
    changed = 0
    for key, row in rows.items():
        changed += row.is_current != (key in wanted)
        row.is_current = key in wanted
    for code, content_hash in sorted(wanted - rows.keys()):
        changed += 1
        session.add(
            ExamSpecification(
                id=new_id(),
                exam_code=code,
                content_hash=content_hash,
                document=documents[code],
                created_at=now,
                is_current=True,
            )
        )
    return changed


def _place(
    stored: Mapping[str, Item], present: Mapping[str, tuple[str, str]], report: LoadReport
) -> None:
    """Note where files are now, and retire items without one."""
    for code, item in stored.items():
        if code in present:
            path, _ = present[code]
            report.moved += item.path != path
            item.path = path
        elif item.file_hash:
            report.retired += 1
            item.status, item.file_hash = "retired", ""
    touched = Counter(vars(report))
    report.unchanged = max(
        0, len(present) - touched["added"] - touched["new_versions"] - touched["new_editions"]
    )


def _write_state(
    session: Session,
    state: BankState | None,
    present: Mapping[str, tuple[str, str]],
    exams: Mapping[str, ExamSpec],
    *,
    now: datetime,
) -> None:
    """Write the hash of everything loaded; where a file lies does not count."""
    lines = sorted(f"{code} {content_hash}" for code, (_, content_hash) in present.items())
    lines += sorted(f"{code} {spec.content_hash}" for code, spec in exams.items())
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    if state is None:
        session.add(BankState(id=BANK_STATE_ID, bank_hash=digest, loaded_at=now))
    elif state.bank_hash != digest:
        state.bank_hash, state.loaded_at = digest, now
