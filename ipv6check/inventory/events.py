"""YAML text into nodes, from libyaml's events: depth, aliases, tags and duplicate keys are refused here.

Composing with CSafeLoader crashes the process at 28,000 nested brackets and PyYAML's constructors
misread values; its events do neither, so the tree is built from them, without recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from sys import intern
from typing import TypeAlias

import yaml

from ipv6check.inventory import unquoted
from ipv6check.inventory.nodes import Journal, Map, Node, Scalar, Seq, SourceFile, pack
from ipv6check.inventory.syntax import explain

MAX_DEPTH = 50
_MOST_ROUNDS = 25
_ROUND_BYTES = 20_000_000  # how much text may be parsed again to find further unquoted addresses

Note: TypeAlias = "tuple[int, str, str]"  # position, message, hint


class _TooDeep(Exception):
    """Nesting beyond `MAX_DEPTH`: nothing after it is read."""


def read_nodes(journal: Journal, number: int) -> Node | None:
    """Return the one document of a file as nodes, or None where it could not be read.

    `number` is the file's in `journal.files`; errors go to the journal.
    """
    file = journal.files[number]
    text = file.text
    rounds = max(2, min(_MOST_ROUNDS, _ROUND_BYTES // (len(text) + 1)))
    for _ in range(rounds):
        builder = _Builder(file, number)
        try:
            root = builder.build(text)
        except _TooDeep:
            root = None
        except yaml.MarkedYAMLError as error:
            mended = _mend(journal, number, text, error)
            if mended is not None:
                text = mended
                continue
            builder.notes.append(explain(error, file, number))
            root = None
        for note in builder.notes:
            journal.error(*note)
        return root
    return None


def _mend(journal: Journal, number: int, text: str, error: yaml.MarkedYAMLError) -> str | None:
    """Quote the addresses of the line that broke, and say so; None if there are none to quote."""
    mark = error.problem_mark
    lines = text.splitlines(keepends=True)
    if mark is None or mark.line >= len(lines):
        return None
    broken = lines[mark.line]
    bare = broken.rstrip("\r\n")
    found = unquoted.correct(bare)
    if found is None:
        return None
    right, column = found
    message = f"YAML cannot read this address as it stands: {unquoted.ADVICE}"
    journal.error(pack(number, mark.line + 1, column), message, right.strip())
    lines[mark.line] = right + broken[len(bare) :]
    return "".join(lines)


class _Builder:
    """Builds one document; `notes` are the errors found on the way."""

    def __init__(self, file: SourceFile, number: int) -> None:
        self.notes: list[Note] = []
        self._file = file
        self._base = pack(number, 0, 0)
        self._root: Node | None = None
        self._open: list[Seq | Map] = []
        self._keys: list[Scalar | None] = []  # for each open mapping, the key that waits for its value
        self._void: list[bool] = []  # for each open collection, whether it had a tag: nothing is built of it

    def build(self, text: str) -> Node | None:
        """Return the root node; raise yaml.MarkedYAMLError or _TooDeep."""
        documents = 0
        for event in _events(text):
            if isinstance(event, yaml.ScalarEvent):
                plain = event.implicit[0] and not event.style
                if event.tag is not None or event.anchor is not None:
                    self._refuse(event, event.tag)
                if event.tag is not None:
                    self._add(_nothing(self._at(event)), told=True)
                else:
                    self._add(Scalar(event.value, plain, self._at(event)))
            elif isinstance(event, yaml.CollectionStartEvent):
                self._start(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._end()
            elif isinstance(event, yaml.AliasEvent):
                self._refuse(event, None)
                self._add(_nothing(self._at(event)), told=True)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._note(
                        event, "a second document begins here: an inventory file has one; delete `---`"
                    )
                    return self._root
        return self._root

    def _at(self, event: yaml.Event) -> int:
        mark = event.start_mark
        return self._base | pack(0, mark.line + 1, mark.column + 1) if mark else self._base | pack(0, 1, 1)

    def _note(self, event: yaml.Event, message: str, hint: str = "") -> None:
        self.notes.append((self._at(event), message, hint))

    def _refuse(self, event: yaml.NodeEvent, tag: str | None) -> None:
        if tag is not None:
            self._note(event, f'tags are not allowed ("{tag}"): write the value alone')
        if event.anchor is not None:
            self._note(event, f'anchors and aliases are not allowed ("{event.anchor}"): write the value out')

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        self._refuse(event, event.tag)
        if len(self._open) >= MAX_DEPTH:
            self._note(event, f"nested more than {MAX_DEPTH} levels deep: no inventory needs that")
            raise _TooDeep
        at = self._at(event)
        opened: Seq | Map = Map({}, at) if isinstance(event, yaml.MappingStartEvent) else Seq([], at)
        self._open.append(opened)
        self._keys.append(None)
        self._void.append(event.tag is not None)

    def _end(self) -> None:
        closed = self._open.pop()
        self._keys.pop()
        if self._void.pop():
            self._add(_nothing(closed.at), told=True)
        else:
            self._add(self._mend_address(closed))

    def _add(self, node: Node, *, told: bool = False) -> None:
        """Put a node where it belongs; `told`: it is empty, and an error says why already."""
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Seq):
            if not (isinstance(node, Scalar) and node.empty):
                parent.items.append(node)
            elif not told:
                self.notes.append((node.at, "an empty list item: give a value, or delete it", ""))
            return
        key = self._keys[-1]
        if key is None:
            self._keys[-1] = Scalar("", False, node.at) if told else self._as_key(node)
            return
        self._keys[-1] = None
        self._set(parent, key, node, told=told)

    def _as_key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        inner = node.items[0] if isinstance(node, Seq) and len(node.items) == 1 else None
        if isinstance(inner, Scalar) and unquoted.is_address(inner.text):
            self._misread(node.at)
        else:
            self.notes.append((node.at, "a key must be one word, not a list or a mapping", ""))
        return Scalar("", False, node.at)  # keeps the mapping's keys and values in step

    def _set(self, parent: Map, key: Scalar, value: Node, *, told: bool) -> None:
        known = parent.entries.get(key.text)
        if key.text == "" and not key.plain:
            return
        if known is not None:
            line = known[0] >> 20 & 0xFFFFFFF
            message = f'duplicate key "{key.text}": it stands on line {line} already; keep one of them'
            self.notes.append((key.at, message, ""))
            return
        empty = isinstance(value, Scalar) and value.empty and not told
        if empty and not unquoted.misread_key(key.text):
            message = f'"{key.text}" is empty: give a value, or delete the key'
            if " " in key.text:  # what follows a comma inside { } is read as a key
                message += "; a text with a comma or a colon needs quotes inside { }"
            self.notes.append((key.at, message, ""))
        parent.entries[intern(key.text)] = (key.at, value)

    def _mend_address(self, node: Seq | Map) -> Node:
        """Turn `{"2001:db8:": }`, YAML's reading of `- 2001:db8::`, into the address, and say so."""
        if not isinstance(node, Map) or len(node.entries) != 1:
            return node
        ((key, (at, value)),) = node.entries.items()
        meant = unquoted.misread_key(key)
        if meant is None or not (isinstance(value, Scalar) and value.empty):
            return node
        self._misread(at)
        return Scalar(meant, False, at)

    def _misread(self, at: int) -> None:
        line = self._file.line(at >> 20 & 0xFFFFFFF)
        found = unquoted.correct(line)
        message = f"YAML misreads this address: {unquoted.ADVICE}"
        self.notes.append((at, message, found[0].strip() if found else ""))


def _nothing(at: int) -> Scalar:
    """Return what stands for a value that was refused: it reads as left out."""
    return Scalar("", True, at)


def _events(text: str) -> Iterator[yaml.Event]:
    return iter(yaml.parse(text, Loader=yaml.CSafeLoader))
