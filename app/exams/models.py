"""Tables of sittings. Every key begins with ``user_id``, so that they can be sharded by it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base
from app.persistence.types import UtcDateTime


class Mode(StrEnum):
    """How an attempt is sat."""

    EXAM = "exam"
    SHORT = "short"


class Closer(StrEnum):
    """Who or what closed an attempt."""

    CANDIDATE = "candidate"
    EXPIRY = "expiry"
    DISCARD = "discard"


class Attempt(Base):
    """One candidate's sitting, with a server-held deadline and the head of its dealt form.

    Written at the start; afterwards only its closing and its current result change, with the row
    locked. Open, expired and closed are functions of the times.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("user_id", "public_id"),
        Index(
            "uq_attempts_open",
            "user_id",
            "exam_code",
            "mode",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index(
            "ix_attempts_open_closes_at",
            "closes_at",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    public_id: Mapped[str] = mapped_column(String(22))
    exam_code: Mapped[str] = mapped_column(String(32))
    specification_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("exam_specifications.id"))
    mode: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The deadline plus the grace for changes that are on their way.
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The time the sitting ended: of the candidate's act, or the deadline on expiry.
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(String(16))
    current_result_version: Mapped[int | None]
    # The head of the dealt form.
    seed: Mapped[int] = mapped_column(BigInteger)
    assembler: Mapped[str] = mapped_column(String(32))
    bank_hash: Mapped[str] = mapped_column(String(64))
    delivered_items: Mapped[int]
    scored_items: Mapped[int]
    cut_bp: Mapped[int]
    cut_score: Mapped[int]
    scale_version: Mapped[str] = mapped_column(String(16))


class FormItem(Base):
    """One item version at its position of a dealt form; never updated."""

    __tablename__ = "form_items"
    __table_args__ = (
        ForeignKeyConstraint(["user_id", "attempt_id"], ["attempts.user_id", "attempts.id"]),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_code: Mapped[str] = mapped_column(String(16))
    item_version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("item_versions.id"))
    # Option ids in the order shown, such as "cadb".
    option_order: Mapped[str] = mapped_column(String(8))
    select_count: Mapped[int]
    is_scored: Mapped[bool]
    # Frozen Angoff rating in basis points.
    r_bp: Mapped[int]
    domain: Mapped[str] = mapped_column(String(8))
    skill: Mapped[str] = mapped_column(String(16))


class Response(Base):
    """The current state of one item of an attempt: what was chosen, flagged and struck out.

    No secondary index: it keeps the updates heap-only on PostgreSQL.
    """

    __tablename__ = "responses"
    __table_args__ = (
        ForeignKeyConstraint(["user_id", "attempt_id"], ["attempts.user_id", "attempts.id"]),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
    # Sorted option ids, joined; empty means omitted.
    options: Mapped[str] = mapped_column(String(8))
    flagged: Mapped[bool]
    struck: Mapped[str] = mapped_column(String(8))
    # Total time on the item so far.
    seconds: Mapped[int]
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ResponseEvent(Base):
    """One change of a response as it was accepted, or kept as late; appended, never changed."""

    __tablename__ = "response_events"
    __table_args__ = (
        ForeignKeyConstraint(["user_id", "attempt_id"], ["attempts.user_id", "attempts.id"]),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_late: Mapped[bool] = mapped_column(primary_key=True)
    # The revision that stood before; 0 when there was none.
    previous_revision: Mapped[int]
    options: Mapped[str] = mapped_column(String(8))
    flagged: Mapped[bool]
    struck: Mapped[str] = mapped_column(String(8))
    seconds: Mapped[int]
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # In the key, because several late changes may carry one revision.
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)


class AttemptEvent(Base):
    """Something about the conditions of a sitting: a tab left, a connection lost, a reload."""

    __tablename__ = "attempt_events"
    __table_args__ = (
        ForeignKeyConstraint(["user_id", "attempt_id"], ["attempts.user_id", "attempts.id"]),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(24))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Result(Base):
    """What an attempt scored, by which key and policy; a correction is a new version."""

    __tablename__ = "results"
    __table_args__ = (
        ForeignKeyConstraint(["user_id", "attempt_id"], ["attempts.user_id", "attempts.id"]),
    )

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    raw_score: Mapped[int]
    scored_items: Mapped[int]
    cut_bp: Mapped[int]
    scaled_score: Mapped[int]
    passed: Mapped[bool]
    scale_version: Mapped[str] = mapped_column(String(16))
    policy_version: Mapped[str] = mapped_column(String(16))
    # Hash of everything the score depends on; the same inputs append no new version.
    inputs_hash: Mapped[str] = mapped_column(String(64))
    # One entry per domain: code, name, weight, right, scored, label, probability, mean, low, high.
    domains: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # submitted | expired | rekey
    cause: Mapped[str] = mapped_column(String(24))
    supersedes: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
