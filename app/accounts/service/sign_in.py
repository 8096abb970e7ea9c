"""Signing in with a password, as slowly as guessing has to be."""

import hashlib
import math
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts import passwords, queries, throttle
from app.accounts.models import SignInFailure, User
from app.accounts.person import Person, Visitor
from app.accounts.service.sessions import start_session
from app.errors import Invalid, NotAllowed
from app.persistence.database import Database
from app.persistence.types import new_id

WRONG = "That e-mail address and password do not belong together. Check both and try again."
DISABLED = "This account is disabled. Ask an administrator of this site to enable it."


class TooSoon(NotAllowed):
    """The password was not looked at, because too many were wrong before."""

    def __init__(self, again_at: datetime, *, now: datetime) -> None:
        """Say when it will be looked at again."""
        self.seconds = max(1, math.ceil((again_at - now).total_seconds()))
        minutes = math.ceil(self.seconds / 60)
        wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(
            "Too many wrong passwords, so this one was not checked. "
            f"Try again in {wait} (after {again_at:%H:%M} UTC).",
            details={"retry_after": self.seconds},
        )


@dataclass(frozen=True)
class Credentials:
    """What somebody typed to sign in."""

    email: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class _Guess:
    """One guess: whom it is counted for, and its row while it is being verified."""

    account: str
    address: str
    id: int = 0


def sign_in(
    database: Database, credentials: Credentials, *, visitor: Visitor, now: datetime
) -> Person:
    """Verify the password and open a session.

    Raises TooSoon when guessing has to pause, Invalid when e-mail address and password do not
    belong together, NotAllowed when they do and the account is disabled.
    """
    user_id = verify_password(database, credentials, visitor=visitor, now=now)

    def open_session(session: Session) -> Person:
        user = session.get_one(User, user_id)
        if user.disabled_at is not None:
            raise NotAllowed(DISABLED)
        return start_session(session, user, user_agent=visitor.user_agent, now=now)

    return database.run_in_transaction(open_session)


def verify_password(
    database: Database, credentials: Credentials, *, visitor: Visitor, now: datetime
) -> int:
    """Return whose password it is, counting the guess by account and by address.

    The guess is counted before it is verified and uncounted when it was right: of guesses that
    arrive together, each sees every other that was committed before it looks, so that no more than
    the limit are ever verified. Takes the same time for accounts that do not exist.
    """
    email = credentials.email.strip().lower()
    guess = _Guess(account_key(email), throttle.address_key(visitor.address))
    with database.reading() as session:
        _refuse_too_soon(session, guess, now=now)
        user = queries.user_by_email(session, email)
    guess = database.run_in_transaction(lambda session: _count(session, guess, now=now))
    try:
        with database.reading() as session:
            _refuse_too_soon(session, guess, now=now)
    except TooSoon:
        database.run_in_transaction(lambda session: _uncount(session, guess))
        raise
    known_hash = user.password_hash if user else None
    if not passwords.matches(known_hash, credentials.password) or user is None:
        raise Invalid(WRONG, details={"field": "password"})
    new_hash = _improved_hash(known_hash, credentials.password)
    user_id = user.id
    database.run_in_transaction(lambda session: _accept(session, guess, user_id, new_hash))
    return user_id


def account_key(email: str) -> str:
    """Return what the failures of an account are counted under."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def _refuse_too_soon(session: Session, guess: _Guess, *, now: datetime) -> None:
    by_account = queries.failure_times(
        session,
        SignInFailure.account,
        guess.account,
        since=now - throttle.ACCOUNT_WINDOW,
        but=guess.id,
    )
    by_address = queries.failure_times(
        session,
        SignInFailure.address,
        guess.address,
        since=now - throttle.ADDRESS_WINDOW,
        but=guess.id,
    )
    waits = (
        throttle.next_guess_for_account(by_account, now=now),
        throttle.next_guess_for_address(by_address, now=now),
    )
    again_at = max((at for at in waits if at is not None), default=None)
    if again_at is not None:
        raise TooSoon(again_at, now=now)


def _count(session: Session, guess: _Guess, *, now: datetime) -> _Guess:
    counted = _Guess(guess.account, guess.address, id=new_id())
    session.add(
        SignInFailure(
            id=counted.id, account=counted.account, address=counted.address, failed_at=now
        )
    )
    session.flush()
    return counted


def _uncount(session: Session, guess: _Guess) -> None:
    session.execute(delete(SignInFailure).where(SignInFailure.id == guess.id))


def _improved_hash(known_hash: str | None, password: str) -> str | None:
    if known_hash is not None and passwords.needs_rehash(known_hash):
        return passwords.hash_password(password)
    return None


def _accept(session: Session, guess: _Guess, user_id: int, new_hash: str | None) -> None:
    _uncount(session, guess)
    if new_hash is not None:
        session.execute(update(User).where(User.id == user_id).values(password_hash=new_hash))
