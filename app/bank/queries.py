"""Reads of the bank that deserve a name; Core statements, because exam pages run them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from app.bank.models import (
    BankState,
    ExamSpecification,
    Item,
    ItemEdition,
    ItemVersion,
    KeyRevision,
)

BANK_STATE_ID = 1


# A version has a key from the moment it exists.
FIRST_REVISION = 1


def bank_hash(session: Session) -> str | None:
    """Return the hash of what is loaded, None before the first load."""
    return session.execute(
        select(BankState.bank_hash).where(BankState.id == BANK_STATE_ID)
    ).scalar_one_or_none()


def current_specification_ids(session: Session) -> Sequence[Row[int, str]]:
    """Return id and exam code of the current specifications, ordered by code."""
    return session.execute(
        select(ExamSpecification.id, ExamSpecification.exam_code)
        .where(ExamSpecification.is_current)
        .order_by(ExamSpecification.exam_code)
    ).all()


def specification_documents(
    session: Session, ids: Collection[int]
) -> Sequence[Row[int, dict[str, Any]]]:
    """Return id and document of specifications."""
    return session.execute(
        select(ExamSpecification.id, ExamSpecification.document).where(
            ExamSpecification.id.in_(ids)
        )
    ).all()


def published_items(session: Session) -> Sequence[Row[int, dict[str, Any], str]]:
    """Return version id, document and the bank's hash of every published item, by code.

    The hash travels in the same statement, so that a load in between cannot mix two banks.
    """
    return session.execute(
        select(Item.current_version_id, ItemEdition.document, BankState.bank_hash)
        .join(ItemEdition, ItemEdition.id == Item.current_edition_id)
        .join(BankState, BankState.id == BANK_STATE_ID)
        .where(Item.status == "published")
        .order_by(Item.code)
    ).all()


def version_rows(session: Session, version_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what a candidate sees of item versions."""
    return session.execute(
        select(
            ItemVersion.id,
            ItemVersion.kind,
            ItemVersion.select_count,
            ItemVersion.stem_html,
            ItemVersion.options,
        ).where(ItemVersion.id.in_(version_ids))
    ).all()


def newest_editions(
    session: Session, version_ids: Collection[int]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return version id, item code, document and HTML of each version's newest edition."""
    newest = (
        select(func.max(ItemEdition.id))
        .where(ItemEdition.item_version_id.in_(version_ids))
        .group_by(ItemEdition.item_version_id)
    )
    return session.execute(
        select(
            ItemEdition.item_version_id,
            ItemVersion.item_code,
            ItemEdition.document,
            ItemEdition.html,
        )
        .join(ItemVersion, ItemVersion.id == ItemEdition.item_version_id)
        .where(ItemEdition.id.in_(newest))
    ).all()


def key_rows(
    session: Session, version_ids: Collection[int], *, as_of: datetime | None
) -> Sequence[Row[int, int, str]]:
    """Return version id, revision and key, the revision that counts last for each version.

    With ``as_of``, revisions made later are left out, but for a version's first.
    """
    statement = (
        select(KeyRevision.item_version_id, KeyRevision.revision, KeyRevision.key)
        .where(KeyRevision.item_version_id.in_(version_ids))
        .order_by(KeyRevision.item_version_id, KeyRevision.revision)
    )
    if as_of is not None:
        statement = statement.where(
            or_(KeyRevision.created_at <= as_of, KeyRevision.revision == FIRST_REVISION)
        )
    return session.execute(statement).all()


def current_documents(session: Session) -> Sequence[Row[str, dict[str, Any]]]:
    """Return path and document of every item whose file exists, ordered by path."""
    return session.execute(
        select(Item.path, ItemEdition.document)
        .join(ItemEdition, ItemEdition.id == Item.current_edition_id)
        .where(Item.file_hash != "")
        .order_by(Item.path)
    ).all()
