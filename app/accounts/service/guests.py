"""Guests: candidates in one click, who come back by a private link."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.models import LinkPurpose, PrivateLink, User
from app.accounts.person import Person, Visitor
from app.accounts.roles import Role
from app.accounts.service.links import check_link
from app.accounts.service.sessions import hash_token, start_session
from app.errors import Gone
from app.persistence.types import new_id, new_public_id

GUEST_LIFETIME = timedelta(days=30)
# Without letters and digits that are taken for one another.
NAME_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def start_guest(session: Session, *, secret_key: str, visitor: Visitor, now: datetime) -> Person:
    """Make a guest with a resume link and sign this browser in as them."""
    user = User(
        id=new_id(),
        public_id=new_public_id(),
        role=Role.CANDIDATE,
        name="Guest " + "".join(secrets.choice(NAME_ALPHABET) for _ in range(4)),
        created_at=now,
        expires_at=now + GUEST_LIFETIME,
    )
    session.add(user)
    session.flush()
    _keep_link(session, user, secret_key=secret_key, now=now)
    return start_session(session, user, user_agent=visitor.user_agent, now=now)


def resume_token(public_id: str, *, secret_key: str) -> str:
    """Return the token of the guest's resume link.

    It is computed, not stored, so that the account page can show it at any time although the
    database keeps only its hash.
    """
    message = f"resume-guest:{public_id}".encode()
    digest = hmac.digest(secret_key.encode(), message, hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def name_of_guest_link(session: Session, token: str, *, now: datetime) -> str:
    """Return the name of the guest whom the link resumes (NotFound or Gone otherwise)."""
    return _guest_of_link(session, token, now=now).name


def resume_guest(
    session: Session, token: str, *, secret_key: str, visitor: Visitor, now: datetime
) -> Person:
    """Sign this browser in as the guest of the link, which stays good (NotFound or Gone)."""
    user = _guest_of_link(session, token, now=now)
    _keep_link(session, user, secret_key=secret_key, now=now)
    return start_session(session, user, user_agent=visitor.user_agent, now=now)


def _guest_of_link(session: Session, token: str, *, now: datetime) -> User:
    user_id = check_link(session, token, LinkPurpose.RESUME_GUEST, now=now)
    user = session.get(User, user_id) if user_id else None
    if user is None or user.email is not None or user.disabled_at is not None:
        raise Gone("This guest has registered or is gone. Sign in instead.")
    return user


def _keep_link(session: Session, user: User, *, secret_key: str, now: datetime) -> None:
    # The row can be missing for a guest who came by a link made with an older secret key.
    token_hash = hash_token(resume_token(user.public_id, secret_key=secret_key))
    if session.get(PrivateLink, token_hash) is None:
        session.add(
            PrivateLink(
                token_hash=token_hash,
                purpose=LinkPurpose.RESUME_GUEST,
                user_id=user.id,
                created_at=now,
                expires_at=user.expires_at or now + GUEST_LIFETIME,
            )
        )
        session.flush()
