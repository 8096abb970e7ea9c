"""Commands on a bank that cannot be loaded, and on a database that is not ready."""

import shutil

import pytest

from app.bank import service as bank
from app.bank.findings import BankFilesInvalid
from app.cli import main
from app.commands import load_or_keep
from tests.factories.golden import BANK, EXAM


@pytest.fixture
def directory(tmp_path):
    return shutil.copytree(BANK, tmp_path / "bank")


def break_one_item(directory):
    path = next((directory / "items").glob("*.yaml"))
    path.write_text(path.read_text(encoding="utf-8").replace("angoff: ", "angoff: many"))
    return path.name


def test_a_broken_file_leaves_the_bank_that_was_loaded(database, directory, now):
    load_or_keep(database, directory, now=now)
    name = break_one_item(directory)
    report = load_or_keep(database, directory, now=now)
    assert name in report
    assert report.endswith("The bank stays as it was loaded before.")
    with database.reading() as session:
        assert len(bank.item_pool(session, EXAM).items) == 65


def test_without_any_bank_a_broken_file_stops_the_start(database, directory, now):
    name = break_one_item(directory)
    with pytest.raises(BankFilesInvalid, match=name):
        load_or_keep(database, directory, now=now)


@pytest.mark.parametrize("words", [["bank", "load"], ["bank", "export"], ["admin-link"]])
def test_a_database_without_a_schema_is_told_what_to_do(words, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("DRYRUN_SECRET_KEY", "long and random")
    monkeypatch.setenv("DRYRUN_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    assert main(words) == 1
    assert "Run `./dryrun migrate` first" in capsys.readouterr().err
