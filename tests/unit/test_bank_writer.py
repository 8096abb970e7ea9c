"""The canonical writer: same item, same bytes; what was written reads back as it was."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bank.content import canonical_line, canonical_prose, forbidden_character
from app.bank.files import StoredItem, read_item
from app.bank.writer import item_text, scalar
from tests.factories.bank import an_item, an_option


def read_back(text: str) -> StoredItem:
    stored = read_item(text.encode(), "queues/q-00000001.yaml")
    assert isinstance(stored, StoredItem), stored
    return stored


def test_the_file_has_its_fields_in_one_order() -> None:
    lines = item_text(an_item(tags=("b", "a"))).splitlines()

    fields = [line.partition(":")[0] for line in lines if line[:1].isalpha()]
    assert fields == [
        *("schema", "id", "status", "kind", "outline", "services", "tags", "angoff"),
        *("constraint", "decides", "verified", "stem", "options", "explanation", "references"),
        "authors",
    ]
    assert "tags: [a, b]" in lines
    assert "verified: '2026-11-20'" in lines


def test_prose_is_a_literal_block() -> None:
    text = item_text(an_item())

    assert "stem: |\n  A toll operator" in text
    assert "    text: |\n      Replace the queue" in text


def test_an_item_with_code_survives() -> None:
    stem = "One.\n\n```json\n{\n    \"a\": [1]\n}\n```\n\nWhich: 'a' # or b?"
    item = an_item(stem=stem, key="b")

    assert read_back(item_text(item)).content == item


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60
).filter(lambda text: forbidden_character(text) is None and text.strip())
LINE = TEXT.map(lambda text: canonical_line(text.replace("\n", " "))).filter(bool)
PROSE = TEXT.map(canonical_prose).filter(bool)


@settings(max_examples=40, deadline=None)
@given(decides=LINE, title=LINE, author=LINE, stem=PROSE, option=PROSE)
def test_any_text_reads_back_as_it_was_and_is_written_again_alike(
    decides: str, title: str, author: str, stem: str, option: str
) -> None:
    item = an_item()
    item = replace(
        item,
        decides=decides,
        authors=(author,),
        stem=stem,
        references=(replace(item.references[0], title=title),),
        options=(an_option(0, correct=True, text=option), *item.options[1:]),
    )

    stored = read_back(item_text(item))

    assert stored.content == item
    assert item_text(stored.content).encode() == stored.data


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words", "plain words"),
        ("https://docs.aws.amazon.com/a.html", "https://docs.aws.amazon.com/a.html"),
        ("it's: this", "'it''s: this'"),
        ("true", "'true'"),
        ("2026", "'2026'"),
        ("a #b", "'a #b'"),
        ("`code` first", "'`code` first'"),
    ],
)
def test_quotes_stand_where_they_are_needed(text: str, written: str) -> None:
    assert scalar(text) == written
