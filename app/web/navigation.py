"""What the header offers, by who is there."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One link of the navigation."""

    address: str
    label: str
    is_current: bool


# Address, label, and the permission that is needed to see it.
ENTRIES = (
    ("/exams", "Exams", None),
    ("/", "Home", None),
    ("/people", "People", "manage_people"),
)


def entries(person: Any, path: str) -> list[Entry]:
    """Return the links that the person may follow; the one that holds the path is marked."""
    return [
        Entry(address, label, is_current=_holds(address, path))
        for address, label, permission in ENTRIES
        if permission is None or (person.is_authenticated and person.can(permission))
    ]


def _holds(address: str, path: str) -> bool:
    return path == address or (address != "/" and path.startswith(address + "/"))
