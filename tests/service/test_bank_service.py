"""What the bank hands out: specifications, the pool, contents, keys, explanations."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bank import service
from app.bank.models import Item
from app.errors import NotFound
from tests.factories.bank import an_item, write_bank, write_item
from tests.fixtures.databases import Statements

MULTIPLE = an_item(2, key="bd", status="published", tags=("fifo",))


@pytest.fixture
def directory(session: Session, tmp_path: Path, now: datetime) -> Path:
    items = [
        an_item(1, status="published"),
        MULTIPLE,
        an_item(3, status="review"),
        an_item(4, status="retired"),
        an_item(5, status="published", outline=("dva-c03/2.1.1",)),
    ]
    directory = write_bank(tmp_path, items)
    service.load_bank(session, directory, now=now)
    return directory


@pytest.fixture
def version_id(session: Session, directory: Path) -> int:
    return session.scalars(select(Item.current_version_id).where(Item.code == MULTIPLE.id)).one()


@pytest.mark.usefixtures("directory")
def test_specifications_are_listed_by_code(session: Session) -> None:
    specs = service.list_specifications(session)

    assert [spec.code for spec in specs] == ["dva-c02", "dva-c03"]
    assert service.specification(session, specs[0].id) == specs[0]


@pytest.mark.usefixtures("directory")
def test_an_unknown_exam_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        service.current_specification(session, "saa-c03")
    with pytest.raises(NotFound):
        service.specification(session, 1)


@pytest.mark.usefixtures("directory")
def test_the_pool_holds_published_items_of_the_exam_alone(session: Session) -> None:
    assert [i.code for i in service.item_pool(session, "dva-c02").items] == [
        "q-00000001",
        "q-00000002",
    ]
    pool = service.item_pool(session, "dva-c03")
    assert [(item.code, item.domain) for item in pool.items] == [
        ("q-00000001", "1"),
        ("q-00000002", "1"),
        ("q-00000005", "2"),
    ]
    assert pool.items[1].tags == {"fifo"}
    assert pool.items[1].select_count == 2


@pytest.mark.usefixtures("directory")
def test_a_warm_pool_takes_one_statement(session: Session, statements: Statements) -> None:
    first = service.item_pool(session, "dva-c02")
    statements.clear()

    assert service.item_pool(session, "dva-c02") is first
    assert len(statements) == 1


def test_the_pool_changes_with_the_bank(session: Session, directory: Path, now: datetime) -> None:
    before = service.item_pool(session, "dva-c02")
    write_item(directory, an_item(3, status="published"))
    service.load_bank(session, directory, now=now)

    after = service.item_pool(session, "dva-c02")

    assert len(after.items) == len(before.items) + 1
    assert after.bank_hash != before.bank_hash


def test_a_bank_that_was_never_loaded_has_an_empty_pool(session: Session) -> None:
    pool = service.item_pool(session, "dva-c02")

    assert (pool.bank_hash, pool.items) == ("", ())


def test_contents_hold_what_a_candidate_sees(session: Session, version_id: int) -> None:
    content = service.version_contents(session, [version_id])[version_id]

    assert (content.kind, content.select_count) == ("multiple", 2)
    assert list(content.options) == list("abcde")
    assert content.options["a"] == MULTIPLE.options[0].text


def test_contents_are_read_once(session: Session, version_id: int, statements: Statements) -> None:
    statements.clear()
    service.version_contents(session, [version_id])
    assert len(statements) == 1

    service.version_contents(session, [version_id])
    assert len(statements) == 1


def test_unknown_versions_are_left_out(session: Session, version_id: int) -> None:
    assert set(service.version_contents(session, [version_id, 1])) == {version_id}
    assert set(service.explanations(session, [version_id, 1])) == {version_id}


def test_keys_take_one_statement(session: Session, version_id: int, statements: Statements) -> None:
    statements.clear()

    assert service.keys(session, [version_id]) == {version_id: (1, "bd")}
    assert len(statements) == 1


def test_explanations_take_two_statements(
    session: Session, version_id: int, statements: Statements
) -> None:
    statements.clear()

    explanation = service.explanations(session, [version_id])[version_id]

    assert len(statements) == 2
    assert (explanation.item_code, explanation.key) == (MULTIPLE.id, "bd")
    assert explanation.explanation_html.startswith("<p>A first-in")
    assert list(explanation.rationales) == list("abcde")
    assert explanation.references == (
        ("Amazon SQS FIFO queues", "https://docs.aws.amazon.com/sqs/fifo"),
    )
    assert explanation.skills == {"dva-c02": "1.1.1", "dva-c03": "1.1.2"}
    assert explanation.confuses["a"] == "queue-keeps-order"
    assert (explanation.angoff, explanation.verified) == (70, "2026-11-20")


def test_an_explanation_is_that_of_the_newest_edition(
    session: Session, directory: Path, version_id: int, now: datetime
) -> None:
    changed = an_item(2, key="bd", status="published", explanation="It is new.\nIndeed.", angoff=60)
    write_item(directory, changed)
    service.load_bank(session, directory, now=now)

    explanation = service.explanations(session, [version_id])[version_id]

    assert "It is new." in explanation.explanation_html
    assert explanation.angoff == 60
