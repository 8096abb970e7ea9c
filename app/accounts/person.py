"""The person before a page, in the words that Flask-Login understands, without knowing it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, as of this request."""

    id: int
    public_id: str
    name: str
    role: str
    is_guest: bool
    permissions: frozenset[str]
    # The raw token of this browser's session; the database keeps only its hash.
    session_token: str = field(repr=False)

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def can(self, permission: str) -> bool:
        """Say whether the person's role grants the permission."""
        return permission in self.permissions

    def get_id(self) -> str:
        """Return what the cookie holds: the session's token, never the id of the user.

        A cookie that was copied is therefore dead once the session is.
        """
        return self.session_token


class Anonymous:
    """Nobody in particular."""

    id = None
    public_id = None
    name = ""
    role = None
    is_guest = False
    is_authenticated = False
    is_active = False
    is_anonymous = True

    def can(self, permission: str) -> bool:
        """Say no: every permission belongs to a role."""
        return False

    def get_id(self) -> None:
        """Return nothing: there is no session."""


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from, as far as it can be known."""

    address: str
    user_agent: str
