"""One more entry in a list of a hand-written inventory file; everything else stays byte for byte.

A round trip of the whole file would keep comments and still move quotes, indents and line breaks. So the
place is found by the parser's own marks, and only the entry is made by a YAML library.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

Entry = Mapping[str, str | int | date]

_INDENT = 2
_WIDEST = 1 << 20  # never fold a line: a text stays the text that was given


class NotAddable(ValueError):
    """The file is written in a way to which nothing can be added; the text says which."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a list stands: `start` and `end` count characters of its value, `column` that of its dashes."""

    start: int
    end: int
    column: int
    flow: bool  # in brackets
    items: int


def with_entry(text: str, key: str, entry: Entry) -> str:
    """Return the text of an inventory file with `entry` at the end of the list `key`.

    The text has to be valid YAML with a mapping at its top. NotAddable if the list is an alias or no list.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    place = _find(text, key)
    if place is None:
        gap = "" if not text or text.endswith("\n") else newline
        lines = [f"{key}:", *_block(entry, _INDENT)]
        return text + gap + newline + newline.join(lines) + newline
    if place.flow:
        body = text[place.start : place.end - 1].rstrip()
        comma = ", " if place.items and not body.endswith(",") else " " if place.items else ""
        return f"{text[: place.start]}{body}{comma}{_flow(entry)}{text[place.end - 1 :]}"
    end = _after_last_item(text, place)
    gap = "" if text[:end].endswith("\n") else newline
    return text[:end] + gap + newline.join(_block(entry, place.column)) + newline + text[end:]


def adds_one(old: str, new: str, key: str) -> bool:
    """Whether the new text says what the old one says, with one more entry at the end of the list `key`."""
    before, after = (yaml.load(text, Loader=yaml.CBaseLoader) for text in (old, new))  # noqa: S506 - only texts
    entries = after.pop(key, None) or []
    known = before.pop(key, None) or []
    return bool(before == after and entries[:-1] == known and len(entries) == len(known) + 1)


def _find(text: str, key: str) -> _Place | None:
    """Return where the value of a key of the top mapping stands; None if there is no such key."""
    events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
    depth = 0
    for event in events:
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        elif depth == 1 and isinstance(event, yaml.ScalarEvent):
            value = next(events)
            if event.value == key:
                return _place(value, events)
            depth += isinstance(value, yaml.MappingStartEvent | yaml.SequenceStartEvent)
            depth -= isinstance(value, yaml.MappingEndEvent)
    return None


def _place(value: Any, events: Iterator[Any]) -> _Place:
    if not isinstance(value, yaml.SequenceStartEvent) or value.anchor is not None:
        raise NotAddable("the list is no plain list in this file: add the entry by hand")
    start: Any = value.start_mark
    event: Any
    depth, items = 1, 0
    for event in events:
        items += depth == 1 and not isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent)
        depth += isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent)
        depth -= isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent)
        if depth == 0:
            return _Place(start.index, event.end_mark.index, start.column, bool(value.flow_style), items)
    raise NotAddable("the file ends within the list")


def _after_last_item(text: str, place: _Place) -> int:
    """Return where the line after the last item begins: comments and empty lines below it stay below.

    The list's own mark is no help: a block ends for the parser where the next thing begins.
    """
    at = end = text.rfind("\n", 0, place.start) + 1
    for line in text[at:].splitlines(keepends=True):
        inner = line.strip()
        column = len(line) - len(line.lstrip(" "))
        dash = inner == "-" or inner.startswith("- ")
        if inner and column <= place.column and not (dash and column == place.column):
            if not inner.startswith("#"):
                break
        elif inner and not inner.startswith("#"):
            end = at + len(line)
        at += len(line)
    return end


def _block(entry: Entry, column: int) -> list[str]:
    lines = _dump([CommentedMap(entry)], flow=False).splitlines()
    return [" " * column + line for line in lines]


def _flow(entry: Entry) -> str:
    return _dump(CommentedMap(entry), flow=True).strip()


def _dump(data: object, *, flow: bool) -> str:
    dumper = YAML(typ="rt", pure=True)
    dumper.width = _WIDEST
    dumper.allow_unicode = True
    dumper.default_flow_style = flow
    if flow and isinstance(data, CommentedMap):
        data.fa.set_flow_style()
    stream = io.StringIO()
    dumper.dump(data, stream)
    return stream.getvalue()
