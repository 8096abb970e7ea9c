"""The golden attempt of tests/data/golden: its bank, its form and its answers."""

import csv
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.bank import service as bank
from app.bank.models import (
    BankState,
    ExamSpecification,
    Item,
    ItemEdition,
    ItemVersion,
    KeyRevision,
)
from app.exams.assembly import AssembledForm
from app.exams.service.forms import Dealing, Start, deal
from app.persistence.base import Base

DIRECTORY = Path(__file__).parent.parent / "data" / "golden"
BANK = DIRECTORY / "bank"
EXAM = "dva-c02"
# Worked by hand in tests/data/golden/README.md.
RAW_SCORE, CUT_BP, SCALED_SCORE = 36, 347_000, 743
DOMAINS = {"1": (10, 16), "2": (9, 13), "3": (9, 12), "4": (8, 9)}


TABLES = tuple(
    Base.metadata.tables[model.__tablename__]
    for model in (ExamSpecification, Item, ItemVersion, ItemEdition, KeyRevision, BankState)
)
_rows: dict[str, list[dict[str, object]]] = {}


@dataclass(frozen=True)
class GoldenLine:
    """One position: the item, whether it scores, its key and the candidate's answer."""

    position: int
    item: str
    is_scored: bool
    key: str
    answer: str


@cache
def golden_lines() -> tuple[GoldenLine, ...]:
    """Return the 65 positions of the golden form in order."""
    with (DIRECTORY / "attempt.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            GoldenLine(
                position=int(row["position"]),
                item=row["item"],
                is_scored=row["scored"] == "yes",
                key=row["key"],
                answer=row["answer"],
            )
            for row in csv.DictReader(file)
        )


def load_golden_bank(session: Session, *, now: datetime) -> None:
    """Load the golden bank's 65 items.

    Reading and rendering 65 files takes most of a second, so a worker does it once and puts the
    same rows into every further test's database.
    """
    if not _rows:
        bank.load_bank(session, BANK, now=now)
        _rows.update(
            (table.name, [dict(row._mapping) for row in session.execute(select(table))])
            for table in TABLES
        )
        return
    for table in TABLES:
        session.execute(insert(table), _rows[table.name])


def deal_golden_form(session: Session, *, user_id: int, now: datetime, mode: str = "exam") -> str:
    """Start an attempt on the golden form and return its public id."""
    pool = bank.item_pool(session, EXAM)
    by_code = {item.code: item for item in pool.items}
    lines = golden_lines()
    form = AssembledForm(
        items=tuple(by_code[line.item] for line in lines),
        scored=frozenset(line.item for line in lines if line.is_scored),
        relaxed=(),
    )
    dealing = Dealing(bank.current_specification(session, EXAM), pool, form, seed=65)
    return deal(session, Start(user_id, EXAM, mode), dealing, now=now)


def golden_secrets() -> set[str]:
    """Return texts that stand only in rationales and explanations of the golden bank."""
    return {"is carved on stone", "is not carved on stone", "is what it is", "The wall explains"}
