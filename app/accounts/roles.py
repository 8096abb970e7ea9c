"""Who may do what: the one table of roles and permissions."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is here; an instructor's work is further narrowed by permissions."""

    CANDIDATE = "candidate"
    INSTRUCTOR = "instructor"
    ADMINISTRATOR = "administrator"


LABELS = {
    Role.CANDIDATE: "Candidate",
    Role.INSTRUCTOR: "Instructor",
    Role.ADMINISTRATOR: "Administrator",
}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.CANDIDATE: frozenset(),
    Role.INSTRUCTOR: frozenset(),
    Role.ADMINISTRATOR: frozenset({"manage_people", "write_items", "review_items"}),
}


def permissions_of(role: Role, *, is_author: bool, is_reviewer: bool) -> frozenset[str]:
    """Return what the person may do; the two permissions count for instructors only."""
    permissions = PERMISSIONS[role]
    if role is Role.INSTRUCTOR:
        granted = {"write_items": is_author, "review_items": is_reviewer}
        permissions |= {name for name, is_granted in granted.items() if is_granted}
    return permissions
