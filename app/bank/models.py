"""Tables of the bank. Versions, editions, key revisions and specifications are only appended."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base
from app.persistence.types import UtcDateTime


class ExamSpecification(Base):
    """One state of an exam's outline and constants; attempts keep the one they were dealt by."""

    __tablename__ = "exam_specifications"
    __table_args__ = (UniqueConstraint("exam_code", "content_hash"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    exam_code: Mapped[str] = mapped_column(String(32))
    content_hash: Mapped[str] = mapped_column(String(64))
    # The whole file question_bank/exams/<code>.yaml as JSON.
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Exactly one specification of an exam is current.
    is_current: Mapped[bool] = mapped_column(default=True)


class Item(Base):
    """One question: the identity that survives edits. Changes whenever its file does."""

    __tablename__ = "items"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    # draft | review | published | retired
    status: Mapped[str] = mapped_column(String(16))
    # Path of the file below question_bank/items, for export.
    path: Mapped[str] = mapped_column(String(200))
    # Hash of the whole file as last synced, so that an unchanged file costs nothing.
    file_hash: Mapped[str] = mapped_column(String(64))
    current_version_id: Mapped[int] = mapped_column(BigInteger)
    current_edition_id: Mapped[int] = mapped_column(BigInteger)


class ItemVersion(Base):
    """The frozen content of an item: kind, stem, options. What an attempt refers to."""

    __tablename__ = "item_versions"
    __table_args__ = (UniqueConstraint("item_code", "content_hash"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    item_code: Mapped[str] = mapped_column(String(16), ForeignKey("items.code"))
    content_hash: Mapped[str] = mapped_column(String(64))
    # single | multiple
    kind: Mapped[str] = mapped_column(String(16))
    # How many options the stem asks for.
    select_count: Mapped[int]
    stem: Mapped[str] = mapped_column(Text)
    stem_html: Mapped[str] = mapped_column(Text)
    # [{"id": "a", "text": Markdown, "html": HTML}, ...] ordered by id.
    options: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ItemEdition(Base):
    """Everything about a version that a candidate sees only afterwards; a new row per change."""

    __tablename__ = "item_editions"
    __table_args__ = (Index(None, "item_version_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    item_version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("item_versions.id"))
    # The whole item file as JSON (``ItemContent`` as plain values), for export and history.
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    # {"explanation": HTML, "rationales": {"a": HTML, ...}}
    html: Mapped[dict[str, Any]] = mapped_column(JSON)
    angoff_bp: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeyRevision(Base):
    """A key of an item version and why; the one with the highest revision counts."""

    __tablename__ = "key_revisions"

    item_version_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("item_versions.id"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # initial | rekey
    action: Mapped[str] = mapped_column(String(16))
    # Right option ids, sorted and joined: "b" or "ad".
    key: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BankState(Base):
    """One row: the hash of everything loaded, which tells caches when to forget."""

    __tablename__ = "bank_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bank_hash: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
