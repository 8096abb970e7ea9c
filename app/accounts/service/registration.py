"""Registering, and setting a password by a reset link."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts import passwords, queries
from app.accounts.models import LinkPurpose, PrivateLink, User
from app.accounts.person import Person, Visitor
from app.accounts.roles import Role
from app.accounts.service.audit import record
from app.accounts.service.links import check_link, use_link
from app.accounts.service.sessions import end_sessions, start_session
from app.errors import Conflict, Invalid
from app.persistence.database import Database
from app.persistence.types import new_id, new_public_id

TAKEN = "This e-mail address already has an account. Sign in, or enter another address."


@dataclass(frozen=True)
class NewAccount:
    """What somebody enters to register."""

    name: str
    email: str
    password: str = field(repr=False)

    def check(self) -> None:
        """Raise Invalid when the password is one that everybody tries first."""
        refuse_weak(self.password, own_words=(self.name, self.email))


def register(
    database: Database,
    account: NewAccount,
    *,
    guest_id: int | None,
    visitor: Visitor,
    now: datetime,
) -> Person:
    """Make an account and sign in; a guest keeps their row, and with it all attempts.

    Raises Invalid, naming the field, when the password is refused or the address is taken. The
    guest's resume link and other sessions are dead afterwards: a password has replaced them.
    """
    account.check()
    password_hash = passwords.hash_password(account.password)

    def work(session: Session) -> Person:
        user = _guest(session, guest_id) or new_user(session, Role.CANDIDATE, now=now)
        fill_in(session, user, account=account, password_hash=password_hash)
        session.execute(delete(PrivateLink).where(PrivateLink.user_id == user.id))
        end_sessions(session, user.id)
        return start_session(session, user, user_agent=visitor.user_agent, now=now)

    return take_address(database, work)


def reset_password(database: Database, token: str, *, password: str, now: datetime) -> None:
    """Set a new password by a reset link, and end the person's sessions.

    Raises Invalid for a refused password, NotFound or Gone for a link that does not work.
    """
    with database.reading() as session:
        check_link(session, token, LinkPurpose.RESET_PASSWORD, now=now)
    refuse_weak(password)
    password_hash = passwords.hash_password(password)

    def work(session: Session) -> None:
        user_id = use_link(session, token, LinkPurpose.RESET_PASSWORD, now=now)
        user = session.get_one(User, user_id)
        user.password_hash = password_hash
        end_sessions(session, user.id)
        record(session, "password.reset", subject=user.public_id, actor_id=user.id, now=now)

    database.run_in_transaction(work)


def refuse_weak(password: str, *, own_words: tuple[str, ...] = ()) -> None:
    """Raise Invalid when the password is too short or too well known."""
    objection = passwords.objection(password, own_words=own_words)
    if objection is not None:
        raise Invalid(objection, details={"field": "password"})


def new_user(session: Session, role: Role, *, now: datetime) -> User:
    """Add a user row that still has to be filled in."""
    user = User(id=new_id(), public_id=new_public_id(), role=role, name="", created_at=now)
    session.add(user)
    return user


def fill_in(session: Session, user: User, *, account: NewAccount, password_hash: str) -> None:
    """Turn the row into a registered account; raises Invalid when the address is taken."""
    email = account.email.strip().lower()
    with session.no_autoflush:
        if queries.user_by_email(session, email) is not None:
            raise Invalid(TAKEN, details={"field": "email"})
    user.name = account.name
    user.email = email
    user.password_hash = password_hash
    user.expires_at = None
    session.flush()


def take_address(database: Database, work: Callable[[Session], Person]) -> Person:
    """Run the work; when somebody took the address in the same moment, say so."""
    try:
        return database.run_in_transaction(work)
    except Conflict as error:
        raise Invalid(TAKEN, details={"field": "email"}) from error


def _guest(session: Session, guest_id: int | None) -> User | None:
    if guest_id is None:
        return None
    user = session.get(User, guest_id, with_for_update=True)
    if user is None or user.email is not None:
        raise Conflict("This guest is registered already. Sign in instead.")
    return user
