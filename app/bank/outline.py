"""Exam specifications: outline, counts, minutes, scale. Pure values read from one document.

Every number comes from ``question_bank/exams/<code>.yaml``; none is written in code.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Skill:
    """One skill of an outline, such as 1.1.13."""

    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task statement, such as 1.1, with its skills."""

    code: str
    name: str
    skills: tuple[Skill, ...]


@dataclass(frozen=True, kw_only=True)
class Domain:
    """One content domain with its weight in percent."""

    code: str
    name: str
    weight: int
    tasks: tuple[Task, ...]


@dataclass(frozen=True, kw_only=True)
class ModeSpec:
    """How many items a mode deals, how many of them count, and how long it lasts."""

    items: int
    scored: int
    pretest: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class ExamSpec:
    """One state of an exam: what an attempt was dealt, timed and scored by."""

    id: int
    code: str
    title: str
    guide_version: str
    # The days on which the real exam can be sat; information, not a limit on practice.
    sat_from: date | None
    sat_until: date | None
    scale_min: int
    scale_max: int
    cut_score: int
    # Sum of the scored items' ratings that a full form aims at, and how far it may be off.
    cut_target_bp: int
    cut_tolerance_bp: int
    # Multiple-response items among those delivered in a full form.
    multiple_min: int
    multiple_max: int
    grace_seconds: int
    modes: Mapping[str, ModeSpec]
    domains: tuple[Domain, ...]
    # Slugs of the services that the outline lists.
    services: tuple[str, ...]
    content_hash: str

    def tasks(self) -> Iterator[tuple[Domain, Task]]:
        """Yield every task with its domain, in outline order."""
        for domain in self.domains:
            for task in domain.tasks:
                yield domain, task

    def skills(self) -> Iterator[tuple[Domain, Task, Skill]]:
        """Yield every skill with its task and domain, in outline order."""
        for domain, task in self.tasks():
            for skill in task.skills:
                yield domain, task, skill


def task_of(skill_code: str) -> str:
    """Return the code of the task that a skill belongs to: 1.1.13 -> 1.1."""
    return skill_code.rpartition(".")[0]


def domain_of(skill_code: str) -> str:
    """Return the code of the domain that a skill belongs to: 1.1.13 -> 1."""
    return skill_code.partition(".")[0]


def document_hash(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document of plain values, independent of key order."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def exam_spec(document: Mapping[str, Any], *, specification_id: int = 0) -> ExamSpec:
    """Build the specification from a validated document of ``question_bank/exams/<code>.yaml``."""
    scale, cut, multiple = document["scale"], document["cut"], document["multiple"]
    return ExamSpec(
        id=specification_id,
        code=document["code"],
        title=document["title"],
        guide_version=document["guide_version"],
        sat_from=_day(document.get("sat_from")),
        sat_until=_day(document.get("sat_until")),
        scale_min=scale["min"],
        scale_max=scale["max"],
        cut_score=scale["cut_score"],
        cut_target_bp=cut["target_bp"],
        cut_tolerance_bp=cut["tolerance_bp"],
        multiple_min=multiple["min"],
        multiple_max=multiple["max"],
        grace_seconds=document["grace_seconds"],
        modes={name: ModeSpec(**mode) for name, mode in document["modes"].items()},
        domains=tuple(_domain(domain) for domain in document["domains"]),
        services=tuple(document["services"]),
        content_hash=document_hash(document),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _domain(document: Mapping[str, Any]) -> Domain:
    return Domain(
        code=document["code"],
        name=document["name"],
        weight=document["weight"],
        tasks=tuple(_task(task) for task in document["tasks"]),
    )


def _task(document: Mapping[str, Any]) -> Task:
    return Task(
        code=document["code"],
        name=document["name"],
        skills=tuple(Skill(code=s["code"], text=s["text"]) for s in document["skills"]),
    )
