"""Tables of accounts: users, sessions, sign-in attempts, one-time links and the audit log."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base
from app.persistence.types import UtcDateTime


class User(Base):
    """One person. A guest is a candidate without an e-mail address; registering keeps the row."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    # Permissions of an instructor.
    is_author: Mapped[bool] = mapped_column(default=False)
    is_reviewer: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(120))
    # Lower case; null for a guest.
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When a guest's row may be removed; null once registered.
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UserSession(Base):
    """One signed-in browser. The cookie holds a random token, this row only its hash."""

    __tablename__ = "user_sessions"
    __table_args__ = (Index(None, "user_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_agent: Mapped[str] = mapped_column(String(200), default="")


class SignInFailure(Base):
    """One refused sign-in, counted by account and by address to slow guessing down."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "account", "failed_at"), Index(None, "address", "failed_at"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # Hash of the e-mail address as typed, so that the table does not collect mistyped secrets.
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    failed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LinkPurpose(StrEnum):
    """What a private link does when it is opened."""

    FIRST_ADMINISTRATOR = "first-administrator"
    RESET_PASSWORD = "reset-password"  # noqa: S105 - a purpose, not a password
    RESUME_GUEST = "resume-guest"


class PrivateLink(Base):
    """A link that stands in for a password: one-time, but for a guest's resume link."""

    __tablename__ = "private_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(24))
    # Null for the first administrator, whose row does not exist yet.
    user_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """One act that somebody may have to account for; appended, never changed."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Null when nobody is signed in, or when the command line acts.
    actor_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(120))
    details: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
