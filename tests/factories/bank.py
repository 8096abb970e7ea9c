"""A small bank for tests: two exams, a few slugs, items that meet every rule."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.bank.content import ItemContent, OptionContent, Reference
from app.bank.files import Vocabulary
from app.bank.outline import ExamSpec, exam_spec
from app.bank.schema import item_json_schema
from app.bank.writer import item_text

VOCABULARY = Vocabulary(
    services={"lambda": "AWS Lambda", "sqs": "Amazon SQS"},
    constraints={"least-effort": "The least effort is right.", "ordering": "Order decides."},
    confusions={"queue-keeps-order": "Every queue keeps the order of its messages."},
)

STEM = (
    "A toll operator sends readings of its gantries to an Amazon SQS standard queue.\n"
    "An AWS Lambda function books them, and since last week some gantries are booked twice.\n"
    "The readings of one gantry must be booked in the order in which they were sent.\n\n"
    "Which change meets this requirement?"
)
TEXTS = (
    "Replace the queue with a first-in first-out queue that groups messages by their gantry.",
    "Raise the visibility timeout of the queue above the longest duration of the function.",
    "Set the reserved concurrency of the function to one and keep the standard queue in place.",
    "Sort the messages of each batch by their time stamp before the function books them.",
    "Turn on long polling for the queue so that each batch holds more of the readings.",
)


def an_option(place: int, *, correct: bool = False, **changes: Any) -> OptionContent:
    option = OptionContent(
        id="abcdef"[place],
        text=TEXTS[place],
        rationale="The sentence says why.",
        correct=correct,
        confuses=None if correct else "queue-keeps-order",
    )
    return replace(option, **changes)


def an_item(number: int = 1, *, key: str = "a", **changes: Any) -> ItemContent:
    """Return an item that meets every rule; two right options make it a multiple item."""
    multiple = len(key) > 1
    item = ItemContent(
        id=f"q-{number:08d}",
        status="review",
        kind="multiple" if multiple else "single",
        outline=("dva-c02/1.1.1", "dva-c03/1.1.2"),
        services=("sqs", "lambda"),
        angoff=70,
        constraint="ordering",
        decides="must be booked in the order in which they were sent",
        verified="2026-11-20",
        stem=STEM + (" (Select TWO.)" if multiple else ""),
        options=tuple(
            an_option(place, correct="abcde"[place] in key) for place in range(5 if multiple else 4)
        ),
        explanation="A first-in first-out queue keeps the order within a group.\nOthers do not.",
        references=(
            Reference(title="Amazon SQS FIFO queues", url="https://docs.aws.amazon.com/sqs/fifo"),
        ),
        authors=("editorial",),
    )
    return replace(item, **changes)


def an_exam_document(code: str = "dva-c02", **changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "schema": 1,
        "code": code,
        "title": "Developer",
        "guide_version": "2.1",
        "sat_until": "2026-11-30",
        "scale": {"min": 100, "max": 1000, "cut_score": 720},
        "cut": {"target_bp": 344400, "tolerance_bp": 2500},
        "multiple": {"min": 13, "max": 20},
        "grace_seconds": 30,
        "modes": {"exam": {"items": 65, "scored": 50, "pretest": 15, "minutes": 130}},
        "domains": [
            {
                "code": "1",
                "name": "Development",
                "weight": 60,
                "tasks": [
                    {
                        "code": "1.1",
                        "name": "Code",
                        "skills": [
                            {"code": "1.1.1", "text": "Write code"},
                            {"code": "1.1.2", "text": "Read code"},
                        ],
                    }
                ],
            },
            {
                "code": "2",
                "name": "Security",
                "weight": 40,
                "tasks": [
                    {
                        "code": "2.1",
                        "name": "Access",
                        "skills": [{"code": "2.1.1", "text": "Grant access"}],
                    }
                ],
            },
        ],
        "services": ["lambda", "sqs"],
    }
    return document | changes


def exams() -> dict[str, ExamSpec]:
    return {code: exam_spec(an_exam_document(code)) for code in ("dva-c02", "dva-c03")}


def write_bank(directory: Path, items: Iterable[ItemContent] = ()) -> Path:
    """Write a whole bank folder and return it; items lie in the folder ``queues``."""
    (directory / "exams").mkdir(parents=True, exist_ok=True)
    (directory / "items").mkdir(exist_ok=True)
    for code in ("dva-c02", "dva-c03"):
        write_exam(directory, an_exam_document(code))
    lists = ["schema: 1"]
    for name in ("services", "constraints", "confusions"):
        lists.append(f"{name}:")
        lists += [f"  {slug}: '{text}'" for slug, text in getattr(VOCABULARY, name).items()]
    (directory / "vocabulary.yaml").write_text("\n".join(lists) + "\n")
    (directory / "reviews.csv").write_text("item,version,answer,two_defensible,date\n")
    (directory / "item.schema.json").write_text(item_json_schema())
    for item in items:
        write_item(directory, item)
    return directory


def write_item(directory: Path, item: ItemContent, *, folder: str = "queues") -> Path:
    path = directory / "items" / folder / f"{item.id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(item_text(item), encoding="utf-8")
    return path


def write_exam(directory: Path, document: dict[str, Any]) -> Path:
    path = directory / "exams" / f"{document['code']}.yaml"
    path.write_text(_yaml(document, indent="") + "\n")
    return path


def _yaml(value: Any, *, indent: str) -> str:
    if isinstance(value, dict):
        lines = []
        for name, inner in value.items():
            nested = isinstance(inner, dict | list)
            text = _yaml(inner, indent=indent + "  ")
            lines.append(f"{indent}{name}:" + (f"\n{text}" if nested else f" {text}"))
        return "\n".join(lines)
    if isinstance(value, list):
        blocks = [_yaml(inner, indent=indent + "  ") for inner in value]
        return "\n".join(f"{indent}- {block.strip()}" for block in blocks)
    return f"'{value}'" if isinstance(value, str) else str(value)
