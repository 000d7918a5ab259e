"""YAML of other tools as plain text, lists and dicts: anchors and merge keys are followed within bounds.

Stricter loaders are wrong here (an Ansible inventory may use tags and aliases), PyYAML's own constructors
too: they run tags, convert `22:22`, and unfold aliases without an end. Built from events, no recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import yaml

from ipv6check.inventory.reading import Unreadable, line_at

Value: TypeAlias = "str | Hidden | list[Value] | dict[str, Value]"

MAX_DEPTH = 60
MAX_VALUES = 1_000_000
"""How many values a document may unfold to, its aliases counted each time."""


class Hidden:
    """A value under `!vault` or a tag that is not known: there, but not to be read or shown."""


_HIDDEN = Hidden()
_TEXT_TAGS = {"!unsafe", "tag:yaml.org,2002:str", "!"}


def parse(text: str) -> Value:
    """Return the first document; raise Unreadable for broken, too deep or too much unfolding YAML."""
    try:
        return _Builder().build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = error.problem or "nothing can be read here"
        raise Unreadable(f"is not YAML: {said}", line, column, line_at(text, line)) from error
    except yaml.YAMLError as error:
        raise Unreadable("is not YAML: it contains characters that YAML does not allow") from error


class _Builder:
    """Builds one document; `_weights` counts what each anchor unfolds to."""

    def __init__(self) -> None:
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._open: list[tuple[list[Value], str | None, bool, bool, int]] = []
        self._total = 0

    def build(self, events: Iterator[yaml.Event]) -> Value:
        """Return the document's value; an empty text for an empty document."""
        root: Value = ""
        for event in events:
            done: tuple[Value, int] | None = None
            if isinstance(event, yaml.ScalarEvent):
                done = self._scalar(event), 1
                self._name(event.anchor, done)
            elif isinstance(event, yaml.AliasEvent):
                done = self._alias(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._begin(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                done = self._finish()
            elif isinstance(event, yaml.DocumentEndEvent):
                return root
            if done is not None:
                root = done[0] if not self._open else root
                self._add(event, *done)
        return root

    def _scalar(self, event: yaml.ScalarEvent) -> Value:
        if event.tag is None or event.tag in _TEXT_TAGS or event.tag.startswith("tag:yaml.org,2002:"):
            return str(event.value)
        return _HIDDEN

    def _alias(self, event: yaml.AliasEvent) -> tuple[Value, int]:
        found = self._anchors.get(event.anchor or "")
        if found is None:
            self._refuse(event, f'the alias "*{event.anchor}" stands inside what it names, or before it')
            raise AssertionError
        return found

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._refuse(event, f"nested more than {MAX_DEPTH} levels deep")
        tag = event.tag or ""
        hidden = bool(tag) and tag not in _TEXT_TAGS and not tag.startswith("tag:yaml.org,2002:")
        self._open.append(([], event.anchor, isinstance(event, yaml.MappingStartEvent), hidden, self._total))

    def _finish(self) -> tuple[Value, int]:
        items, anchor, mapping, hidden, before = self._open.pop()
        value: Value = _HIDDEN if hidden else _mapping(items) if mapping else items
        done = value, self._total - before + 1
        self._name(anchor, done)
        return done

    def _name(self, anchor: str | None, done: tuple[Value, int]) -> None:
        if anchor:
            self._anchors[anchor] = done

    def _add(self, event: yaml.Event, value: Value, weight: int) -> None:
        self._total += weight if isinstance(event, yaml.AliasEvent) else 1
        if self._total > MAX_VALUES:
            self._refuse(event, f"unfolds to more than {MAX_VALUES} values")
        if self._open:
            self._open[-1][0].append(value)

    def _refuse(self, event: yaml.Event, message: str) -> None:
        mark = event.start_mark
        raise Unreadable(message, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)


def _mapping(items: list[Value]) -> dict[str, Value]:
    """Return keys and values; `<<` brings in what the mapping does not say itself (YAML 1.1 merge)."""
    found: dict[str, Value] = {}
    merged: list[Value] = []
    for key, value in zip(items[::2], items[1::2], strict=True):
        if key == "<<":
            merged += value if isinstance(value, list) else [value]
        elif isinstance(key, str):
            found[key] = value
    for other in merged:
        if isinstance(other, dict):
            for key, value in other.items():
                found.setdefault(key, value)
    return found
