"""Private links: an address that stands in for a password."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts.models import LinkPurpose, PrivateLink
from app.accounts.service.sessions import hash_token
from app.errors import Gone, NotFound

SPENT = "This link was used or has expired. Ask for a new one."
UNKNOWN = "This link is not known here. Check that you have the whole address."


def create_link(
    session: Session,
    purpose: LinkPurpose,
    *,
    user_id: int | None,
    lifetime: timedelta,
    now: datetime,
) -> str:
    """Make a one-time link and return its token; older unused ones of its kind are dead."""
    session.execute(
        delete(PrivateLink).where(
            PrivateLink.purpose == purpose,
            PrivateLink.user_id == user_id if user_id else PrivateLink.user_id.is_(None),
            PrivateLink.used_at.is_(None),
        )
    )
    token = secrets.token_urlsafe(32)
    session.add(
        PrivateLink(
            token_hash=hash_token(token),
            purpose=purpose,
            user_id=user_id,
            created_at=now,
            expires_at=now + lifetime,
            used_at=None,
        )
    )
    session.flush()
    return token


def check_link(session: Session, token: str, purpose: str, *, now: datetime) -> int | None:
    """Return whom the link is for (None for the first administrator).

    Raises NotFound when it is unknown, Gone when it was used or has expired.
    """
    link = session.get(PrivateLink, hash_token(token))
    if link is None or link.purpose != purpose:
        raise NotFound(UNKNOWN)
    if link.used_at is not None or link.expires_at <= now:
        raise Gone(SPENT)
    return link.user_id


def use_link(session: Session, token: str, purpose: LinkPurpose, *, now: datetime) -> int | None:
    """Spend a one-time link and return whom it is for; of two who race, one gets Gone."""
    user_id = check_link(session, token, purpose, now=now)
    spent = session.execute(
        update(PrivateLink)
        .where(PrivateLink.token_hash == hash_token(token), PrivateLink.used_at.is_(None))
        .values(used_at=now)
        .returning(PrivateLink.token_hash)
    )
    if spent.one_or_none() is None:
        raise Gone(SPENT)
    return user_id
