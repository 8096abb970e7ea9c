"""The commands ``dryrun bank ...`` for authors and operators."""

import argparse
import random
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.bank import service
from app.bank.checks import JUDGED, SCHEMA_FILE, check_bank
from app.bank.content import ItemContent
from app.bank.drafting import DraftWish, draft_item
from app.bank.export import write_if_changed
from app.bank.files import ITEMS_FOLDER, BankFiles, read_bank
from app.bank.findings import BankFilesInvalid
from app.bank.keeping import DealtVersions, LoadReport
from app.bank.reviews import blind_sheet, read_reviews, record
from app.bank.rules import structure_faults
from app.bank.schema import item_json_schema
from app.bank.statistics import statistics_text
from app.bank.writer import item_text
from app.clock import now
from app.persistence.database import Database
from app.persistence.schema import require_current_schema
from app.settings import Settings

Command = Callable[[argparse.Namespace, Settings], int]


def add_commands(subparsers: Any, *, dealt: DealtVersions | None = None) -> None:
    """Add ``bank`` and its verbs.

    ``dealt`` tells a load which versions were ever dealt; without it all count as dealt.
    """
    bank = subparsers.add_parser("bank", help="check, load and write the question bank")
    verbs = bank.add_subparsers(dest="verb", required=True)
    _add(verbs, "check", _check, "prove everything about the files that a program can")
    load = _add(verbs, "load", partial(_load, dealt=dealt), "bring the database to the files")
    load.add_argument("--rekey", metavar="REASON", help="why keys of dealt versions change")
    _add(verbs, "export", _export, "write the items of the database to their files")
    _add(verbs, "fmt", _format, "rewrite item files in canonical form")
    _add(verbs, "schema", _schema, "write the JSON Schema of an item file")
    stats = _add(verbs, "stats", _stats, "print coverage, kinds, ratings and surface solvers")
    stats.add_argument("--status", action="append", help="only items of this status; repeatable")
    _add_new(verbs)
    _add_blind(verbs)
    answers = _add(verbs, "record", _record, "append a reader's answers to reviews.csv")
    answers.add_argument("answers", type=Path, help="CSV file with the columns of the sheet")


def _add(
    verbs: Any, name: str, command: Callable[..., int], description: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=description)
    parser.set_defaults(func=_answering(command))
    return parser


def _add_new(verbs: Any) -> None:
    new = _add(verbs, "new", _new, "start an item: draws its id and the letters of its key")
    new.add_argument("folder", help="topic folder below items/, such as lambda")
    new.add_argument("--skill", action="append", required=True, help="such as dva-c02/1.1.13")
    new.add_argument("--service", required=True, help="slug of the most central service")
    new.add_argument("--constraint", default="least-effort", help="slug of what decides")
    new.add_argument("--keys", type=int, default=1, choices=(1, 2, 3), help="right options")
    new.add_argument("--options", type=int, choices=(4, 5, 6), help="options in all")


def _add_blind(verbs: Any) -> None:
    blind = _add(verbs, "blind", _blind, "write stems and options without any key")
    blind.add_argument("items", nargs="*", help="item ids; without any: all that need a reading")
    blind.add_argument("--output", type=Path, help="file to write instead of standard output")
    blind.add_argument("--seed", type=int, help="order of items and options")


def _answering(command: Callable[..., int]) -> Command:
    """Turn the faults of bank files into an answer on standard error and exit status 1."""

    @wraps(command)
    def answered(arguments: argparse.Namespace, settings: Settings) -> int:
        try:
            return command(arguments, settings)
        except BankFilesInvalid as error:
            print(error.message, file=sys.stderr)
            return 1

    return answered


def _check(_arguments: argparse.Namespace, settings: Settings) -> int:
    report = check_bank(settings.question_bank_directory)
    for finding in report.findings:
        print(finding)
    print(
        f"{report.items} items, {report.published} published, {len(report.findings)} findings",
        file=sys.stderr,
    )
    return 1 if report.findings else 0


def _load(arguments: argparse.Namespace, settings: Settings, *, dealt: DealtVersions | None) -> int:
    def work(session: Session) -> LoadReport:
        return service.load_bank(
            session,
            settings.question_bank_directory,
            now=now(),
            rekey_reason=arguments.rekey,
            dealt=dealt,
        )

    with _database(settings) as database:
        print(database.run_in_transaction(work))
    return 0


