"""The bank as a whole: the check is clean, the outlines are the exams', a load is lossless."""

import shutil
from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.bank import service
from app.bank.checks import CheckReport, check_bank
from app.bank.files import BankFiles, read_bank
from app.bank.outline import ExamSpec, domain_of, task_of
from app.settings import PROJECT_DIRECTORY

BANK = PROJECT_DIRECTORY / "question_bank"

FEWEST_PUBLISHED = 130
FEWEST_BY_DOMAIN = {"1": 42, "2": 34, "3": 30, "4": 24}


@cache
def the_report() -> CheckReport:
    return check_bank(BANK)


@cache
def the_bank() -> BankFiles:
    return read_bank(BANK)


def the_exam(code: str) -> ExamSpec:
    return the_bank().exams[code]


def published_skills(exam_code: str) -> list[str]:
    contents = [item.content for item in the_bank().items]
    skills = [item.first_skill(exam_code) for item in contents if item.status == "published"]
    return [skill for skill in skills if skill]


def test_the_check_is_clean() -> None:
    assert [str(finding) for finding in the_report().findings] == []


def test_enough_items_are_published() -> None:
    assert the_report().published >= FEWEST_PUBLISHED


def test_every_domain_has_enough_published_items() -> None:
    counts = Counter(map(domain_of, published_skills("dva-c02")))

    assert {code: counts[code] >= fewest for code, fewest in FEWEST_BY_DOMAIN.items()} == (
        dict.fromkeys(FEWEST_BY_DOMAIN, True)
    ), counts


def test_the_share_of_a_task_is_about_that_of_its_skills() -> None:
    """A task may be off by four items, which is less than its share of one short form."""
    skills = published_skills("dva-c02")
    by_task, by_domain = Counter(map(task_of, skills)), Counter(map(domain_of, skills))

    off = {}
    for domain, task in the_exam("dva-c02").tasks():
        all_skills = sum(len(other.skills) for other in domain.tasks)
        due = by_domain[domain.code] * len(task.skills) / all_skills
        if abs(by_task[task.code] - due) > 4:
            off[task.code] = (by_task[task.code], due)
    assert off == {}


@pytest.mark.parametrize(
    ("code", "weights", "tasks", "skills"),
    [
        ("dva-c02", [32, 26, 24, 18], [3, 3, 4, 3], 101),
        ("dva-c03", [30, 26, 22, 22], [3, 3, 3, 3], 72),
    ],
)
def test_the_outlines_are_complete(
    code: str, weights: list[int], tasks: list[int], skills: int
) -> None:
    exam = the_exam(code)

    assert [domain.weight for domain in exam.domains] == weights
    assert [len(domain.tasks) for domain in exam.domains] == tasks
    assert len(list(exam.skills())) == skills


@pytest.mark.parametrize("code", ["dva-c02", "dva-c03"])
def test_the_constants_are_those_of_the_exams(code: str) -> None:
    exam = the_exam(code)

    full, short = exam.modes["exam"], exam.modes["short"]
    assert (full.items, full.scored, full.pretest, full.minutes) == (65, 50, 15, 130)
    assert (short.items, short.scored, short.pretest, short.minutes) == (20, 20, 0, 40)
    assert (exam.scale_min, exam.cut_score, exam.scale_max) == (100, 720, 1000)
    assert (exam.cut_target_bp, exam.cut_tolerance_bp) == (344400, 2500)
    assert (exam.multiple_min, exam.multiple_max, exam.grace_seconds) == (13, 20, 30)


def test_one_exam_ends_the_day_before_the_next_begins() -> None:
    assert the_exam("dva-c02").sat_until == date(2026, 11, 30)
    assert the_exam("dva-c03").sat_from == date(2026, 12, 1)


def test_every_listed_service_has_a_name() -> None:
    names = the_bank().vocabulary.services

    for exam in the_bank().exams.values():
        assert set(exam.services) <= names.keys()


def test_every_confusion_is_behind_some_distractor() -> None:
    used = {option.confuses for item in the_bank().items for option in item.content.options}

    assert the_bank().vocabulary.confusions.keys() - used == set()


def test_the_bank_survives_the_database(session: Session, now: datetime, tmp_path: Path) -> None:
    copy = tmp_path / "question_bank"
    shutil.copytree(BANK, copy)

    report = service.load_bank(session, copy, now=now)

    assert report.added == len(the_bank().items)
    assert service.export_bank(session, copy) == []
    assert service.load_bank(session, copy, now=now).unchanged == report.added
