"""The shape of the files under ``question_bank/``, as pydantic models and as a JSON Schema."""

import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.bank.content import forbidden_character

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ITEM_ID = r"^q-[0-9a-hjkmnp-tv-z]{8}$"
SKILL_ENTRY = r"^[a-z0-9-]+/[1-9][0-9]*\.[1-9][0-9]*\.[1-9][0-9]*$"
URL = r"^https://[^\s<>\"]+$"


def _without_control_characters(text: str) -> str:
    if forbidden_character(text) is not None:
        raise ValueError("holds a control character. Remove it.")
    if not text.strip():
        raise ValueError("is empty. Write something.")
    return text


def _on_one_line(text: str) -> str:
    if "\n" in text.strip():
        raise ValueError("has a line break. Write it on one line.")
    return text


def _real_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"is {text!r}, which is no day of the calendar.") from error
    return text


Prose = Annotated[
    str,
    AfterValidator(_without_control_characters),
    Field(description="Markdown, one sentence per line, fenced code with a language."),
]
Line = Annotated[str, AfterValidator(_without_control_characters), AfterValidator(_on_one_line)]
Slug = Annotated[str, Field(pattern=SLUG)]
Day = Annotated[
    str,
    AfterValidator(_real_day),
    Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="A day in quotes: '2026-11-20'."),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class OptionFile(_Strict):
    """One selectable answer."""

    id: Literal["a", "b", "c", "d", "e", "f"] = Field(
        description="A letter that the option keeps for life."
    )
    correct: Literal[True] | None = Field(
        default=None, description="true for a right option; absent for a wrong one."
    )
    confuses: Slug | None = Field(
        default=None,
        description="Slug of the false belief behind a distractor, from vocabulary.yaml.",
    )
    text: Prose
    rationale: Prose


class ReferenceFile(_Strict):
    """A public page that the key can be checked against."""

    title: Line
    url: Annotated[str, Field(pattern=URL)]


class ItemFile(_Strict):
    """One item of the question bank: question_bank/items/<folder>/<id>.yaml."""

    schema_version: Literal[1] = Field(alias="schema")
    id: str = Field(pattern=ITEM_ID, description='"q-" and 8 Crockford base32 characters.')
    status: Literal["draft", "review", "published", "retired"]
    kind: Literal["single", "multiple"]
    outline: list[Annotated[str, Field(pattern=SKILL_ENTRY)]] = Field(
        min_length=1,
        description="Skills such as dva-c02/1.1.13; the first of each exam decides its domain.",
    )
    services: list[Slug] = Field(min_length=1, description="Slugs, the most central one first.")
    tags: list[Slug] | None = Field(
        default=None, min_length=1, description="A shared tag marks siblings."
    )
    angoff: int = Field(
        ge=5,
        le=95,
        multiple_of=5,
        description="Of 100 just barely qualified developers, how many get this right?",
    )
    constraint: Slug = Field(description="The kind of requirement that decides.")
    decides: Line = Field(description="The words of the stem that decide, verbatim.")
    verified: Day
    stem: Prose
    options: list[OptionFile] = Field(min_length=4, max_length=6)
    explanation: Prose
    references: list[ReferenceFile] = Field(min_length=1)
    authors: list[Line] = Field(min_length=1)


class SkillFile(_Strict):
    """One skill of an outline."""

    code: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    text: Line


class TaskFile(_Strict):
    """One task statement of an outline."""

    code: str = Field(pattern=r"^\d+\.\d+$")
    name: Line
    skills: list[SkillFile] = Field(min_length=1)


class DomainFile(_Strict):
    """One content domain of an outline."""

    code: str = Field(pattern=r"^\d+$")
    name: Line
    weight: int = Field(ge=1, le=100)
    tasks: list[TaskFile] = Field(min_length=1)


class ModeFile(_Strict):
    """One mode in which an exam can be sat."""

    items: int = Field(ge=1)
    scored: int = Field(ge=1)
    pretest: int = Field(ge=0)
    minutes: int = Field(ge=1)


class ScaleFile(_Strict):
    """The reported scale."""

    min: int = Field(ge=0)
    max: int = Field(ge=1)
    cut_score: int = Field(ge=1)


class CutFile(_Strict):
    """The sum of ratings that a full form aims at."""

    target_bp: int = Field(ge=1)
    tolerance_bp: int = Field(ge=0)


class BoundsFile(_Strict):
    """The fewest and the most of something."""

    min: int = Field(ge=0)
    max: int = Field(ge=0)


class ExamFile(_Strict):
    """An exam specification: question_bank/exams/<code>.yaml."""

    schema_version: Literal[1] = Field(alias="schema")
    code: Slug
    title: Line
    guide_version: Line
    sat_from: Day | None = None
    sat_until: Day | None = None
    scale: ScaleFile
    cut: CutFile
    multiple: BoundsFile
    grace_seconds: int = Field(ge=0)
    modes: dict[str, ModeFile] = Field(min_length=1)
    domains: list[DomainFile] = Field(min_length=1)
    services: list[Slug] = Field(min_length=1)


class VocabularyFile(_Strict):
    """The closed lists: question_bank/vocabulary.yaml."""

    schema_version: Literal[1] = Field(alias="schema")
    services: dict[Slug, Line]
    constraints: dict[Slug, Line]
    confusions: dict[Slug, Line]


def item_json_schema() -> str:
    """Return the JSON Schema (2020-12) of an item file as text, for authors' editors."""
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= ItemFile.model_json_schema(by_alias=True)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
