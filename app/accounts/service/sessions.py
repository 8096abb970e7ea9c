"""Sessions: one row for each signed-in browser, found by the hash of its token."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import PrivateLink, SignInFailure, User, UserSession
from app.accounts.person import Person
from app.accounts.queries import SessionRow
from app.accounts.roles import Role, permissions_of
from app.errors import NotFound

IDLE_LIMIT = timedelta(days=14)
ABSOLUTE_LIMIT = timedelta(days=30)
# The time a session was last seen is only that exact, so that a save does not write it.
SEEN_PRECISION = timedelta(hours=1)
# Guesses count for an hour; a day leaves time to look into them.
FAILURES_KEPT = timedelta(days=1)

_sessions, _users = UserSession.__table__.c, User.__table__.c
# Written once and on tables: every request runs it, and an ORM statement made anew at each call
# would cost more than running it.
_IDENTIFY = (
    select(
        _users.id,
        _users.public_id,
        _users.name,
        _users.role,
        _users.is_author,
        _users.is_reviewer,
        _users.email,
        _sessions.last_seen_at,
    )
    .join_from(UserSession.__table__, User.__table__, _users.id == _sessions.user_id)
    .where(
        _sessions.token_hash == bindparam("token_hash"),
        _sessions.expires_at > bindparam("now"),
        _sessions.last_seen_at > bindparam("idle_since"),
        _users.disabled_at.is_(None),
    )
)


def hash_token(token: str) -> str:
    """Return what the database keeps of a random token; it cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_session(session: Session, user: User, *, user_agent: str, now: datetime) -> Person:
    """Open a session with a new token of 256 random bits, and return its holder."""
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_hash=hash_token(token),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE_LIMIT,
            user_agent=user_agent[:200],
        )
    )
    session.flush()
    return _person(user, token)


def identify(session: Session, token: str, *, now: datetime) -> tuple[Person, bool] | None:
    """Return who holds the token, and whether the session should be touched, in one statement.

    None when there is no such session, it was idle or open for too long, or the person is disabled.
    """
    row = session.execute(
        _IDENTIFY,
        {"token_hash": hash_token(token), "now": now, "idle_since": now - IDLE_LIMIT},
    ).one_or_none()
    if row is None:
        return None
    return _person(row, token), now - row.last_seen_at > SEEN_PRECISION


def touch_session(session: Session, token: str, *, now: datetime) -> None:
    """Note that the session is in use."""
    session.execute(
        update(UserSession)
        .where(UserSession.token_hash == hash_token(token))
        .values(last_seen_at=now)
    )


def end_session(session: Session, token: str) -> None:
    """End the session of this token; copies of its cookie are dead with it."""
    session.execute(delete(UserSession).where(UserSession.token_hash == hash_token(token)))


def end_sessions(session: Session, user_id: int, *, but: str | None = None) -> int:
    """End the person's sessions, but for the one with this token; return how many."""
    statement = delete(UserSession).where(UserSession.user_id == user_id)
    if but is not None:
        statement = statement.where(UserSession.token_hash != hash_token(but))
    return len(session.execute(statement.returning(UserSession.token_hash)).all())


def list_sessions(session: Session, user_id: int, *, now: datetime) -> list[SessionRow]:
    """Return the person's living sessions, the one used last first."""
    return queries.sessions_of(session, user_id, now=now, idle_since=now - IDLE_LIMIT)


def session_reference(token_hash: str) -> str:
    """Return a short name for a session that may stand in a page; useless as a token."""
    return token_hash[:20]


def own_reference(token: str) -> str:
    """Return the reference of the session that has this token."""
    return session_reference(hash_token(token))


def end_own_session(session: Session, user_id: int, reference: str) -> None:
    """End the one of the person's sessions that has this reference (NotFound otherwise)."""
    hashes = session.scalars(select(UserSession.token_hash).where(UserSession.user_id == user_id))
    wanted = [each for each in hashes if session_reference(each) == reference]
    if not wanted:
        raise NotFound("That session has already ended.")
    session.execute(delete(UserSession).where(UserSession.token_hash.in_(wanted)))


def remove_expired(session: Session, *, now: datetime) -> None:
    """Remove rows that no longer mean anything: dead sessions and links, old failures."""
    dead = or_(UserSession.expires_at <= now, UserSession.last_seen_at <= now - IDLE_LIMIT)
    session.execute(delete(UserSession).where(dead))
    session.execute(delete(PrivateLink).where(PrivateLink.expires_at <= now - ABSOLUTE_LIMIT))
    session.execute(delete(SignInFailure).where(SignInFailure.failed_at <= now - FAILURES_KEPT))


def _person(row: Any, token: str) -> Person:
    # A User, or a row with the columns of one that are needed.
    role = Role(row.role)
    return Person(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        role=role.value,
        is_guest=row.email is None,
        permissions=permissions_of(role, is_author=row.is_author, is_reviewer=row.is_reviewer),
        session_token=token,
    )
