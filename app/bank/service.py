"""The door of the bank: specifications, the pool, contents, keys and explanations; load, export.

What never changes is kept in memory per process: specifications and versions by their id, pools
by the hash of the bank.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app.bank import queries
from app.bank.content import (
    Explanation,
    Pool,
    PoolItem,
    VersionContent,
    first_skill,
    item_content,
    pool_item,
)
from app.bank.memory import Memory
from app.bank.outline import ExamSpec, exam_spec
from app.errors import NotFound

if TYPE_CHECKING:
    from app.bank.keeping import DealtVersions, LoadReport

_specifications: Memory[int, ExamSpec] = Memory(64)
_contents: Memory[int, VersionContent] = Memory(4096)
_pools: Memory[tuple[str, str], Pool] = Memory(8)


def list_specifications(session: Session) -> list[ExamSpec]:
    """Return the current specifications, ordered by exam code."""
    ids = [row.id for row in queries.current_specification_ids(session)]
    found = _specifications_by_id(session, ids)
    return [found[specification_id] for specification_id in ids]


def current_specification(session: Session, exam_code: str) -> ExamSpec:
    """Return the exam's current specification. Raises NotFound when there is no such exam."""
    for row in queries.current_specification_ids(session):
        if row.exam_code == exam_code:
            return specification(session, row.id)
    raise NotFound(f"There is no exam {exam_code}.")


def specification(session: Session, specification_id: int) -> ExamSpec:
    """Return the specification that an attempt was dealt by. Raises NotFound."""
    found = _specifications_by_id(session, [specification_id])
    if specification_id not in found:
        raise NotFound("There is no such exam specification.")
    return found[specification_id]


def item_pool(session: Session, exam_code: str) -> Pool:
    """Return the published items that serve the exam; one statement when nothing was loaded since.

    A bank that was never loaded gives an empty pool.
    """
    loaded = queries.bank_hash(session)
    if loaded is None:
        return Pool(bank_hash="", items=())
    pools = _pools.get_many([(exam_code, loaded)], lambda _: _read_pool(session, exam_code, loaded))
    # A load in between gives the newer pool, under the newer hash.
    return next(iter(pools.values()))


def version_contents(session: Session, version_ids: Collection[int]) -> dict[int, VersionContent]:
    """Return what a candidate sees of these versions; no statement for those seen before."""

    def fetch(missing: Collection[int]) -> dict[int, VersionContent]:
        return {row.id: _version_content(row) for row in queries.version_rows(session, missing)}

    return _contents.get_many(version_ids, fetch)


def explanations(
    session: Session, version_ids: Collection[int], *, as_of: datetime | None = None
) -> dict[int, Explanation]:
    """Return key (see ``keys``), explanation and rationales of these versions; two statements."""
    key_by_version = keys(session, version_ids, as_of=as_of)
    return {
        row.item_version_id: _explanation(row, key_by_version[row.item_version_id][1])
        for row in queries.newest_editions(session, version_ids)
    }


def keys(
    session: Session, version_ids: Collection[int], *, as_of: datetime | None = None
) -> dict[int, tuple[int, str]]:
    """Return revision and key of each version; one statement.

    The newest revision counts, or, with ``as_of``, the newest one made by then.
    """
    return {
        row.item_version_id: (row.revision, row.key)
        for row in queries.key_rows(session, version_ids, as_of=as_of)
    }


def load_bank(
    session: Session,
    directory: Path,
    *,
    now: datetime,
    rekey_reason: str | None = None,
    dealt: "DealtVersions | None" = None,
) -> "LoadReport":
    """Bring the database to the state of the files, all or nothing; see ``loader.load``.

    ``dealt`` tells which of some version ids were ever dealt; without it every version counts as
    dealt. Raises BankFilesInvalid with every finding; a key of a dealt version that changes without
    a reason is one.
    """
    # Parsing and rendering libraries stay out of server processes, which never load.
    from app.bank.loader import every_version, load

    return load(
        session, directory, now=now, rekey_reason=rekey_reason, dealt=dealt or every_version
    )


def export_bank(session: Session, directory: Path) -> list[str]:
    """Write every item below ``directory/items``; return the paths whose bytes changed."""
    from app.bank.export import write_items

    return write_items(session, directory)


def _specifications_by_id(session: Session, ids: Collection[int]) -> dict[int, ExamSpec]:
    def fetch(missing: Collection[int]) -> dict[int, ExamSpec]:
        return {
            row.id: exam_spec(row.document, specification_id=row.id)
            for row in queries.specification_documents(session, missing)
        }

    return _specifications.get_many(ids, fetch)


def _read_pool(session: Session, exam_code: str, loaded: str) -> dict[tuple[str, str], Pool]:
    items: list[PoolItem] = []
    for row in queries.published_items(session):
        loaded = row.bank_hash
        content = item_content(row.document)
        item = pool_item(content, exam_code, version_id=row.current_version_id)
        if item is not None:
            items.append(item)
    return {(exam_code, loaded): Pool(bank_hash=loaded, items=tuple(items))}


def _version_content(row: Any) -> VersionContent:
    return VersionContent(
        id=row.id,
        kind=row.kind,
        select_count=row.select_count,
        stem_html=row.stem_html,
        options=MappingProxyType({option["id"]: option["html"] for option in row.options}),
    )


def _explanation(row: Any, key: str) -> Explanation:
    document: Mapping[str, Any] = row.document
    exams = {entry.partition("/")[0] for entry in document["outline"]}
    skills = {exam: first_skill(document["outline"], exam) or "" for exam in sorted(exams)}
    return Explanation(
        version_id=row.item_version_id,
        item_code=row.item_code,
        key=key,
        explanation_html=row.html["explanation"],
        rationales=MappingProxyType(dict(row.html["rationales"])),
        references=tuple((page["title"], page["url"]) for page in document["references"]),
        skills=MappingProxyType(skills),
        confuses=MappingProxyType(
            {o["id"]: o["confuses"] for o in document["options"] if "confuses" in o}
        ),
        angoff=document["angoff"],
        verified=document["verified"],
    )
