"""What can go wrong in the domain, in kinds that pages and programs can answer."""

from collections.abc import Mapping


class DomainError(Exception):
    """A rule of the product was not met; the message is a sentence for the person concerned."""

    def __init__(self, message: str, *, details: Mapping[str, object] | None = None) -> None:
        """Keep the sentence and, for programs, further fields of the problem document."""
        super().__init__(message)
        self.message = message
        self.details: dict[str, object] = dict(details or {})


class Invalid(DomainError):  # noqa: N818 - the kinds are named after the answer they get
    """The request is understood and cannot be accepted as it is (422)."""


class NotAllowed(DomainError):  # noqa: N818 - see Invalid
    """The person may not do this (403)."""


class NotFound(DomainError):  # noqa: N818 - see Invalid
    """There is no such thing, or it is not this person's (404)."""


class Conflict(DomainError):  # noqa: N818 - see Invalid
    """Something else happened first (409)."""


class Gone(DomainError):  # noqa: N818 - see Invalid
    """It was possible once and no longer is, such as saving into a closed attempt (410)."""