def _export(_arguments: argparse.Namespace, settings: Settings) -> int:
    with _database(settings) as database, database.reading() as session:
        changed = service.export_bank(session, settings.question_bank_directory)
    for path in changed:
        print(path)
    print(f"{len(changed)} files changed", file=sys.stderr)
    return 0


def _format(_arguments: argparse.Namespace, settings: Settings) -> int:
    directory = settings.question_bank_directory
    bank = read_bank(directory)
    for item in bank.items:
        if write_if_changed(directory / ITEMS_FOLDER / item.path, item_text(item.content)):
            print(item.yaml.name)
    for finding in bank.findings:
        print(finding, file=sys.stderr)
    return 1 if bank.findings else 0


def _schema(_arguments: argparse.Namespace, settings: Settings) -> int:
    write_if_changed(settings.question_bank_directory / SCHEMA_FILE, item_json_schema())
    return 0


def _stats(arguments: argparse.Namespace, settings: Settings) -> int:
    bank = _readable(settings.question_bank_directory)
    wanted = set(arguments.status or ("draft", "review", "published"))
    items = [item.content for item in bank.items if item.content.status in wanted]
    print(statistics_text(items, bank.exams))
    return 0


def _new(arguments: argparse.Namespace, settings: Settings) -> int:
    directory = settings.question_bank_directory
    bank = _readable(directory)
    wish = DraftWish(
        skills=tuple(arguments.skill),
        service=arguments.service,
        constraint=arguments.constraint,
        options=arguments.options or (4 if arguments.keys == 1 else 5),
        keys=arguments.keys,
        day=now().date().isoformat(),
    )
    used = {item.content.id for item in bank.items}
    # Chance seeded from the system: fair letters, nothing secret.
    item = draft_item(wish, used=used, chance=random.Random(secrets.randbits(64)))  # noqa: S311
    faults = list(structure_faults(item, bank.exams, bank.vocabulary))
    for path, sentence in faults:
        print(f"{path[0]}: {sentence}", file=sys.stderr)
    if faults:
        return 1
    path = directory / ITEMS_FOLDER / arguments.folder / f"{item.id}.yaml"
    write_if_changed(path, item_text(item))
    print(path)
    return 0


def _blind(arguments: argparse.Namespace, settings: Settings) -> int:
    directory = settings.question_bank_directory
    items = {item.content.id: item.content for item in _readable(directory).items}
    unknown = sorted(set(arguments.items) - items.keys())
    if unknown:
        print(f"There is no item {', '.join(unknown)}.", file=sys.stderr)
        return 1
    seed = secrets.randbits(32) if arguments.seed is None else arguments.seed
    chosen = [items[name] for name in arguments.items] or _unread(directory, items)
    random.Random(seed).shuffle(chosen)  # noqa: S311 - only the order on the page
    sheet = blind_sheet(chosen, seed=seed)
    if arguments.output:
        arguments.output.write_text(sheet, encoding="utf-8")
        print(f"{len(chosen)} items in {arguments.output}", file=sys.stderr)
    else:
        print(sheet, end="")
    return 0


def _record(arguments: argparse.Namespace, settings: Settings) -> int:
    directory = settings.question_bank_directory
    items = {item.content.id: item.content for item in _readable(directory).items}
    text = arguments.answers.read_text(encoding="utf-8")
    agreeing = record(directory, text, items, date=now().date().isoformat())
    print(f"{agreeing} readings agree with the key")
    return 0


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    """Yield the database, and close its connections afterwards.

    Raises Conflict when its schema is not this checkout's.
    """
    database = Database.from_url(settings.database_url, pool_size=1)
    try:
        require_current_schema(database.engine)
        yield database
    finally:
        database.engine.dispose()


def _readable(directory: Path) -> BankFiles:
    bank = read_bank(directory)
    if bank.findings:
        raise BankFilesInvalid(bank.findings)
    return bank


def _unread(directory: Path, items: dict[str, ItemContent]) -> list[ItemContent]:
    """Return the judged items whose present version has no reading."""
    readings, _ = read_reviews(directory)
    read = {(reading.item, reading.version) for reading in readings}
    return [
        item
        for item in items.values()
        if item.status in JUDGED and (item.id, item.review_hash) not in read
    ]
