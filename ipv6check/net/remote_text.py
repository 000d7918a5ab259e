r"""Bytes from the network as text: the one place where remote text is decoded and bounded.

Decoding never fails: what is not UTF-8 stays visible as `\xNN`. Control characters are kept as
they came; escaping them for a terminal or a page is the output's job.
"""

from __future__ import annotations

import html

EXCERPT = 128
"""Bytes of an answer that are kept as evidence of what the peer speaks (docs/observations.md)."""

TITLE = 256
"""Characters kept of a page's title."""


def decode(raw: bytes | bytearray, limit: int) -> str:
    """Return the first `limit` bytes as text: UTF-8 with `backslashreplace`.

    A character that the bound cuts in two is left out rather than shown as stray bytes.
    """
    kept = bytes(raw[:limit])
    if len(raw) > limit:
        kept = _whole_characters(kept)
    return kept.decode("utf-8", "backslashreplace")


def excerpt(raw: bytes | bytearray) -> str:
    """Return the first 128 bytes of an answer as text."""
    return decode(raw, EXCERPT)


def title(page: bytes | bytearray) -> str | None:
    """Return the text of the first `<title>` of a page, or None if it has no closed one.

    Character references are resolved, white space is folded, and at most 256 characters are kept.
    Searching is linear in the page's length, whatever the page holds.
    """
    lowered = bytes(page).lower()
    start = _title_content(lowered)
    if start is None:
        return None
    end = lowered.find(b"</title", start)
    if end < 0:
        return None
    text = html.unescape(bytes(page[start:end]).decode("utf-8", "backslashreplace"))
    return " ".join(text.split())[:TITLE]


def _title_content(lowered: bytes) -> int | None:
    """Find where the first title's content begins: behind the `>` of its opening tag."""
    position = 0
    while (tag := lowered.find(b"<title", position)) >= 0:
        position = tag + len(b"<title")
        follows = lowered[position : position + 1]
        if follows == b">" or follows.isspace():
            closing = lowered.find(b">", position)
            return closing + 1 if closing >= 0 else None
    return None


def _whole_characters(kept: bytes) -> bytes:
    """Drop an UTF-8 sequence that is valid so far but unfinished at the end."""
    for back in range(1, min(3, len(kept)) + 1):
        lead = kept[-back]
        if lead & 0xC0 == 0x80:  # a continuation byte: its lead is further back
            continue
        length = 2 if lead & 0xE0 == 0xC0 else 3 if lead & 0xF0 == 0xE0 else 4 if lead & 0xF8 == 0xF0 else 1
        return kept[:-back] if length > back else kept
    return kept
