"""An inventory's files in one style, with every comment kept: ruamel.yaml's round trip, then checked.

The loader never uses ruamel; what it reads of the new text must equal what it read of the old.

Style: two blanks a level, lists indented below their key, texts with an IPv6 address in quotes, everything
else as its author wrote it (order, quotes, flow or block, blank lines).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ipv6check.inventory.events import read_nodes
from ipv6check.inventory.includes import Files
from ipv6check.inventory.nodes import Journal, Map, Node, Scalar, Seq, SourceFile
from ipv6check.inventory.problems import Problem
from ipv6check.inventory.unquoted import is_address

_NO_LIMIT = 1 << 24  # columns: a line is never broken


class CannotFormat(ValueError):
    """Why a file is left as it is."""


class _AllText(VersionedResolver):
    """Reads every plain scalar as the text that it is, as the loader does."""

    @property
    def versioned_resolver(self) -> Any:
        """Say that no pattern makes a plain scalar anything else."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """One file: where it lies, what it says, and what it says in the one style."""

    path: Path
    old: bytes
    new: bytes

    @property
    def changed(self) -> bool:
        """Whether the style changes anything."""
        return self.old != self.new


def format_inventory(path: Path) -> tuple[list[Formatted], tuple[Problem, ...]]:
    """Format the file at `path` and all it includes; nothing is written.

    Return no files where one cannot be read or parsed, with every such error. Raise CannotFormat for a
    file whose meaning or comments a round trip would change.
    """
    journal = Journal()
    Files(journal, path).merged()
    if journal.errors:
        return [], tuple(sorted(set(journal.errors)))
    return [_format(path.parent / file.name, file) for file in journal.files], ()


def _format(path: Path, file: SourceFile) -> Formatted:
    try:
        text = format_text(file.text)
    except CannotFormat as error:
        raise CannotFormat(f"{file.shown}: {error}") from error
    return Formatted(path=path, old=file.content, new=text.encode())


def format_text(text: str) -> str:
    """Return one file's text in the one style; raise CannotFormat if that would change what it says."""
    meant = _meaning(text)  # refuses what ruamel would accept: anchors, tags, a second document
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    try:
        formatted = _round_trip(lines + "\n")
        again = _round_trip(formatted)
    except (YAMLError, RecursionError, ValueError, TypeError, AttributeError) as error:
        raise CannotFormat("left as it is: its YAML cannot be written again") from error
    if meant != _meaning(formatted):
        raise CannotFormat("left as it is: formatting would change what it says")
    if comments(text) != comments(formatted) or again != formatted:
        raise CannotFormat("left as it is: formatting would move or lose a comment")
    return formatted


def _round_trip(text: str) -> str:
    reader = YAML(typ="rt")
    reader.Resolver = _AllText
    reader.preserve_quotes = True
    reader.width = _NO_LIMIT
    reader.brace_single_entry_mapping_in_flow_sequence = True
    reader.indent(mapping=2, sequence=4, offset=2)
    tree = _quoted(reader.load(text))
    out = io.StringIO()
    reader.dump(tree, out)
    return out.getvalue().rstrip("\n") + "\n"


def _quoted(root: Any) -> Any:
    """Put texts that hold an IPv6 address into quotes, wherever they stand bare."""
    waiting = [root]
    while waiting:
        at = waiting.pop()
        places = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
        for key, value in list(places):
            if type(value) is str and _has_address(value):
                at[key] = DoubleQuotedScalarString(value)
            elif isinstance(value, dict | list):
                waiting.append(value)
    return root


def _has_address(text: str) -> bool:
    bare = text.partition("]")[0].removeprefix("[")
    return ":" in text and "\n" not in text and (is_address(text) or is_address(bare))


def _meaning(text: str) -> object:
    """Return what the loader reads of a text: nested tuples of texts, positions left out."""
    journal = Journal()
    journal.files.append(SourceFile("", "", Path(), b"", text))
    node = read_nodes(journal, 0)
    if journal.errors or node is None:
        raise CannotFormat("left as it is: it is no YAML that an inventory may have")
    return _bare(node)


def _bare(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Seq):
        return tuple(_bare(item) for item in node.items)
    assert isinstance(node, Map)  # noqa: S101  # the only kind left
    return {key: _bare(value) for key, (_, value) in node.entries.items()}, tuple(node.entries)


def comments(text: str) -> list[str]:
    """Return the comments of a text in order: what begins with # between two tokens."""
    found: list[str] = []
    end = 0
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        if token.start_mark.index > end:
            found += _comments_in(text[end : token.start_mark.index])
        end = max(end, token.end_mark.index)
    return found + _comments_in(text[end:])


def _comments_in(gap: str) -> list[str]:
    return [f"#{line.split('#', 1)[1]}".rstrip() for line in gap.splitlines() if "#" in line]
