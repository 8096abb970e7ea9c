"""Reads of accounts that deserve a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.accounts.models import AuditEntry, SignInFailure, User, UserSession
from app.accounts.roles import Role

PAGE_SIZE = 50


@dataclass(frozen=True)
class PersonRow:
    """One registered person, as the administrator sees them."""

    id: int
    public_id: str
    name: str
    email: str
    role: Role
    is_author: bool
    is_reviewer: bool
    is_disabled: bool
    created_at: datetime


@dataclass(frozen=True)
class SessionRow:
    """One signed-in browser of a person."""

    token_hash: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class AuditRow:
    """One audited act with the names of the people in it."""

    at: datetime
    actor: str | None
    action: str
    subject: str | None
    details: dict[str, object]


def user_by_email(session: Session, email: str) -> User | None:
    """Return the account of the e-mail address (lower case)."""
    return session.scalars(select(User).where(User.email == email)).one_or_none()


def user_by_public_id(session: Session, public_id: str) -> User | None:
    """Return the registered person of the public id; a guest is nobody's to manage."""
    return session.scalars(
        select(User).where(User.public_id == public_id, User.email.is_not(None))
    ).one_or_none()


def failure_times(
    session: Session,
    column: InstrumentedAttribute[str],
    value: str,
    *,
    since: datetime,
    but: int = 0,
) -> Sequence[datetime]:
    """Return when guesses failed for the account or address, leaving one row out."""
    return session.scalars(
        select(SignInFailure.failed_at)
        .where(column == value, SignInFailure.failed_at > since, SignInFailure.id != but)
        .order_by(SignInFailure.failed_at.desc())
        .limit(100)
    ).all()


def enabled_administrators(session: Session) -> Sequence[int]:
    """Return and lock the administrators who can sign in, so that two cannot remove each other."""
    return session.scalars(
        select(User.id)
        .where(User.role == Role.ADMINISTRATOR, User.disabled_at.is_(None))
        .order_by(User.id)
        .with_for_update()
    ).all()


def people(session: Session, *, search: str, page: int) -> tuple[list[PersonRow], bool]:
    """Return one page of registered people by name, and whether another page follows."""
    statement = select(User).where(User.email.is_not(None)).order_by(User.name, User.id)
    if search:
        by_name = User.name.icontains(search, autoescape=True)
        statement = statement.where(by_name | User.email.icontains(search, autoescape=True))
    rows = session.scalars(statement.limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)).all()
    return [person_row(user) for user in rows[:PAGE_SIZE]], len(rows) > PAGE_SIZE


def person_row(user: User) -> PersonRow:
    """Return the person's row as plain values."""
    return PersonRow(
        id=user.id,
        public_id=user.public_id,
        name=user.name,
        email=user.email or "",
        role=Role(user.role),
        is_author=user.is_author,
        is_reviewer=user.is_reviewer,
        is_disabled=user.disabled_at is not None,
        created_at=user.created_at,
    )


def sessions_of(
    session: Session, user_id: int, *, now: datetime, idle_since: datetime
) -> list[SessionRow]:
    """Return the person's living sessions, the one used last first."""
    rows = session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.expires_at > now,
            UserSession.last_seen_at > idle_since,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.token_hash)
    )
    return [
        SessionRow(row.token_hash, row.user_agent, row.created_at, row.last_seen_at) for row in rows
    ]


def audit_entries(session: Session, *, page: int) -> tuple[list[AuditRow], bool]:
    """Return one page of audited acts, newest first, and whether another page follows."""
    actor, subject = aliased(User), aliased(User)
    rows = session.execute(
        select(AuditEntry, actor.name, subject.name)
        .outerjoin(actor, actor.id == AuditEntry.actor_id)
        .outerjoin(subject, subject.public_id == AuditEntry.subject)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(PAGE_SIZE + 1)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    entries = [
        AuditRow(entry.at, actor_name, entry.action, subject_name, entry.details)
        for entry, actor_name, subject_name in rows[:PAGE_SIZE]
    ]
    return entries, len(rows) > PAGE_SIZE
