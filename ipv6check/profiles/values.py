"""Texts of a profile file into values: exact numbers, known words, and a position for what is not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypeVar

from ipv6check.inventory.nodes import Journal, Map, Node, Scalar, Seq
from ipv6check.inventory.problems import did_you_mean
from ipv6check.model.text import JSON, Text

Word = TypeVar("Word", bound=str)

_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")


class Values:
    """Reads nodes; what it cannot read it notes in `journal`, and returns None or leaves out."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def entries(
        self, node: Node, what: str, known: Iterable[Word], kind: str = "key"
    ) -> Iterator[tuple[Word, tuple[int, Node]]]:
        """Yield the entries of a mapping whose keys are all of `known`; note each that is not."""
        if not isinstance(node, Map):
            self.journal.error(node.at, f'"{what}" is a mapping: write `key: value` lines under it')
            return
        words = {str(word): word for word in known}
        for key, (at, value) in node.entries.items():
            if key in words:
                yield words[key], (at, value)
            else:
                self.journal.error(at, f'unknown {kind} "{key}"{did_you_mean(key, words)}')

    def items(self, node: Node, what: str) -> list[Node]:
        """Return the items of a list."""
        if isinstance(node, Seq):
            return node.items
        self.journal.error(node.at, f'"{what}" is a list: write [a, b], or one `- item` a line')
        return []

    def text(self, node: Node, what: str) -> str | None:
        """Return a text."""
        if isinstance(node, Scalar) and node.text:
            return node.text
        self.journal.error(node.at, f'"{what}" is a text')
        return None

    def text_pair(self, node: Node, what: str) -> Text | None:
        """Return a text, given once or as `{vi: …, en: …}`."""
        if not isinstance(node, Map):
            found = self.text(node, what)
            return None if found is None else Text.same(found)
        said = {key: self.text(value, key) for key, (_, value) in self.entries(node, what, ("vi", "en"))}
        vi, en = said.get("vi"), said.get("en")
        if vi is None or en is None:
            if len(said) < 2:
                self.journal.error(node.at, f'"{what}" needs both vi and en')
            return None
        return Text(vi, en)

    def choice(self, node: Node, what: str, known: Iterable[Word]) -> Word | None:
        """Return one of the `known` words."""
        words = {str(word): word for word in known}
        said = self.text(node, what)
        if said is None:
            return None
        if said not in words:
            near = did_you_mean(said, words) or (f"; one of {', '.join(words)}" if len(words) < 8 else "")
            self.journal.error(node.at, f'unknown {what} "{said}"{near}')
            return None
        return words[said]

    def number(self, node: Node, what: str, *, most: Fraction) -> Fraction | None:
        """Return an exact decimal number from 0 to `most`."""
        said = node.text if isinstance(node, Scalar) else ""
        if _DECIMAL.fullmatch(said) and Fraction(said) <= most:
            return Fraction(said)
        self.journal.error(node.at, f'"{what}" is a decimal number from 0 to {most}')
        return None

    def whole(self, node: Node, what: str, *, least: int, most: int) -> int | None:
        """Return a whole number from `least` to `most`."""
        said = node.text if isinstance(node, Scalar) else ""
        if _WHOLE.fullmatch(said) and least <= int(said) <= most:
            return int(said)
        self.journal.error(node.at, f"a {what} is a whole number from {least} to {most}")
        return None

    def parameter(self, node: Node) -> JSON:
        """Return a check's parameter: a number or true and false where written so, else text or a list."""
        if isinstance(node, Seq):
            return [self.parameter(item) for item in node.items]
        if isinstance(node, Map):
            return {key: self.parameter(value) for key, (_, value) in node.entries.items()}
        if not node.plain:
            return node.text
        if node.text in ("true", "false"):
            return node.text == "true"
        if _WHOLE.fullmatch(node.text):
            return int(node.text)
        return float(node.text) if _DECIMAL.fullmatch(node.text) else node.text
