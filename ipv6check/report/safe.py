"""The one boundary for remote text: what strangers sent, made fit for a terminal, a page or a log.

Banners, titles, headers, certificate names and file names may hold escape sequences, text that
turns the reading direction round, or characters nobody sees. `safe_text` makes all of them visible.
"""

from __future__ import annotations

import re
from typing import Final

LIMIT: Final = 4096  # characters; an observation's data is bounded to 4 KiB (interface.md §4)

# What never reaches an output as it is. Python's `re` knows no Unicode categories, so the
# ranges are written out: a test compares them with `unicodedata`.
_UNSAFE: Final = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: cursor movement, titles, clipboard, line ends
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"  # soft hyphen, joiner, Arabic letter mark, fillers
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2"  # format characters of other scripts
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line ends, bidi
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"  # fillers, variation selectors, BOM, specials
    "\ud800-\udfff"  # lone surrogates: no encoder takes them
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # tags and variation selectors
    "]"
)
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _visible(match: re.Match[str]) -> str:
    character = match.group()
    if character in _SHORT:
        return _SHORT[character]
    point = ord(character)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def safe_text(text: str, limit: int = LIMIT) -> str:
    r"""Return `text` on one line, with every invisible or active character as `\x1b`, `\u202e`, `\n`.

    At most `limit` characters (at least one) come back, the last an ellipsis where something was
    cut. Applied twice, it changes nothing. A backslash stays: this is for eyes, not for reading back.
    """
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return text
    if len(text) > limit:
        # Escapes only lengthen, so one character beyond the limit is enough to know it was cut.
        text = text[: limit + 1]
    shown = _UNSAFE.sub(_visible, text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def safe_block(text: str, limit: int = LIMIT) -> str:
    """Return `text` as `safe_text` does, but keep its lines: for commands and examples of our own."""
    shown = "\n".join(safe_text(line, limit) for line in text.replace("\r\n", "\n").split("\n"))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
