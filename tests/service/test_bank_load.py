"""Loading the bank: idempotent, atomic, versions by content, every error at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.bank import service
from app.bank.findings import BankFilesInvalid
from app.bank.keeping import LoadReport
from app.bank.models import (
    BankState,
    ExamSpecification,
    Item,
    ItemEdition,
    ItemVersion,
    KeyRevision,
)
from tests.factories.bank import an_exam_document, an_item, write_bank, write_exam, write_item

Load = Callable[..., LoadReport]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return write_bank(tmp_path, [an_item(1, status="published"), an_item(2, key="bd")])


@pytest.fixture
def load(session: Session, directory: Path, now: datetime) -> Load:
    def load(**options: object) -> LoadReport:
        return service.load_bank(session, directory, now=options.pop("now", now), **options)

    return load


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def findings_of(load: Load, **options: object) -> list[str]:
    with pytest.raises(BankFilesInvalid) as refused:
        load(**options)
    return [str(finding) for finding in refused.value.findings]


def test_the_first_load_stores_everything(load: Load, session: Session) -> None:
    report = load()

    assert (report.added, report.specifications) == (2, 2)
    assert [count(session, m) for m in (Item, ItemVersion, ItemEdition, KeyRevision)] == [2] * 4
    version = session.scalars(select(ItemVersion).where(ItemVersion.kind == "multiple")).one()
    assert version.select_count == 2
    assert [option["id"] for option in version.options] == list("abcde")
    assert '<p class="ask">' in version.stem_html
    assert session.scalars(select(KeyRevision.key).order_by(KeyRevision.key)).all() == ["a", "bd"]


def test_a_second_load_changes_nothing(load: Load, session: Session, now: datetime) -> None:
    load()
    state = session.scalars(select(BankState)).one()
    before = (state.bank_hash, state.loaded_at)

    report = load(now=now + timedelta(hours=1))

    assert vars(report) == vars(LoadReport(unchanged=2))
    assert (state.bank_hash, state.loaded_at) == before


def test_a_changed_stem_is_a_new_version_and_the_old_one_stays(
    load: Load, session: Session, directory: Path
) -> None:
    load()
    item = an_item(1, status="published")
    changed = replace(item, stem=item.stem.replace("toll operator", "bridge operator"))
    write_item(directory, changed)

    report = load()

    assert (report.new_versions, report.unchanged) == (1, 1)
    hashes = session.scalars(
        select(ItemVersion.content_hash).where(ItemVersion.item_code == item.id)
    )
    assert set(hashes) == {item.version_hash, changed.version_hash}
    current = session.get_one(Item, item.id).current_version_id
    assert session.get_one(ItemVersion, current).content_hash == changed.version_hash


def test_any_other_change_is_a_new_edition_of_the_same_version(
    load: Load, session: Session, directory: Path
) -> None:
    load()
    before = session.get_one(Item, "q-00000001").current_version_id
    write_item(directory, an_item(1, status="published", angoff=55, tags=("fifo",)))

    report = load()

    item = session.get_one(Item, "q-00000001")
    assert (report.new_editions, report.new_versions, report.unchanged) == (1, 0, 1)
    assert item.current_version_id == before
    assert session.get_one(ItemEdition, item.current_edition_id).angoff_bp == 5500
    assert count(session, ItemEdition) == 3


def test_an_item_that_returns_to_an_earlier_version_gets_it_back(
    load: Load, session: Session, directory: Path
) -> None:
    load()
    first = session.get_one(Item, "q-00000001").current_version_id
    write_item(directory, an_item(1, status="published", decides="An AWS Lambda", stem="A?"))
    load()
    write_item(directory, an_item(1, status="published"))
    load()

    assert session.get_one(Item, "q-00000001").current_version_id == first
    assert count(session, ItemVersion) == 3


def test_an_item_whose_file_vanished_is_retired_and_can_return(
    load: Load, session: Session, directory: Path
) -> None:
    load()
    path = directory / "items/queues/q-00000001.yaml"
    text = path.read_text()
    path.unlink()

    assert load().retired == 1
    assert session.get_one(Item, "q-00000001").status == "retired"
    assert count(session, ItemVersion) == 2
    assert load().retired == 0

    path.write_text(text)
    load()
    assert session.get_one(Item, "q-00000001").status == "published"
    assert count(session, ItemEdition) == 2


def test_moving_a_file_changes_nothing_but_its_place(
    load: Load, session: Session, directory: Path
) -> None:
    load()
    state = session.scalars(select(BankState.bank_hash)).one()
    old = directory / "items/queues/q-00000001.yaml"
    new = directory / "items/other/deep/q-00000001.yaml"
    new.parent.mkdir(parents=True)
    old.rename(new)

    report = load()

    assert (report.moved, report.retired, report.new_editions) == (1, 0, 0)
    assert session.get_one(Item, "q-00000001").path == "other/deep/q-00000001.yaml"
    assert session.scalars(select(BankState.bank_hash)).one() == state


def test_the_key_of_a_dealt_version_is_not_changed_silently(
    load: Load, session: Session, directory: Path
) -> None:
    load()
    write_item(directory, an_item(1, key="c", status="published"))

    found = findings_of(load)

    assert len(found) == 1
    assert found[0].startswith("items/queues/q-00000001.yaml:")
    assert "--rekey REASON" in found[0]
    assert count(session, KeyRevision) == 2


def test_a_reason_allows_it_and_is_kept(load: Load, session: Session, directory: Path) -> None:
    load()
    write_item(directory, an_item(1, key="c", status="published"))

    assert load(rekey_reason="The service changed.").rekeyed == 1

    version_id = session.get_one(Item, "q-00000001").current_version_id
    assert service.keys(session, [version_id]) == {version_id: (2, "c")}
    revision = session.get_one(KeyRevision, (version_id, 2))
    assert (revision.action, revision.reason) == ("rekey", "The service changed.")


def test_the_caller_knows_what_was_dealt(load: Load, session: Session, directory: Path) -> None:
    load()
    asked: list[list[int]] = []
    write_item(directory, an_item(1, key="c", status="published"))

    def dealt(_session: Session, version_ids: list[int]) -> list[int]:
        asked.append(list(version_ids))
        return []

    assert load(dealt=dealt).rekeyed == 1
    assert asked == [[session.get_one(Item, "q-00000001").current_version_id]]
    assert session.scalars(select(KeyRevision.key).where(KeyRevision.revision == 2)).all() == ["c"]


def test_every_fault_of_every_file_is_told_and_nothing_is_changed(
    load: Load, session: Session, directory: Path
) -> None:
    load()
    (directory / "items/queues/q-00000002.yaml").write_text("kind: [")
    write_item(directory, an_item(3, services=("glue",), constraint="magic"))
    write_item(directory, an_item(1, status="published", angoff=50))

    found = findings_of(load)

    assert [text.split(":")[0] for text in found] == [
        "items/queues/q-00000002.yaml",
        "items/queues/q-00000003.yaml",
        "items/queues/q-00000003.yaml",
    ]
    assert count(session, ItemEdition) == 2


def test_two_files_with_one_id_are_refused(load: Load, directory: Path) -> None:
    load()
    write_item(directory, an_item(1, status="published"), folder="copies")

    found = findings_of(load)

    assert len(found) == 2
    assert all("which another file has too" in text for text in found)


def test_a_missing_outline_is_told_together_with_broken_items(load: Load, directory: Path) -> None:
    for path in (directory / "exams").iterdir():
        path.unlink()
    (directory / "items/queues/q-00000002.yaml").write_text("kind: [")

    found = findings_of(load)

    assert any(text.startswith("exams:1:") for text in found)
    assert any(text.startswith("items/queues/q-00000002.yaml:") for text in found)


def test_a_missing_vocabulary_is_told(load: Load, directory: Path) -> None:
    (directory / "vocabulary.yaml").unlink()

    assert findings_of(load) == ["vocabulary.yaml:1: The file is missing."]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "other"}, "Name the file after the code"),
        ({"scale": {"min": 100, "max": 1000, "cut_score": 1000}}, "between the ends"),
        ({"multiple": {"min": 21, "max": 20}}, "above the maximum"),
        (
            {"modes": {"exam": {"items": 65, "scored": 50, "pretest": 10, "minutes": 130}}},
            "not the sum",
        ),
        ({"domains": an_exam_document()["domains"][:1]}, "do not sum to 100"),
    ],
)
def test_an_exam_file_that_contradicts_itself_is_refused(
    load: Load, directory: Path, change: dict[str, object], words: str
) -> None:
    path = write_exam(directory, an_exam_document() | change)
    path.rename(directory / "exams/dva-c02.yaml")

    assert any(words in text for text in findings_of(load))


def test_a_changed_outline_is_a_new_specification_and_the_old_one_stays(
    load: Load, session: Session, directory: Path
) -> None:
    load()
    old = service.current_specification(session, "dva-c02")
    write_exam(directory, an_exam_document(grace_seconds=60))

    assert load().specifications == 2

    new = service.current_specification(session, "dva-c02")
    assert (old.grace_seconds, new.grace_seconds) == (30, 60)
    assert service.specification(session, old.id) == old
    assert count(session, ExamSpecification) == 3


def test_an_outline_that_lost_a_skill_in_use_is_refused(load: Load, directory: Path) -> None:
    load()
    document = an_exam_document()
    document["domains"][0]["tasks"][0]["skills"] = [{"code": "1.1.9", "text": "Other"}]
    write_exam(directory, document)

    assert any("dva-c02/1.1.1, which no outline has" in text for text in findings_of(load))


def test_export_after_load_leaves_every_byte(load: Load, session: Session, directory: Path) -> None:
    files = {path: path.read_bytes() for path in (directory / "items").rglob("*.yaml")}
    load()

    assert service.export_bank(session, directory) == []
    for path in files:
        path.unlink()
    assert len(service.export_bank(session, directory)) == 2
    assert {path: path.read_bytes() for path in files} == files


def test_export_does_not_bring_back_a_removed_file(
    load: Load, session: Session, directory: Path
) -> None:
    load()
    path = directory / "items/queues/q-00000001.yaml"
    path.unlink()
    load()

    assert service.export_bank(session, directory) == []
    assert not path.exists()


def test_an_unchanged_bank_is_not_parsed_again(
    load: Load, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load()
    parsed: list[str] = []
    monkeypatch.setattr("app.bank.loader.read_item", lambda data, name: parsed.append(name))

    load()

    assert parsed == []
