"""The first administrator, who comes by a one-time link from whoever runs the server."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts import passwords, queries
from app.accounts.models import LinkPurpose
from app.accounts.person import Person, Visitor
from app.accounts.roles import Role
from app.accounts.service.audit import record
from app.accounts.service.links import check_link, create_link, use_link
from app.accounts.service.registration import NewAccount, fill_in, new_user, take_address
from app.accounts.service.sessions import start_session
from app.persistence.database import Database

LIFETIME = timedelta(hours=24)


def first_administrator_link(
    session: Session, *, now: datetime, another: bool = False
) -> str | None:
    """Return the token of a new one-time link, or None when there is an administrator already.

    Any link made before is dead. ``another`` makes a link all the same, for an installation whose
    administrators have lost their passwords.
    """
    if queries.enabled_administrators(session) and not another:
        return None
    return create_link(
        session, LinkPurpose.FIRST_ADMINISTRATOR, user_id=None, lifetime=LIFETIME, now=now
    )


def create_first_administrator(
    database: Database, token: str, *, account: NewAccount, visitor: Visitor, now: datetime
) -> Person:
    """Make an administrator by the link, which is spent, and sign in.

    Raises NotFound or Gone for a link that does not work, Invalid, naming the field, for a refused
    password or a taken address; the link is not spent then.
    """
    with database.reading() as session:
        check_link(session, token, LinkPurpose.FIRST_ADMINISTRATOR, now=now)
    account.check()
    password_hash = passwords.hash_password(account.password)

    def work(session: Session) -> Person:
        use_link(session, token, LinkPurpose.FIRST_ADMINISTRATOR, now=now)
        user = new_user(session, Role.ADMINISTRATOR, now=now)
        fill_in(session, user, account=account, password_hash=password_hash)
        record(session, "administrator.create", subject=user.public_id, actor_id=user.id, now=now)
        return start_session(session, user, user_agent=visitor.user_agent, now=now)

    return take_address(database, work)
