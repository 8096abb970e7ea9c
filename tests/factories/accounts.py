"""Accounts for the tests of accounts: people with real passwords, as many as wanted."""

from datetime import datetime, timedelta
from functools import cache
from itertools import count

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.roles import Role
from app.persistence.types import new_id, new_public_id

PASSWORD = "a long enough passphrase"
_numbers = count(1)


@cache
def cheap_hash(password: str = PASSWORD) -> str:
    """Return a real hash of the password, made with so little work that tests stay fast."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def make_guest(session: Session, *, now: datetime) -> User:
    """Add a guest."""
    return _add(session, now=now, role=Role.CANDIDATE, expires_at=now + timedelta(days=30))


def make_person(
    session: Session, *, now: datetime, role: Role = Role.CANDIDATE, **fields: object
) -> User:
    """Add a registered person whose password is PASSWORD."""
    email = f"person{next(_numbers)}@example.org"
    return _add(
        session, now=now, role=role, **{"email": email, "password_hash": cheap_hash(), **fields}
    )


def make_administrator(session: Session, *, now: datetime) -> User:
    """Add an administrator whose password is PASSWORD."""
    return make_person(session, now=now, role=Role.ADMINISTRATOR)


def _add(session: Session, *, now: datetime, **fields: object) -> User:
    values = {"name": f"Person {next(_numbers)}", **fields}
    user = User(id=new_id(), public_id=new_public_id(), created_at=now, **values)
    session.add(user)
    session.flush()
    return user
