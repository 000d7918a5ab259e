"""What is wrong with an inventory, where, and what to write instead; and what loading ends in.

Problems are values; the command line prints them. Text from the inventory is made visible here:
no control, bidirectional or invisible character of a file reaches a terminal raw.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from ipv6check.model.inventory import Inventory

_EXCERPT_WIDTH = 120
_MESSAGE_LENGTH = 500
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})


class Refusal(ValueError):
    """A value that is not what its place takes. `path` leads from that place to the culprit inside it."""

    def __init__(self, message: str, *, instead: str = "", path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.instead = instead
        self.path = path


def visible(text: str) -> str:
    """Return text with every control, format, surrogate or unassigned character as an escape.

    So is every blank but the plain one: a no-break space is taken for it, and is no indentation of YAML.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(c) if c != " " and unicodedata.category(c) in _INVISIBLE else c for c in text)


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _width(text: str) -> int:
    """Return how many columns text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def excerpt(line: str, column: int) -> str:
    """Return the source line and, under it, a caret at `column` (from 1); long lines are cut around it."""
    index = max(column - 1, 0)
    start = max(0, index - _EXCERPT_WIDTH * 2 // 3) if len(line) > _EXCERPT_WIDTH else 0
    end = start + _EXCERPT_WIDTH
    head = ("…" if start else "") + visible(line[start:index].replace("\t", " "))
    tail = visible(line[index:end].replace("\t", " ")) + ("…" if end < len(line) else "")
    return f"{head}{tail}\n{' ' * _width(head)}^"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One error or warning. `line` and `column` count from 1; both are 1 where the whole file is meant.

    `message` says what is wrong and what to write instead; `excerpt` is the source line with a caret
    under it; `hint` is text to put in its place, or empty.
    """

    file: str
    line: int
    column: int
    message: str
    excerpt: str = ""
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"

    def show(self, label: str = "") -> str:
        """Return the problem for a person: its line, the excerpt with the caret, the correction.

        `label` (`warning`, say) is put before the message.
        """
        said = f"{label}: {self.message}" if label else self.message
        parts = [f"{self.file}:{self.line}:{self.column}: {said}"]
        parts += [f"    {line}" for line in self.excerpt.splitlines()]
        if self.hint:
            parts.append(f"    write: {self.hint}")
        return "\n".join(parts)


def make_problem(file: str, line: int, column: int, message: str, source: str, hint: str = "") -> Problem:
    """Make a problem out of raw text: everything in it is made visible and bounded."""
    said = visible(message)
    if len(said) > _MESSAGE_LENGTH:
        said = said[:_MESSAGE_LENGTH] + "…"
    return Problem(
        visible(file), line, column, said, excerpt(source, column) if source else "", visible(hint)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What loading ends in: an inventory if, and only if, there is no error."""

    inventory: Inventory | None
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def nearest(word: str, options: Iterable[str]) -> str:
    """Return the option a person most likely meant, or an empty string.

    Long lists are searched only among words of about the same length and with one end in common.
    """
    known = options if isinstance(options, list | tuple | dict | set | frozenset) else list(options)
    if len(known) > 300:
        alike = (o for o in known if o and abs(len(o) - len(word)) < 3 and _same_end(o, word))
        known = list(islice(alike, 300))
    by_case = {option.lower(): option for option in known}
    if word.lower() in by_case:
        return by_case[word.lower()]
    found = difflib.get_close_matches(word.lower(), by_case, 1, 0.6)
    return by_case[found[0]] if found else ""


def _same_end(one: str, other: str) -> bool:
    return one[:1] == other[:1] or one[-1:] == other[-1:]


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """Return `; did you mean "…"?` for the nearest option, or an empty string."""
    found = nearest(word, options)
    return f'; did you mean "{found}"?' if found else ""
