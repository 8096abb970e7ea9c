"""What a view demands of the person before it; written down here, enforced by accounts.

Every route carries exactly one of the three marks. They only set an attribute, so that a test can
walk the URL map and read the rule of each address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """One access rule: open to everybody, to everybody signed in, or by a permission."""

    is_public: bool = False
    permission: str | None = None


class AccessRuleError(Exception):
    """A view carries no access rule, or two; the programmer has to decide."""


def public(view: View) -> View:
    """Open the view to everybody, signed in or not."""
    return _mark(view, Access(is_public=True))


def signed_in(view: View) -> View:
    """Open the view to everybody who is signed in, guests included."""
    return _mark(view, Access())


def needs(permission: str) -> Callable[[View], View]:
    """Open the view to people who have the permission."""
    return lambda view: _mark(view, Access(permission=permission))


def access_of(view: Callable[..., Any]) -> Access:
    """Return the view's rule; raises AccessRuleError when it has none."""
    access = getattr(view, "access", None)
    if not isinstance(access, Access):
        raise AccessRuleError(f"{view.__module__}.{view.__name__} has no access rule.")
    return access


def _mark(view: View, access: Access) -> View:
    if hasattr(view, "access"):
        raise AccessRuleError(f"{view.__module__}.{view.__name__} has two access rules.")
    # For the type checker: a function has no such attribute; the mark is the point of this module.
    view.access = access  # type: ignore[attr-defined]
    return view
