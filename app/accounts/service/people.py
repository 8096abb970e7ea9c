"""What administrators do about people; each act is audited."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import LinkPurpose, User
from app.accounts.queries import PersonRow
from app.accounts.roles import Role
from app.accounts.service.audit import record
from app.accounts.service.links import create_link
from app.accounts.service.sessions import end_sessions
from app.errors import Invalid, NotFound

RESET_LIFETIME = timedelta(hours=24)
LAST_ADMINISTRATOR = (
    "This is the last administrator who can sign in. Make somebody else administrator first."
)


@dataclass(frozen=True)
class RoleChange:
    """The role and permissions that somebody is to have."""

    role: Role
    is_author: bool = False
    is_reviewer: bool = False

    def __post_init__(self) -> None:
        """Drop permissions that mean nothing outside an instructor's role."""
        if self.role is not Role.INSTRUCTOR:
            object.__setattr__(self, "is_author", False)
            object.__setattr__(self, "is_reviewer", False)


def find_people(session: Session, *, search: str, page: int) -> tuple[list[PersonRow], bool]:
    """Return one page of registered people whose name or address contains the text."""
    return queries.people(session, search=search.strip(), page=page)


def person(session: Session, public_id: str) -> PersonRow:
    """Return one registered person (NotFound)."""
    return queries.person_row(_registered(session, public_id))


def set_role(
    session: Session, public_id: str, change: RoleChange, *, actor_id: int, now: datetime
) -> None:
    """Give somebody a role; their sessions end, so that no page keeps what it showed before.

    Raises Invalid when nobody would be left to administer. Without a change it does nothing.
    """
    user = _registered(session, public_id)
    before = RoleChange(Role(user.role), user.is_author, user.is_reviewer)
    if before == change:
        return
    if change.role is not Role.ADMINISTRATOR:
        _keep_an_administrator(session, user)
    user.role, user.is_author, user.is_reviewer = change.role, change.is_author, change.is_reviewer
    end_sessions(session, user.id)
    record(
        session,
        "person.role",
        subject=public_id,
        actor_id=actor_id,
        now=now,
        before=_in_words(before),
        after=_in_words(change),
    )


def set_disabled(
    session: Session, public_id: str, *, disabled: bool, actor_id: int, now: datetime
) -> None:
    """Keep somebody out, ending their sessions, or let them in again."""
    user = _registered(session, public_id)
    if (user.disabled_at is not None) == disabled:
        return
    if disabled:
        _keep_an_administrator(session, user)
        end_sessions(session, user.id)
    user.disabled_at = now if disabled else None
    action = "person.disable" if disabled else "person.enable"
    record(session, action, subject=public_id, actor_id=actor_id, now=now)


def end_sessions_of_person(
    session: Session, public_id: str, *, actor_id: int, now: datetime
) -> int:
    """Sign somebody out everywhere and return from how many browsers."""
    user = _registered(session, public_id)
    ended = end_sessions(session, user.id)
    record(
        session, "person.end-sessions", subject=public_id, actor_id=actor_id, now=now, ended=ended
    )
    return ended


def create_reset_link(session: Session, public_id: str, *, actor_id: int, now: datetime) -> str:
    """Return the token of a link by which the person sets a new password within 24 hours."""
    user = _registered(session, public_id)
    token = create_link(
        session, LinkPurpose.RESET_PASSWORD, user_id=user.id, lifetime=RESET_LIFETIME, now=now
    )
    record(session, "person.reset-link", subject=public_id, actor_id=actor_id, now=now)
    return token


def _registered(session: Session, public_id: str) -> User:
    user = queries.user_by_public_id(session, public_id)
    if user is None:
        raise NotFound("There is no such person.")
    return user


def _keep_an_administrator(session: Session, user: User) -> None:
    if list(queries.enabled_administrators(session)) == [user.id]:
        raise Invalid(LAST_ADMINISTRATOR)


def _in_words(change: RoleChange) -> str:
    flags = [
        name
        for name, is_set in (("author", change.is_author), ("reviewer", change.is_reviewer))
        if is_set
    ]
    return ", ".join([change.role.value, *flags])
