"""Reads one YAML 1.2 file into plain values with the line of every field.

Aliases, anchors and explicit tags are refused while the nodes are composed: expanding them is how
a file of 400 bytes becomes 250 MB. Nothing is constructed but text, numbers and truth values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from app.bank.content import forbidden_character
from app.bank.findings import Finding

# Item files are 2 to 8 KiB; the vocabulary grows with the bank and stays far below this.
SIZE_LIMIT_BYTES = 1024 * 1024
DEPTH_LIMIT = 16

Path = tuple[str | int, ...]


class _PlainComposer(Composer):
    """A composer that refuses everything that is not plain data."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise ComposerError(None, None, "uses an anchor or an alias", event.start_mark)
        if event.tag is not None and not (isinstance(event.implicit, bool) and event.implicit):
            raise ComposerError(None, None, "uses a tag", event.start_mark)
        return super().compose_node(parent, index)


@dataclass(frozen=True)
class YamlFile:
    """One file as plain values; ``lines`` tells where each field stands, counted from 1."""

    name: str
    document: Any
    lines: Mapping[Path, int]

    def finding(self, path: Path, sentence: str) -> Finding:
        """Return a finding at the field, or at the nearest field around it that exists."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return Finding(self.name, self.lines.get(known, 1), field_name(path), sentence)


def read_yaml(data: bytes, name: str) -> YamlFile | Finding:
    """Parse the bytes of one file; a file that cannot be read at all gives one finding."""
    if len(data) > SIZE_LIMIT_BYTES:
        return Finding(name, 1, "", f"The file is larger than {SIZE_LIMIT_BYTES // 1024} KiB.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Finding(name, line, "", "The file is not UTF-8. Save it as UTF-8.")
    place = forbidden_character(text.replace("\r\n", "\n"))
    if place is not None:
        line = text.replace("\r\n", "\n").count("\n", 0, place) + 1
        return Finding(name, line, "", "The line holds a control character. Remove it.")
    return _composed(text, name)


def validated(file: YamlFile, model: type[BaseModel]) -> list[Finding]:
    """Return what does not fit the model: every fault at once, each at its line."""
    try:
        model.model_validate(file.document)
    except ValidationError as error:
        return [
            file.finding(_field_path(fault["loc"]), _sentence(fault)) for fault in error.errors()
        ]
    return []


def field_name(path: Path) -> str:
    """Write a path as authors read it: options[2].text."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _composed(text: str, name: str) -> YamlFile | Finding:
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _PlainComposer
    yaml.max_depth = DEPTH_LIMIT
    try:
        node = yaml.compose(text)
        if node is None:
            return Finding(name, 1, "", "The file is empty.")
        lines: dict[Path, int] = {}
        duplicates: list[Finding] = []
        document = _plain(node, (), lines, duplicates, name)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return Finding(name, line, "", f"The file is not plain YAML: {error.problem}.")
    except (YAMLError, RecursionError, ValueError):
        return Finding(name, 1, "", "The file is not plain YAML, or nested too deeply.")
    return duplicates[0] if duplicates else YamlFile(name, document, lines)


def _plain(
    node: Node, path: Path, lines: dict[Path, int], duplicates: list[Finding], name: str
) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, SequenceNode):
        return [
            _plain(child, (*path, place), lines, duplicates, name)
            for place, child in enumerate(node.value)
        ]
    if not isinstance(node, MappingNode):
        return _scalar(node)
    document: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in document:
            sentence = "stands here a second time. Keep one."
            duplicates.append(Finding(name, line, field_name((*path, key)), sentence))
        lines[(*path, key)] = line
        document[key] = _plain(value_node, (*path, key), lines, duplicates, name)
    return document


def _scalar(node: Node) -> Any:
    kind, value = str(node.tag).rpartition(":")[2], str(node.value)
    if kind == "int":
        return int(value, 0) if value[:2] in {"0x", "0o"} else int(value)
    if kind == "bool":
        return value.lower() == "true"
    if kind == "float":
        return float(value)
    if kind == "null":
        return None
    if kind == "timestamp":
        # An unquoted day is not text; the model then says that it must be.
        return date.fromisoformat(value[:10])
    return value


def _field_path(location: tuple[str | int, ...]) -> Path:
    # A fault in a key of a mapping ends with the marker [key]; the key itself stands before it.
    return tuple(part for part in location if part != "[key]")


_HINTS = {
    "id": 'Write "q-" and 8 characters of 0-9 a-z without i, l, o, u.',
    "outline": "Write an exam and a skill, such as dva-c02/1.1.13.",
    "url": "Write an address that begins with https://.",
    "verified": "Write a day in quotes, such as '2026-11-20'.",
}


def _sentence(fault: Any) -> str:
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    names = [part for part in fault["loc"] if isinstance(part, str)]
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch":
        hint = _HINTS.get(names[-1] if names else "", "Write small letters, digits and hyphens.")
        return f"is {value!r}. {hint}"
    templates = {
        "missing": "is missing. Add it.",
        "extra_forbidden": "is not a field of this file. Remove it, or correct its name.",
        "literal_error": f"is {value!r}. Write {context.get('expected')}.",
        "string_type": f"is {_shown(value)}, not text. Put it in quotes.",
        "int_type": f"is {_shown(value)}. Write a whole number.",
        "multiple_of": f"is {value}. Write a multiple of {context.get('multiple_of')}.",
        "greater_than_equal": f"is {value}. Write {context.get('ge')} or more.",
        "less_than_equal": f"is {value}. Write {context.get('le')} or less.",
        "list_type": "is not a list. Write one entry per line, each after a hyphen.",
        "dict_type": "is not a mapping. Write fields with a name and a value.",
        "model_type": "is not a mapping. Write fields with a name and a value.",
        "too_short": f"has too few entries. Write at least {context.get('min_length')}.",
        "too_long": f"has too many entries. Write at most {context.get('max_length')}.",
    }
    return templates.get(kind, f"{fault['msg']}.")


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    text = str(value) if not isinstance(value, dict | list) else "a list or mapping"
    return text if len(text) <= 40 else text[:37] + "..."
