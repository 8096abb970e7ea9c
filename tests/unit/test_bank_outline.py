"""Exam specifications as values."""

from datetime import date

import pytest

from app.bank.outline import document_hash, domain_of, exam_spec, task_of
from tests.factories.bank import an_exam_document


def test_a_document_becomes_a_specification() -> None:
    spec = exam_spec(an_exam_document(), specification_id=7)

    assert (spec.id, spec.code, spec.cut_score) == (7, "dva-c02", 720)
    assert (spec.scale_min, spec.scale_max) == (100, 1000)
    assert (spec.sat_from, spec.sat_until) == (None, date(2026, 11, 30))
    assert spec.modes["exam"].minutes == 130
    assert [skill.code for _, _, skill in spec.skills()] == ["1.1.1", "1.1.2", "2.1.1"]


@pytest.mark.parametrize(
    ("skill", "task", "domain"), [("1.1.13", "1.1", "1"), ("4.3.9", "4.3", "4")]
)
def test_a_skill_code_names_its_task_and_domain(skill: str, task: str, domain: str) -> None:
    assert (task_of(skill), domain_of(skill)) == (task, domain)


def test_the_hash_of_a_document_ignores_the_order_of_fields() -> None:
    assert document_hash({"a": 1, "b": 2}) == document_hash({"b": 2, "a": 1})
    assert document_hash({"a": 1}) != document_hash({"a": 2})
