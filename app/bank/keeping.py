"""Turns changed item files into rows: versions, editions and key revisions, only appended."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bank.content import ItemContent
from app.bank.files import StoredItem
from app.bank.findings import BankFilesInvalid
from app.bank.models import Item, ItemEdition, ItemVersion, KeyRevision
from app.bank.rendering import option_html, prose_html, stem_html
from app.persistence.base import Base
from app.persistence.types import new_id

# Given version ids, returns those that were ever dealt to somebody.
DealtVersions = Callable[[Session, Collection[int]], Collection[int]]

CORRECTED_BEFORE_DEALT = "Corrected before it was dealt."


@dataclass
class LoadReport:
    """What a load changed; every number counts items, but ``specifications``."""

    added: int = 0
    new_versions: int = 0
    new_editions: int = 0
    rekeyed: int = 0
    moved: int = 0
    retired: int = 0
    unchanged: int = 0
    specifications: int = 0

    def __str__(self) -> str:
        """Return the report as one sentence."""
        parts = [f"{number} {name.replace('_', ' ')}" for name, number in vars(self).items()]
        return "Bank loaded: " + ", ".join(parts) + "."


class Keeper:
    """Stores changed items as versions, editions and key revisions."""

    def __init__(
        self, session: Session, stored: dict[str, Item], report: LoadReport, *, now: datetime
    ) -> None:
        """Keep rows in the session; ``stored`` are the known items by code, and gain new ones."""
        self._session, self._stored, self._report, self._now = session, stored, report, now
        # Rows in the order in which foreign keys allow them to be written.
        self._rows: dict[type[Base], list[Base]] = {
            model: [] for model in (Item, ItemVersion, ItemEdition, KeyRevision)
        }

    def store(
        self, items: list[StoredItem], *, rekey_reason: str | None, dealt: DealtVersions
    ) -> None:
        """Store the items; refuse before anything is written when a dealt key would change."""
        versions = self._versions([item.content.id for item in items])
        keys = self._keys([version.id for version in versions.values()])
        editions = self._editions([version.id for version in versions.values()])
        rekeyed = {
            version.id: item
            for item in items
            if (version := versions.get((item.content.id, item.content.version_hash)))
            and keys[version.id].key != item.content.key
        }
        if rekey_reason is None and rekeyed:
            self._refuse_dealt(rekeyed, set(dealt(self._session, list(rekeyed))))
        for item in items:
            version = versions.get((item.content.id, item.content.version_hash))
            if version is None:
                self._add_version(item)
                continue
            if version.id in rekeyed:
                reason = rekey_reason or CORRECTED_BEFORE_DEALT
                self._add_key(version.id, item.content, after=keys[version.id], reason=reason)
            self._add_edition(item, version.id, editions.get(version.id))
        for rows in self._rows.values():
            self._session.add_all(rows)
            self._session.flush()

    def _refuse_dealt(self, rekeyed: Mapping[int, StoredItem], dealt: set[int]) -> None:
        sentence = "have another key than the version that was dealt. Say why with --rekey REASON."
        findings = [
            item.yaml.finding(("options",), sentence)
            for version_id, item in rekeyed.items()
            if version_id in dealt
        ]
        if findings:
            raise BankFilesInvalid(findings)

    def _versions(self, codes: Collection[str]) -> dict[tuple[str, str], ItemVersion]:
        rows = self._session.scalars(select(ItemVersion).where(ItemVersion.item_code.in_(codes)))
        return {(row.item_code, row.content_hash): row for row in rows}

    def _keys(self, version_ids: Collection[int]) -> dict[int, KeyRevision]:
        rows = self._session.scalars(
            select(KeyRevision)
            .where(KeyRevision.item_version_id.in_(version_ids))
            .order_by(KeyRevision.revision)
        )
        return {row.item_version_id: row for row in rows}

    def _editions(self, version_ids: Collection[int]) -> dict[int, ItemEdition]:
        rows = self._session.scalars(
            select(ItemEdition)
            .where(ItemEdition.item_version_id.in_(version_ids))
            .order_by(ItemEdition.id)
        )
        return {row.item_version_id: row for row in rows}

    def _add_version(self, item: StoredItem) -> None:
        content, version_id = item.content, new_id()
        if content.id in self._stored:
            self._report.new_versions += 1
        else:
            self._report.added += 1
        edition_id = new_id()
        self._place_item(item, version_id, edition_id)
        self._rows[ItemVersion].append(
            ItemVersion(
                id=version_id,
                item_code=content.id,
                content_hash=content.version_hash,
                kind=content.kind,
                select_count=content.select_count,
                stem=content.stem,
                stem_html=stem_html(content.stem),
                options=[
                    {"id": option.id, "text": option.text, "html": option_html(option.text)}
                    for option in content.options
                ],
                created_at=self._now,
            )
        )
        self._rows[ItemEdition].append(self._edition(content, version_id, edition_id))
        self._add_key(version_id, content, after=None, reason="")

    def _add_edition(self, item: StoredItem, version_id: int, newest: ItemEdition | None) -> None:
        if newest is not None and newest.document == item.content.document():
            # The item came back to an earlier version, or only the bytes around it changed.
            self._place_item(item, version_id, newest.id)
            return
        edition_id = new_id()
        self._report.new_editions += 1
        self._place_item(item, version_id, edition_id)
        self._rows[ItemEdition].append(self._edition(item.content, version_id, edition_id))

    def _edition(self, content: ItemContent, version_id: int, edition_id: int) -> ItemEdition:
        return ItemEdition(
            id=edition_id,
            item_version_id=version_id,
            document=content.document(),
            html={
                "explanation": prose_html(content.explanation),
                "rationales": {o.id: prose_html(o.rationale) for o in content.options},
            },
            angoff_bp=content.angoff_bp,
            created_at=self._now,
        )

    def _add_key(
        self, version_id: int, content: ItemContent, *, after: KeyRevision | None, reason: str
    ) -> None:
        self._report.rekeyed += after is not None
        self._rows[KeyRevision].append(
            KeyRevision(
                item_version_id=version_id,
                revision=after.revision + 1 if after else 1,
                action="rekey" if after else "initial",
                key=content.key,
                reason=reason,
                created_at=self._now,
            )
        )

    def _place_item(self, item: StoredItem, version_id: int, edition_id: int) -> None:
        code = item.content.id
        row = self._stored.get(code)
        if row is None:
            row = self._stored[code] = Item(code=code, path=item.path)
            self._rows[Item].append(row)
        row.status = item.content.status
        row.file_hash = item.file_hash
        row.current_version_id = version_id
        row.current_edition_id = edition_id
