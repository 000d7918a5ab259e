"""What a YAML file says, as text with positions: scalars, sequences, mappings, and nothing else.

No value is converted here: `NO`, `0123`, `22:22` and `2001:db8::1` stay the text they are.
A position (`at`) is one integer: file, line and column packed together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ipv6check.inventory.problems import Problem, make_problem
from ipv6check.inventory.reading import LINE_BREAK
from ipv6check.model.inventory import Source

_COLUMN_BITS = 20
_LINE_BITS = 28
_COLUMN_MAX = (1 << _COLUMN_BITS) - 1
_LINE_MAX = (1 << _LINE_BITS) - 1


@dataclass(slots=True, eq=False)
class Scalar:
    """A text; `plain` if it stood there without quotes."""

    text: str
    plain: bool
    at: int

    @property
    def empty(self) -> bool:
        """Whether nothing stood there at all (`key:`)."""
        return self.plain and not self.text


@dataclass(slots=True, eq=False)
class Seq:
    """A list."""

    items: list[Node]
    at: int


@dataclass(slots=True, eq=False)
class Map:
    """A mapping in the file's order; each key with its position."""

    entries: dict[str, tuple[int, Node]]
    at: int

    def get(self, key: str) -> Node | None:
        """Return the value of a key, or None."""
        found = self.entries.get(key)
        return found[1] if found else None


Node: TypeAlias = Scalar | Seq | Map
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"


def pack(file: int, line: int, column: int) -> int:
    """Pack a file's number and a position, line and column from 1, into one integer."""
    low = min(line, _LINE_MAX) << _COLUMN_BITS | min(column, _COLUMN_MAX)
    return file << (_LINE_BITS + _COLUMN_BITS) | low


def file_of(at: int) -> int:
    """Return the number of the file of a position."""
    return at >> (_LINE_BITS + _COLUMN_BITS)


def plain(node: Node) -> Plain:
    """Return the node as texts, lists and dicts; values that are empty are left out."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Seq):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, (_, value) in node.entries.items() if not _is_empty(value)}


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.empty


def text_of(node: Node | None) -> str | None:
    """Return a scalar's text; None for anything else."""
    return node.text if isinstance(node, Scalar) else None


def locate(node: Node, path: tuple[str | int, ...]) -> int:
    """Return the position of what `path` leads to, as far as it leads.

    `[key]` stands for the key before it (pydantic's word for an error in a mapping's key); a path may
    go on where a scalar is short for a mapping.
    """
    at = last_key_at = node.at
    for step in path:
        if isinstance(node, Map) and str(step) in node.entries:
            key_at, node = node.entries[str(step)]
            at, last_key_at = node.at, key_at
        elif isinstance(node, Seq) and isinstance(step, int):
            if not 0 <= step < len(node.items):
                break
            node = node.items[step]
            at = last_key_at = node.at
        elif step == "[key]":
            return last_key_at
        else:
            break
    return at


def key_position(node: Node, path: tuple[str | int, ...]) -> int:
    """Return the position of the key that ends `path`."""
    return locate(node, (*path, "[key]"))


@dataclass(slots=True)
class SourceFile:
    """One file that was read: `name` relative to the inventory's folder, `shown` as a person may open it."""

    name: str
    shown: str
    folder: Path
    content: bytes
    text: str
    _lines: list[str] | None = None

    def line(self, number: int) -> str:
        """Return a line by its number (from 1), or an empty string."""
        if self._lines is None:
            self._lines = LINE_BREAK.split(self.text)
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""


@dataclass(slots=True)
class Journal:
    """The files read so far, and every problem found in them."""

    files: list[SourceFile] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def source(self, at: int) -> Source:
        """Return a position as the model keeps it."""
        return Source(self.files[file_of(at)].name, at >> _COLUMN_BITS & _LINE_MAX, at & _COLUMN_MAX)

    def at(self, source: Source) -> int:
        """Return the position a model's source came from."""
        for number, file in enumerate(self.files):
            if file.name == source.file:
                return pack(number, source.line, source.column)
        raise KeyError(source.file)

    def line_number(self, at: int) -> int:
        """Return the line of a position."""
        return at >> _COLUMN_BITS & _LINE_MAX

    def place(self, at: int, seen_from: int) -> str:
        """Return `line 4`, or `line 4 of units.yaml` where that is another file than `seen_from`'s."""
        line = f"line {self.line_number(at)}"
        return line if file_of(at) == file_of(seen_from) else f"{line} of {self.files[file_of(at)].shown}"

    def error(self, at: int, message: str, hint: str = "") -> None:
        """Note an error at a position."""
        self.errors.append(self._problem(at, message, hint))

    def warn(self, at: int, message: str, hint: str = "") -> None:
        """Note a warning at a position."""
        self.warnings.append(self._problem(at, message, hint))

    def _problem(self, at: int, message: str, hint: str) -> Problem:
        file = self.files[file_of(at)]
        line, column = self.line_number(at), at & _COLUMN_MAX
        return make_problem(file.shown, line, column, message, file.line(line), hint)
