"""The one canonical writer: the same item always gives the same bytes.

Fixed key order, literal blocks for prose, sorted tags, absent instead of null, quoted days, LF,
NFC. Reading what was written gives the same item, and writing that gives the same bytes.
"""

import re
from collections.abc import Iterable

from app.bank.content import SCHEMA_VERSION, ItemContent, OptionContent

# Text that YAML reads as this very text without quotes, inside and outside of [ ].
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _./()+'`&;=*@%$-]*")
# Plain words that YAML would read as something else.
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def item_text(item: ItemContent) -> str:
    """Return the item as the text of its file."""
    lines = [
        f"schema: {SCHEMA_VERSION}",
        f"id: {item.id}",
        f"status: {item.status}",
        f"kind: {item.kind}",
        "outline:",
        *(f"  - {entry}" for entry in item.outline),
        f"services: {flow_list(item.services)}",
    ]
    if item.tags:
        lines.append(f"tags: {flow_list(sorted(item.tags))}")
    lines += [
        f"angoff: {item.angoff}",
        f"constraint: {item.constraint}",
        f"decides: {scalar(item.decides)}",
        f"verified: '{item.verified}'",
        *_prose("stem", item.stem, indent=""),
        "options:",
    ]
    for option in item.options:
        lines += _option_lines(option)
    lines += [*_prose("explanation", item.explanation, indent=""), "references:"]
    for reference in item.references:
        lines += [f"  - title: {scalar(reference.title)}", f"    url: {scalar(reference.url)}"]
    lines.append(f"authors: {flow_list(item.authors)}")
    return "\n".join(lines) + "\n"


def scalar(text: str) -> str:
    """Write one line of text plain where YAML reads it back as it is, else in single quotes."""
    is_address = text.startswith("https://") and " " not in text and "#" not in text
    is_plain = _PLAIN.fullmatch(text) and not text.endswith(" ") and " #" not in text
    if (is_plain or is_address) and text.lower() not in _RESERVED:
        return text
    return "'" + text.replace("'", "''") + "'"


def flow_list(values: Iterable[str]) -> str:
    """Write short texts as one line: [a, b]."""
    return "[" + ", ".join(scalar(value) for value in values) + "]"


def _option_lines(option: OptionContent) -> list[str]:
    lines = [f"  - id: {option.id}"]
    if option.correct:
        lines.append("    correct: true")
    if option.confuses:
        lines.append(f"    confuses: {option.confuses}")
    lines += _prose("text", option.text, indent="    ")
    return lines + _prose("rationale", option.rationale, indent="    ")


def _prose(name: str, text: str, *, indent: str) -> list[str]:
    body = [f"{indent}  {line}" if line else "" for line in text.split("\n")]
    return [f"{indent}{name}: |", *body]
