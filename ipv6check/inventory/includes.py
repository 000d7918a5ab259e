"""The files of an inventory: the main one and what it includes, merged into one tree of nodes.

Included files lie in the inventory's folder or below, symbolic links resolved. Lists are
concatenated, `resolvers` and `vantages` joined; anything else may be given once.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from ipv6check.inventory.events import read_nodes
from ipv6check.inventory.nodes import Journal, Map, Node, Scalar, Seq, SourceFile
from ipv6check.inventory.problems import make_problem, visible
from ipv6check.inventory.reading import MAX_BYTES, Unreadable, decode, read_bytes
from ipv6check.inventory.schema import ENTRIES

MAX_FILES = 10_000
_LISTS = {"include", "trust", "scope", "exclude", "dns_roots", *ENTRIES}
_MAPPINGS = {"resolvers", "vantages"}


class Files:
    """Reads an inventory's files into a journal; `whole` says whether every one could be parsed."""

    def __init__(self, journal: Journal, main: Path) -> None:
        self.whole = True
        self._journal = journal
        self._main = main
        self._root = os.path.realpath(main.parent)
        self._read: set[str] = set()
        self._bytes = 0

    def merged(self) -> Map | None:
        """Read the main file and its includes; None if the main file is no mapping."""
        try:
            content = self._content(PurePosixPath(self._main.name))
        except Unreadable as problem:
            self._journal.errors.append(make_problem(str(self._main), 1, 1, str(problem), problem.source))
            return None
        merged = self._parse(PurePosixPath(self._main.name), content)
        if merged is not None:
            self._follow(merged, [os.path.realpath(self._main)], PurePosixPath())
        return merged

    def content(self, name: PurePosixPath) -> bytes:
        """Return the bytes of a file below the inventory's folder; raise Unreadable."""
        if not _below(os.path.realpath(self._main.parent / name), self._root):
            raise Unreadable("lies outside the inventory's folder")
        return self._content(name)

    def _content(self, name: PurePosixPath) -> bytes:
        text = str(name)
        if visible(text) != text:
            raise Unreadable("has a name that cannot be shown: rename it")
        content = read_bytes(self._main.parent / name, MAX_BYTES - self._bytes)
        self._bytes += len(content)
        return content

    def _parse(self, name: PurePosixPath, content: bytes) -> Map | None:
        """Parse one file; errors go to the journal."""
        shown = str(self._main.parent / name)
        try:
            text = decode(content)
        except Unreadable as problem:
            self.whole = False
            self._journal.errors.append(
                make_problem(shown, problem.line, problem.column, str(problem), problem.source)
            )
            return None
        folder = self._main.parent / name.parent
        self._journal.files.append(SourceFile(str(name), shown, folder, content, text))
        number = len(self._journal.files) - 1
        before = len(self._journal.errors)
        node = read_nodes(self._journal, number)
        if isinstance(node, Map):
            return node
        self.whole = False
        if len(self._journal.errors) == before:
            at = node.at if node is not None else number << 48 | 1 << 20 | 1
            what = "is empty" if node is None else "is a list" if isinstance(node, Seq) else "is one text"
            self._journal.error(at, f"this file {what}: write a mapping, `version: 1` and so on")
        return None

    def _follow(self, node: Map, chain: list[str], folder: PurePosixPath) -> None:
        """Read what `node` includes, and merge it into `node`. `chain` are the files being read."""
        included = node.get("include")
        patterns = included.items if isinstance(included, Seq) else []
        for item in list(patterns):
            if not isinstance(item, Scalar):
                continue  # the schema says that it takes a text
            for name in self._matches(item, folder, chain):
                self._include(node, item, name, chain)

    def _include(self, into: Map, item: Scalar, name: PurePosixPath, chain: list[str]) -> None:
        real = os.path.realpath(self._main.parent / name)
        self._read.add(real)
        if len(self._read) > MAX_FILES:
            self._journal.error(item.at, f"more than {MAX_FILES} files are included")
            return
        try:
            content = self.content(name)
        except Unreadable as problem:
            self.whole = False
            self._journal.error(item.at, f'"{name}" {problem}')
            return
        found = self._parse(name, content)
        if found is not None:
            self._follow(found, [*chain, real], name.parent)
            self._merge(into, found)

    def _matches(self, item: Scalar, folder: PurePosixPath, chain: list[str]) -> list[PurePosixPath]:
        """Return the files that an item of `include` names and that were not read yet."""
        pattern = PurePosixPath(item.text)
        if pattern.is_absolute() or ".." in pattern.parts or not pattern.parts:
            self._journal.error(item.at, f'"{item.text}" must name files in the same folder or below')
            return []
        if not any(character in item.text for character in "*?["):
            return self._one(item, folder / pattern, chain)
        base = self._main.parent / folder
        try:
            found = sorted(p.relative_to(self._main.parent) for p in base.glob(item.text) if not p.is_dir())
        except (OSError, ValueError, RuntimeError) as error:
            self._journal.error(item.at, f'"{item.text}" is not a pattern of files ({error})')
            return []
        names = [PurePosixPath(p) for p in found if not any(part.startswith(".") for part in p.parts)]
        fresh = [n for n in names if self._fresh(n, chain)]
        if not names:
            self._journal.error(item.at, f'no file matches "{item.text}"')
        return fresh

    def _one(self, item: Scalar, name: PurePosixPath, chain: list[str]) -> list[PurePosixPath]:
        real = os.path.realpath(self._main.parent / name)
        if real in chain:
            self._journal.error(item.at, f'"{item.text}" includes itself: {self._circle(real, chain)}')
            return []
        if real in self._read:
            self._journal.warn(item.at, f'"{item.text}" is included already; it is read once')
            return []
        return [name]

    def _fresh(self, name: PurePosixPath, chain: list[str]) -> bool:
        real = os.path.realpath(self._main.parent / name)
        return real not in self._read and real not in chain

    def _circle(self, real: str, chain: list[str]) -> str:
        circle = [*chain[chain.index(real) :], real]
        return " → ".join(os.path.relpath(path, self._root) for path in circle)

    def _merge(self, into: Map, other: Map) -> None:
        for key, (at, value) in other.entries.items():
            known = into.entries.get(key)
            if known is None:
                into.entries[key] = (at, value)
            elif key in _LISTS and isinstance(known[1], Seq) and isinstance(value, Seq):
                known[1].items.extend(value.items)
            elif key in _MAPPINGS and isinstance(known[1], Map) and isinstance(value, Map):
                self._join(key, known[1], value)
            elif not (key == "version" and _same(known[1], value)):
                place = self._journal.place(known[0], at)
                self._journal.error(at, f'"{key}" is given already, on {place}: keep one of them')

    def _join(self, key: str, into: Map, other: Map) -> None:
        for name, (at, value) in other.entries.items():
            if name in into.entries:
                place = self._journal.place(into.entries[name][0], at)
                self._journal.error(at, f'duplicate key "{name}" of "{key}": it stands on {place} already')
            else:
                into.entries[name] = (at, value)


def _same(one: Node, other: Node) -> bool:
    return isinstance(one, Scalar) and isinstance(other, Scalar) and one.text == other.text


def _below(path: str, folder: str) -> bool:
    return os.path.commonpath((path, folder)) == folder
