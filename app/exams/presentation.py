"""From an open attempt to what the exam room's templates and script are given.

Nothing here may carry a key, a rationale, a skill code or a pretest mark: the values are built from
``DealtItem`` and ``VersionContent`` field by field, never by passing a row on.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from app.bank.content import VersionContent
from app.exams.queries import DealtItem, response_state
from app.exams.service import AttemptView, SaveOutcome


@dataclass(frozen=True)
class RoomOption:
    """One option as shown; ``ref`` is the id of the element that holds its text."""

    id: str
    html: Markup
    ref: str


@dataclass(frozen=True)
class RoomItem:
    """One item as shown, with the candidate's own response so far."""

    position: int
    kind: str
    select: int
    stem_html: Markup
    stem_id: str
    options: tuple[RoomOption, ...]
    response: dict[str, object] | None


def iso(time: datetime) -> str:
    """Return an ISO 8601 time in UTC, with milliseconds."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def room_items(view: AttemptView) -> list[RoomItem]:
    """Return the items of a form in order, each as the templates want it."""
    return [_item(dealt, view.contents[dealt.item_version_id]) for dealt in view.items]


def form_data(view: AttemptView, items: list[RoomItem], *, now: datetime) -> Markup:
    """Return the room's data block as JSON that is safe inside a script element."""
    base = f"/attempts/{view.public_id}"
    return htmlsafe_json_dumps(
        {
            "attempt": view.public_id,
            "deadline": iso(view.deadline_at),
            "server_time": iso(now),
            "grace_seconds": int((view.closes_at - view.deadline_at).total_seconds()),
            "discard_until": iso(view.discard_until),
            "items": [_reference(item) for item in items],
            "responses": [
                {"position": item.position, **item.response} for item in items if item.response
            ],
            "urls": {
                "responses": f"{base}/responses",
                "events": f"{base}/events",
                "result": f"{base}/result",
                "session": "/session",
            },
        },
        separators=(",", ":"),
    )


def status_rows(view: AttemptView) -> list[dict[str, object]]:
    """Return one row per item for the overview without JavaScript."""
    return [
        {"position": item.position, "status": status_of(item), "flagged": bool(item.flagged)}
        for item in view.items
    ]


def status_counts(rows: list[dict[str, object]]) -> dict[str, int]:
    """Return how many items are complete, incomplete, unseen and flagged."""
    counts = dict.fromkeys(("complete", "incomplete", "unseen"), 0)
    for row in rows:
        counts[str(row["status"]).lower()] += 1
    return {**counts, "flagged": sum(bool(row["flagged"]) for row in rows)}


def status_of(item: DealtItem) -> str:
    """Name an item's state with the exam's own words."""
    if item.revision is None:
        return "Unseen"
    return "Complete" if len(item.options or "") == item.select_count else "Incomplete"


def save_fields(outcome: SaveOutcome, *, now: datetime, result_url: str) -> dict[str, object]:
    """Return the fields of the answer to one change, as JSON values."""
    fields: dict[str, object] = {"position": outcome.position, "server_time": iso(now)}
    if outcome.revision is not None:
        fields["revision"] = outcome.revision
    if outcome.deadline_at is not None:
        fields["deadline"] = iso(outcome.deadline_at)
    if outcome.saved_at is not None:
        fields["saved_at"] = iso(outcome.saved_at)
    if outcome.status in (409, 410):
        fields["stored"] = outcome.stored
    if outcome.status == 410:
        fields["result"] = result_url
    if outcome.field:
        fields["field"] = outcome.field
    return fields


def _item(dealt: DealtItem, content: VersionContent) -> RoomItem:
    # The HTML was sanitised when the bank was loaded.
    return RoomItem(
        position=dealt.position,
        kind=content.kind,
        select=content.select_count,
        stem_html=Markup(content.stem_html),  # noqa: S704 - see above
        stem_id=f"s{dealt.position}",
        options=tuple(
            RoomOption(
                id=letter,
                html=Markup(content.options[letter]),  # noqa: S704 - see above
                ref=f"o{dealt.position}{letter}",
            )
            for letter in dealt.option_order
        ),
        response=response_state(dealt),
    )


def _reference(item: RoomItem) -> dict[str, object]:
    return {
        "position": item.position,
        "kind": item.kind,
        "select": item.select,
        "stem_ref": item.stem_id,
        "options": [{"id": option.id, "ref": option.ref} for option in item.options],
    }
