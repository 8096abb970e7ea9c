"""Reading a change of a response as a program sends it: shape and wording, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.errors import Invalid
from app.scoring.marking import normalised

# An item has at most six options, so an id is one of these letters.
OPTION_IDS = "abcdef"
HIGHEST_REVISION = 2**31 - 1
HIGHEST_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Change:
    """One change of one item: the whole new state and the revision the page gave it."""

    position: int
    revision: int
    # Option ids, sorted and joined; empty means omitted.
    options: str
    flagged: bool
    struck: str
    # Total time on the item so far.
    seconds: int
    # Server time as the page knew it when the change was made.
    made_at: datetime | None

    def same_content(self, *, options: str, flagged: bool, struck: str) -> bool:
        """Tell whether a stored state is what this change asks for."""
        return (self.options, self.flagged, self.struck) == (options, flagged, struck)


def read_change(values: object, *, position: int | None = None) -> Change:
    """Return the change in a decoded JSON object.

    The position comes from the address or, in a batch, from the object. Raises Invalid with the
    name of the first wrong field in ``details["field"]``.
    """
    if not isinstance(values, Mapping):
        raise _invalid("", "Send a JSON object with revision and options.")
    return Change(
        position=position if position is not None else _whole(values, "position", lowest=1),
        revision=_whole(values, "revision", lowest=1, highest=HIGHEST_REVISION),
        options=_option_ids(values, "options", required=True),
        flagged=_truth(values, "flagged"),
        struck=_option_ids(values, "struck"),
        seconds=_whole(values, "seconds", lowest=0, highest=HIGHEST_SECONDS, default=0),
        made_at=read_time(values, "made_at"),
    )


@dataclass(frozen=True)
class FormChange:
    """What a form without JavaScript sends: no strike-outs and no times."""

    position: int
    # The revision that its page showed; 0 when nothing was stored.
    based_on: int
    # Option ids, sorted and joined.
    options: str
    flagged: bool


def read_form_change(
    position: int, *, revision: str, options: list[str], flagged: bool
) -> FormChange:
    """Return the change in a form's fields. Raises Invalid as ``read_change`` does."""
    values = {
        # A number of more digits than any revision has is refused like one that is too high.
        "revision": int(revision) if revision.isdecimal() and len(revision) < 11 else -1,
        "options": options,
    }
    return FormChange(
        position=position,
        based_on=_whole(values, "revision", lowest=0, highest=HIGHEST_REVISION - 1),
        options=_option_ids(values, "options", required=True),
        flagged=flagged,
    )


def read_time(values: Mapping[str, Any], field: str) -> datetime | None:
    """Return the aware time in a field, or None when it is absent. Raises Invalid."""
    text = values.get(field)
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text) if isinstance(text, str) else None
        if time is not None and time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        # Overflow: a time so near the end of the calendar that its UTC lies beyond.
        pass
    raise _invalid(field, "Send an ISO 8601 time with its zone, such as 2026-12-01T09:30:00Z.")


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, details={"field": field})


def _whole(
    values: Mapping[str, Any],
    field: str,
    *,
    lowest: int,
    highest: int = HIGHEST_REVISION,
    default: int | None = None,
) -> int:
    value = values.get(field, default)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise _invalid(field, f"Send {field} as a whole number from {lowest} to {highest}.")
    return value


def _truth(values: Mapping[str, Any], field: str) -> bool:
    value = values.get(field, False)
    if not isinstance(value, bool):
        raise _invalid(field, f"Send {field} as true or false.")
    return value


def _option_ids(values: Mapping[str, Any], field: str, *, required: bool = False) -> str:
    value = values.get(field, None if required else [])
    if not isinstance(value, list) or not all(
        isinstance(option, str) and len(option) == 1 and option in OPTION_IDS for option in value
    ):
        raise _invalid(field, f"Send {field} as a list of option ids of this question.")
    return normalised(value)
