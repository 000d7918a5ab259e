"""Lines for a terminal: cut and padded by the cells they take, coloured only when asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.cells import cell_len, set_cell_size

# SGR codes by role. Colour never carries meaning alone: a word or a sign always stands beside it.
_CODES: Mapping[str, str] = {
    "strong": "1",
    "soft": "2",
    "pass": "32",
    "warn": "33",
    "fail": "31",
    "unknown": "35",
    "l0": "31",
    "l1": "33",
    "l2": "33",
    "l3": "36",
    "l4": "32",
    "l5": "32",
}


def paint(text: str, role: str, color: bool) -> str:
    """Return the text in a role's colour, or as it is."""
    return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if color and role in _CODES and text else text


def cut(text: str, width: int) -> str:
    """Return at most `width` cells of the text, the last an ellipsis where something is missing."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - 1, 0)).rstrip() + "…" if width > 0 else ""


def pad(text: str, width: int) -> str:
    """Return the text in exactly `width` cells."""
    return set_cell_size(cut(text, width), width)


def wrap(text: str, width: int, indent: str = "", hanging: str | None = None) -> Iterator[str]:
    """Yield the text in lines of at most `width` cells; a word that is too long is split.

    `indent` begins the first line, `hanging` (default: the same) the others.
    """
    begin, line = indent, ""
    room = max(width - cell_len(indent), 8)
    for word in text.split():
        rest = word
        if line and cell_len(line) + 1 + cell_len(rest) > room:
            yield begin + line
            begin, line = (indent if hanging is None else hanging), ""
            room = max(width - cell_len(begin), 8)
        while cell_len(rest) > room:
            piece = _head(rest, room)
            yield begin + piece
            begin, rest = (indent if hanging is None else hanging), rest[len(piece) :]
            room = max(width - cell_len(begin), 8)
        line = f"{line} {rest}" if line else rest
    if line:
        yield begin + line


def _head(word: str, room: int) -> str:
    """Return as much of the word's beginning as fits, at least one character."""
    end = 1
    while end < len(word) and cell_len(word[: end + 1]) <= room:
        end += 1
    return word[:end]
