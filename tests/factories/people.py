"""People for tests; every field that matters is an argument."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.roles import Role
from app.persistence.types import new_id, new_public_id


def make_user(
    session: Session,
    *,
    now: datetime,
    name: str = "Ada Candidate",
    role: str = Role.CANDIDATE,
    email: str | None = "ada@example.org",
) -> User:
    """Add a registered person, without a password, and return the row."""
    return _add(
        session,
        User(
            id=new_id(),
            public_id=new_public_id(),
            role=role,
            name=name,
            email=email,
            created_at=now,
        ),
    )


def make_administrator(session: Session, *, now: datetime) -> User:
    """Add an administrator and return the row."""
    return make_user(
        session,
        now=now,
        name="Grace Administrator",
        role=Role.ADMINISTRATOR,
        email="grace@example.org",
    )


def make_guest(session: Session, *, now: datetime, name: str = "Guest 7F3K") -> User:
    """Add a guest and return the row."""
    return _add(
        session,
        User(
            id=new_id(),
            public_id=new_public_id(),
            role=Role.CANDIDATE,
            name=name,
            created_at=now,
            expires_at=now + timedelta(days=30),
        ),
    )


def _add(session: Session, user: User) -> User:
    session.add(user)
    session.flush()
    return user
