"""The commands for authors: check, load, export, fmt, schema, new, stats, blind, record."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from app.bank.commands import add_commands
from app.persistence.database import Database
from app.settings import Settings
from tests.factories.bank import an_item, write_bank, write_item

Run = Callable[..., int]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return write_bank(tmp_path / "bank", [an_item(1), an_item(2, key="bd")])


@pytest.fixture
def run(directory: Path, committed_database: Database) -> Run:
    url = committed_database.engine.url.render_as_string(hide_password=False)
    settings = Settings(secret_key="x", database_url=url, question_bank_directory=directory)

    def run(*words: str) -> int:
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers(required=True), dealt=lambda _session, ids: ids)
        arguments = parser.parse_args(["bank", *words])
        return arguments.func(arguments, settings)

    return run


def test_a_sound_bank_passes_the_check(
    run: Run, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / "items/queues/q-00000002.yaml").unlink()

    assert run("check") == 0
    assert "1 items, 0 published, 0 findings" in capsys.readouterr().err


def test_the_check_tells_everything_at_once(
    run: Run, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = an_item(3, status="published", decides="not there")
    text = write_item(directory, item).read_text()
    (directory / "items/queues/wrong-name.yaml").write_text(
        text.replace("q-00000003", "q-00000004").replace("[sqs, lambda]", "[ sqs ]")
    )
    (directory / "items/queues/broken.yaml").write_text("a: *b")
    (directory / "item.schema.json").write_text("{}")

    assert run("check") == 1
    out = capsys.readouterr().out

    for words in (
        "items/queues/broken.yaml:1: The file is not plain YAML",
        "items/queues/q-00000003.yaml:11: decides: does not occur in the stem",
        "items/queues/wrong-name.yaml:8: The file is not in canonical form",
        "items/queues/wrong-name.yaml:2: id: is q-00000004. Name the file after it",
        "item.schema.json:1: The schema is stale",
        "reviews.csv:1: item: q-00000003 is published, and its present version",
        "stem: says almost the same as the stem of",
    ):
        assert words in out


def test_drafts_and_retired_items_are_not_judged(
    run: Run, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (directory / "items/queues").iterdir():
        path.unlink()
    write_item(directory, an_item(3, status="draft", decides="not there"))
    write_item(directory, an_item(4, status="retired", decides="not there"))

    assert run("check") == 0, capsys.readouterr().out


def test_load_and_export_leave_the_files_alone(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("load") == 0
    assert run("load") == 0
    assert run("export") == 0

    captured = capsys.readouterr()
    assert "2 added" in captured.out
    assert "2 unchanged" in captured.out
    assert "0 files changed" in captured.err


def test_a_refused_load_says_why(
    run: Run, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("load")
    write_item(directory, an_item(1, key="d"))

    assert run("load") == 1
    assert "--rekey REASON" in capsys.readouterr().err
    assert run("load", "--rekey", "The first key was wrong.") == 0
    assert "1 rekeyed" in capsys.readouterr().out


def test_fmt_rewrites_what_is_not_canonical(run: Run, directory: Path) -> None:
    path = directory / "items/queues/q-00000001.yaml"
    canonical = path.read_bytes()
    path.write_bytes(canonical.replace(b"\n", b"\r\n").replace(b"angoff: 70", b"angoff:  70 # ?"))

    assert run("fmt") == 0
    assert path.read_bytes() == canonical


def test_fmt_reports_what_it_cannot_read(run: Run, directory: Path) -> None:
    (directory / "items/queues/broken.yaml").write_text("a: [")

    assert run("fmt") == 1


def test_the_schema_is_written(run: Run, directory: Path) -> None:
    schema = directory / "item.schema.json"
    current = schema.read_text()
    schema.write_text("{}")

    assert run("schema") == 0
    assert schema.read_text() == current


def test_new_writes_a_draft_that_passes_the_check(
    run: Run, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / "items/queues/q-00000002.yaml").unlink()
    words = ("--skill", "dva-c02/1.1.1", "--service", "sqs", "--keys", "2")

    assert run("new", "queues", *words) == 0
    path = Path(capsys.readouterr().out.strip())
    assert "status: draft" in path.read_text()
    assert run("check") == 0, capsys.readouterr().out


def test_new_refuses_an_unknown_skill(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "queues", "--skill", "dva-c02/9.9.9", "--service", "sqs") == 1
    assert "no outline has" in capsys.readouterr().err


def test_stats_show_coverage_and_solvers(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("stats") == 0
    out = capsys.readouterr().out

    assert "2 items" in out
    assert "1.1.1 2 (2)" in out
    assert "longest" in out
    assert run("stats", "--status", "published") == 0
    assert capsys.readouterr().out == "No items.\n"


def test_blind_and_record_lead_from_reading_to_agreement(
    run: Run, directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.md"
    assert run("blind", "--output", str(sheet), "--seed", "5") == 0
    item, other = an_item(1), an_item(2, key="bd")
    assert item.id in sheet.read_text()
    answers = tmp_path / "answers.csv"
    answers.write_text(
        "item,version,answer,two_defensible\n"
        f"{item.id},{item.review_hash},a,no\n"
        f"{other.id},{other.review_hash},be,no\n"
    )

    assert run("record", str(answers)) == 0
    assert "1 readings agree" in capsys.readouterr().out
    rows = (directory / "reviews.csv").read_text().splitlines()
    assert rows[1].startswith(f"{item.id},{item.review_hash},a,no,20")

    run("blind")
    assert item.id not in capsys.readouterr().out


def test_record_refuses_a_reading_of_another_version(
    run: Run, directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text(f"item,version,answer,two_defensible\nq-00000001,{'0' * 16},a,no\n")
    before = (directory / "reviews.csv").read_text()

    assert run("record", str(answers)) == 1
    assert "Read it again" in capsys.readouterr().err
    assert (directory / "reviews.csv").read_text() == before


def test_blind_refuses_an_unknown_item(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("blind", "q-zzzzzzzz") == 1
    assert "There is no item q-zzzzzzzz" in capsys.readouterr().err
