"""What an item is: its content, its version hash, its key. Pure.

``ItemContent`` is one item file as values. The other dataclasses are what the room hands out.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.bank.outline import domain_of, task_of
from app.scoring.scale import clamped_rating_bp

SCHEMA_VERSION = 1
STATUSES = ("draft", "review", "published", "retired")
KINDS = ("single", "multiple")
OPTION_IDS = "abcdef"
SELECT_WORDS = {"TWO": 2, "THREE": 3}
# What authors may write after the fence; everything else is a finding of `dryrun bank check`.
CODE_LANGUAGES = (
    "dockerfile",
    "graphql",
    "http",
    "ini",
    "java",
    "javascript",
    "json",
    "python",
    "sh",
    "sql",
    "text",
    "typescript",
    "xml",
    "yaml",
)

REVIEW_HASH_LENGTH = 16

_SELECT = re.compile(r"\(Select (TWO|THREE)\.\)\s*\Z")
_FENCE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
# C0 and C1 controls except tab and line feed, line and paragraph separators, byte order mark.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True, kw_only=True)
class OptionContent:
    """One selectable answer, why it is right or wrong, and the false belief behind it."""

    id: str
    text: str
    rationale: str
    correct: bool = False
    confuses: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A public page that the key can be checked against."""

    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class ItemContent:
    """One item file as values; prose without its last line feed, options ordered by id."""

    id: str
    status: str
    kind: str
    outline: tuple[str, ...]
    services: tuple[str, ...]
    angoff: int
    constraint: str
    decides: str
    verified: str
    stem: str
    options: tuple[OptionContent, ...]
    explanation: str
    references: tuple[Reference, ...]
    authors: tuple[str, ...]
    tags: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        """The ids of the right options, sorted and joined: "b" or "ad"."""
        return "".join(sorted(option.id for option in self.options if option.correct))

    @property
    def option_ids(self) -> str:
        """All option ids, sorted and joined: "abcd"."""
        return "".join(option.id for option in self.options)

    @property
    def select_count(self) -> int:
        """How many options the stem asks for."""
        return select_count(self.stem)

    @property
    def version_hash(self) -> str:
        """SHA-256 of kind, stem, option ids and texts: what makes two versions the same."""
        frozen = [self.kind, self.stem, [[option.id, option.text] for option in self.options]]
        text = json.dumps(frozen, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def review_hash(self) -> str:
        """The start of the version hash, as ``reviews.csv`` names a version."""
        return self.version_hash[:REVIEW_HASH_LENGTH]

    @property
    def angoff_bp(self) -> int:
        """The rating in basis points, kept above the guess score and below certainty."""
        return clamped_rating_bp(
            self.angoff * 100, options=len(self.options), keys=self.select_count
        )

    def first_skill(self, exam_code: str) -> str | None:
        """Return the skill that decides the item's domain in this exam, None if it serves not."""
        return first_skill(self.outline, exam_code)

    def document(self) -> dict[str, Any]:
        """Return the whole file as plain values in canonical order; what is absent has no key."""
        document: dict[str, Any] = {"schema": SCHEMA_VERSION, "id": self.id, "status": self.status}
        document |= {"kind": self.kind, "outline": list(self.outline)}
        document["services"] = list(self.services)
        if self.tags:
            document["tags"] = list(self.tags)
        for name in ("angoff", "constraint", "decides", "verified", "stem"):
            document[name] = getattr(self, name)
        document["options"] = [_option_document(option) for option in self.options]
        document["explanation"] = self.explanation
        document["references"] = [{"title": r.title, "url": r.url} for r in self.references]
        document["authors"] = list(self.authors)
        return document


@dataclass(frozen=True, kw_only=True)
class PoolItem:
    """What form assembly may know of a published item; nothing in it tells the key."""

    code: str
    version_id: int
    kind: str
    select_count: int
    option_ids: str
    domain: str
    task: str
    skill: str
    r_bp: int
    tags: frozenset[str]
    constraint: str
    service: str


@dataclass(frozen=True, kw_only=True)
class Pool:
    """The published items that serve one exam, ordered by code, and the bank they come from."""

    bank_hash: str
    items: tuple[PoolItem, ...]


@dataclass(frozen=True, kw_only=True)
class VersionContent:
    """What a candidate sees of an item version during a sitting."""

    id: int
    kind: str
    select_count: int
    stem_html: str
    # Option id -> HTML, ordered by id.
    options: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What a candidate sees of an item version afterwards, by its newest edition."""

    version_id: int
    item_code: str
    key: str
    explanation_html: str
    # Option id -> HTML.
    rationales: Mapping[str, str]
    references: tuple[tuple[str, str], ...]
    # Exam code -> the first skill of that exam.
    skills: Mapping[str, str]
    # Option id -> slug of the false belief behind it.
    confuses: Mapping[str, str]
    angoff: int
    verified: str


def item_content(document: Mapping[str, Any]) -> ItemContent:
    """Build the content from a validated document; prose and lists become canonical values."""
    options = sorted((_option(option) for option in document["options"]), key=lambda o: o.id)
    return ItemContent(
        id=document["id"],
        status=document["status"],
        kind=document["kind"],
        outline=tuple(document["outline"]),
        services=tuple(document["services"]),
        tags=tuple(sorted(set(document.get("tags") or ()))),
        angoff=document["angoff"],
        constraint=document["constraint"],
        decides=canonical_line(document["decides"]),
        verified=document["verified"],
        stem=canonical_prose(document["stem"]),
        options=tuple(options),
        explanation=canonical_prose(document["explanation"]),
        references=tuple(
            Reference(title=canonical_line(r["title"]), url=r["url"])
            for r in document["references"]
        ),
        authors=tuple(canonical_line(author) for author in document["authors"]),
    )


def pool_item(item: ItemContent, exam_code: str, *, version_id: int) -> PoolItem | None:
    """Return the item as assembly sees it in this exam, or None when it does not serve it."""
    skill = item.first_skill(exam_code)
    if skill is None:
        return None
    return PoolItem(
        code=item.id,
        version_id=version_id,
        kind=item.kind,
        select_count=item.select_count,
        option_ids=item.option_ids,
        domain=domain_of(skill),
        task=task_of(skill),
        skill=skill,
        r_bp=item.angoff_bp,
        tags=frozenset(item.tags),
        constraint=item.constraint,
        service=item.services[0],
    )


def first_skill(outline: tuple[str, ...] | list[str], exam_code: str) -> str | None:
    """Return the first skill code of the exam among ``exam/skill`` entries."""
    for entry in outline:
        exam, _, skill = entry.partition("/")
        if exam == exam_code:
            return skill
    return None


def select_count(stem: str) -> int:
    """Return how many options the stem asks for: the word in "(Select TWO.)", else 1."""
    match = _SELECT.search(stem)
    return SELECT_WORDS[match.group(1)] if match else 1


def without_code(text: str) -> str:
    """Return Markdown without its fenced blocks."""
    return _FENCE.sub("", text)


def word_count(text: str) -> int:
    """Count words as a reader does: separated by white space, fenced code left out."""
    return len(without_code(text).split())


def canonical_prose(text: str) -> str:
    """Return prose in NFC with line feeds, without trailing white space or outer blank lines."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def canonical_line(text: str) -> str:
    """Return a one-line text in NFC without outer white space."""
    return unicodedata.normalize("NFC", text).strip()


def forbidden_character(text: str) -> int | None:
    """Return the place of the first character that no text may hold, or None."""
    match = _FORBIDDEN.search(text)
    return match.start() if match else None


def _option(document: Mapping[str, Any]) -> OptionContent:
    return OptionContent(
        id=document["id"],
        text=canonical_prose(document["text"]),
        rationale=canonical_prose(document["rationale"]),
        correct=bool(document.get("correct")),
        confuses=document.get("confuses"),
    )


def _option_document(option: OptionContent) -> dict[str, Any]:
    document: dict[str, Any] = {"id": option.id}
    if option.correct:
        document["correct"] = True
    if option.confuses:
        document["confuses"] = option.confuses
    return document | {"text": option.text, "rationale": option.rationale}
