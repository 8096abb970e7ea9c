"""The door of accounts: every verb, whichever module it lives in.

Verbs take a session, flush and never commit. The few that hash a password take the database
instead: hashing takes 45 ms of computing, and no transaction may be held open meanwhile.
"""

from app.accounts.queries import AuditRow, PersonRow, SessionRow
from app.accounts.service.administrators import (
    create_first_administrator,
    first_administrator_link,
)
from app.accounts.service.audit import list_audit, record
from app.accounts.service.guests import (
    GUEST_LIFETIME,
    name_of_guest_link,
    resume_guest,
    resume_token,
    start_guest,
)
from app.accounts.service.links import check_link
from app.accounts.service.own_account import change_password, describe_account, rename
from app.accounts.service.people import (
    RoleChange,
    create_reset_link,
    end_sessions_of_person,
    find_people,
    person,
    set_disabled,
    set_role,
)
from app.accounts.service.registration import NewAccount, register, reset_password
from app.accounts.service.sessions import (
    end_own_session,
    end_session,
    identify,
    list_sessions,
    own_reference,
    remove_expired,
    session_reference,
    touch_session,
)
from app.accounts.service.sign_in import Credentials, TooSoon, sign_in

__all__ = [
    "GUEST_LIFETIME",
    "AuditRow",
    "Credentials",
    "NewAccount",
    "PersonRow",
    "RoleChange",
    "SessionRow",
    "TooSoon",
    "change_password",
    "check_link",
    "create_first_administrator",
    "create_reset_link",
    "describe_account",
    "end_own_session",
    "end_session",
    "end_sessions_of_person",
    "find_people",
    "first_administrator_link",
    "identify",
    "list_audit",
    "list_sessions",
    "name_of_guest_link",
    "own_reference",
    "person",
    "record",
    "register",
    "remove_expired",
    "rename",
    "reset_password",
    "resume_guest",
    "resume_token",
    "session_reference",
    "set_disabled",
    "set_role",
    "sign_in",
    "start_guest",
    "touch_session",
]
