"""Files that are not what they should be: every fault, at its line, as a sentence."""

import time

import pytest

from app.bank.files import StoredItem, read_item
from app.bank.findings import Finding
from app.bank.writer import item_text
from app.bank.yaml_file import SIZE_LIMIT_BYTES, YamlFile, read_yaml
from tests.factories.bank import an_item

GOOD = item_text(an_item())


def findings_of(text: str | bytes) -> list[Finding]:
    result = read_item(text if isinstance(text, bytes) else text.encode(), "q.yaml")
    return [] if isinstance(result, StoredItem) else result


def test_a_good_file_has_no_findings() -> None:
    assert findings_of(GOOD) == []


def test_every_fault_of_a_file_is_reported_at_once() -> None:
    text = (
        GOOD.replace("status: review", "status: ready")
        .replace("angoff: 70", "angoff: seventy")
        .replace("verified: '2026-11-20'", "verified: 2026-11-20")
        .replace("authors: [editorial]", "author: editorial")
    )

    found = {(finding.field, finding.line) for finding in findings_of(text)}

    assert found == {("status", 3), ("angoff", 9), ("verified", 12), ("author", 50), ("authors", 1)}


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("id: q-00000001", "id: q-0000000l", "id", "8 characters"),
        ("schema: 1", "schema: 2", "schema", "Write 1"),
        ("angoff: 70", "angoff: 72", "angoff", "multiple of 5"),
        ("angoff: 70", "angoff: 100", "angoff", "95 or less"),
        ("constraint: ordering", "constraint: Ordering", "constraint", "small letters"),
        ("verified: '2026-11-20'", "verified: '2026-02-30'", "verified", "no day"),
        ("verified: '2026-11-20'", "verified: 2026-11-20", "verified", "in quotes"),
        ("dva-c02/1.1.1", "dva-c02/1.1", "outline[0]", "dva-c02/1.1.13"),
        ("https://docs.aws.amazon.com/sqs/fifo", "http://x", "references[0].url", "https://"),
        ("correct: true", "correct: false", "options[0].correct", "Write True"),
        ("services: [sqs, lambda]", "services: sqs", "services", "not a list"),
        ("decides: must", "decides: ' '\nx: must", "decides", "is empty"),
        ("authors: [editorial]", 'authors: ["a\\u0085b"]', "authors[0]", "control character"),
        ("kind: single", "kind:", "kind", "'multiple'"),
        ("kind: single", "kind: single\nkind: single", "kind", "second time"),
    ],
)
def test_a_fault_is_named_with_its_field(old: str, new: str, field: str, words: str) -> None:
    assert old in GOOD

    found = [finding for finding in findings_of(GOOD.replace(old, new)) if finding.field == field]

    assert len(found) == 1
    assert words in found[0].sentence


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"a: \xff", "not UTF-8"),
        (b"a: [1, 2", "not plain YAML"),
        (b"a: 1\n b: 2", "not plain YAML"),
        (b"a: 1\n---\nb: 2", "not plain YAML"),
        (b"a: &x 1\nb: *x", "anchor"),
        (b"a: *x", "anchor"),
        (b"a: !!python/object:os.system 1", "tag"),
        (b"a: !!str 1", "tag"),
        (b"a: 'x\x07'", "control character"),
        ("a: \u2028".encode(), "control character"),
        (b"[" * 5000, "not plain YAML"),
        (b"{a: " * 5000, "not plain YAML"),
        (b"- " * 5000 + b"a", "not plain YAML"),
        (b"a: " + b"9" * 5000, "not plain YAML"),
        (b"#" * (SIZE_LIMIT_BYTES + 1), "larger than"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(data: bytes, words: str) -> None:
    result = read_yaml(data, "q.yaml")

    assert isinstance(result, Finding)
    assert words in result.sentence


def test_an_alias_bomb_is_refused_at_once() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 9):
        inner = ", ".join([f"*a{level - 1}"] * 9)
        levels.append(f"a{level}: &a{level} [{inner}]")
    started = time.perf_counter()

    assert isinstance(read_yaml("\n".join(levels).encode(), "q.yaml"), Finding)
    assert time.perf_counter() - started < 1


def test_values_are_those_of_yaml_1_2() -> None:
    file = read_yaml(b"a: no\nb: 010\nc: 0x1f\nd: true\ne: null\nf: 1.5\n'g': '1'", "q.yaml")

    assert isinstance(file, YamlFile)
    assert file.document == {"a": "no", "b": 10, "c": 31, "d": True, "e": None, "f": 1.5, "g": "1"}
