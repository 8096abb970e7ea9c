"""The bank as forms need it: two disjoint full forms in a row, whatever the seed."""

from datetime import UTC, datetime

import pytest

from app.bank.content import pool_item
from app.bank.files import read_bank
from app.exams.assembly import assemble, violations
from app.exams.service.forms import form_request
from tests.fixtures.databases import REAL_BANK

SEEN = datetime(2026, 9, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def files():
    return read_bank(REAL_BANK)


def published(files, exam):
    items = [
        pool_item(stored.content, exam, version_id=number)
        for number, stored in enumerate(files.items)
        if stored.content.status == "published"
    ]
    return [item for item in items if item is not None]


@pytest.mark.parametrize("seed", range(100))
def test_two_forms_in_a_row_share_no_item(files, seed):
    spec = files.exams["dva-c02"]
    request = form_request(spec, spec.modes["exam"])
    pool = published(files, "dva-c02")
    first = assemble(pool, request, seed=seed)
    seen = dict.fromkeys((item.code for item in first.items), SEEN)
    second = assemble(pool, request, seed=seed + 100, last_seen=seen)
    for form in (first, second):
        assert form.relaxed == ()
        assert violations(form.items, form.scored, request) == []
    assert not {item.code for item in second.items} & set(seen)


@pytest.mark.parametrize("mode", ["exam", "short"])
@pytest.mark.parametrize("exam", ["dva-c02", "dva-c03"])
def test_every_mode_of_both_exams_can_be_dealt(files, exam, mode):
    spec = files.exams[exam]
    request = form_request(spec, spec.modes[mode])
    for seed in range(20):
        form = assemble(published(files, exam), request, seed=seed)
        assert violations(form.items, form.scored, request, relaxed=form.relaxed) == []


def test_the_published_items_hold_two_full_forms_by_domain(files):
    domains = [item.domain for item in published(files, "dva-c02")]
    for domain, least in {"1": 42, "2": 34, "3": 30, "4": 24}.items():
        assert domains.count(domain) >= least
