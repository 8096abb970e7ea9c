"""What somebody may change about themselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.models import User
from app.accounts.person import Person, Visitor
from app.accounts.queries import PersonRow, person_row
from app.accounts.service.registration import refuse_weak
from app.accounts.service.sessions import end_sessions
from app.accounts.service.sign_in import Credentials, verify_password
from app.errors import Invalid
from app.persistence.database import Database


def describe_account(session: Session, user_id: int) -> PersonRow:
    """Return the person's own row."""
    return person_row(session.get_one(User, user_id))


def rename(session: Session, user_id: int, name: str) -> None:
    """Change the person's name."""
    session.get_one(User, user_id).name = name
    session.flush()


def change_password(
    database: Database,
    person: Person,
    *,
    passwords_typed: tuple[str, str],
    visitor: Visitor,
    now: datetime,
) -> None:
    """Replace the current password by a new one, and end the person's other sessions.

    ``passwords_typed`` are the current one and the new one. The current one is guessed at as
    slowly as at sign-in (TooSoon). Raises Invalid, naming the field.
    """
    current, new = passwords_typed
    with database.reading() as session:
        account = describe_account(session, person.id)
    refuse_weak(new, own_words=(account.name, account.email))
    try:
        verify_password(database, Credentials(account.email, current), visitor=visitor, now=now)
    except Invalid as error:
        raise Invalid(
            "Enter your current password; this is not it.", details={"field": "current_password"}
        ) from error
    password_hash = passwords.hash_password(new)

    def work(session: Session) -> None:
        session.get_one(User, person.id).password_hash = password_hash
        end_sessions(session, person.id, but=person.session_token)

    database.run_in_transaction(work)
