"""What a page says, as two short sequences of hashes that can be compared with another fetch of it.

In: a body. Out: one sequence for its text and one for its structure, in the page's own order. What
changes from one fetch to the next by design is left out: whatever holds a digit (times, counters,
identifiers), long words without a space (tokens), scripts, and all attributes but those that say where
something is loaded from or how it looks. One pass, linear in the body's length whatever it holds.
"""

from __future__ import annotations

import base64
import html
import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from ipv6check.model.text import JSON

TEXT: Final = 256
STRUCTURE: Final = 128
"""Most hashes kept of a sequence; where there are more, every other one is left out, and again."""

_FEWEST: Final = 64  # hashes that a sample should have: where it would not, the first ones stand for all
_COARSEST: Final = 1 << 10
_BITS: Final = 24
_LONGEST_WORD: Final = 24  # characters; a longer word is a token
_RECENT: Final = 8  # repeated rows of a list or a table count once

_WORD: Final = re.compile(r"\w+")
_DIGIT: Final = re.compile(r"\d")
_TAG: Final = re.compile(rb"/?([a-zA-Z][a-zA-Z0-9:-]{0,31})")
_ATTRIBUTE: Final = re.compile(
    rb"""\s(class|src|href|action|name|type|rel|property)\s*=\s*["']?([^"'\s>]{1,200})""", re.IGNORECASE
)
_RAW: Final = (b"script", b"style")  # their content is no text (HTML §13.1.2)


def sketch(body: bytes) -> dict[str, JSON]:
    """Return the data `content` of `http.get` (docs/observations.md): both sequences, and how sampled."""
    words: list[str] = []
    tags: list[str] = []
    for is_tag, piece in _pieces(body):
        if is_tag:
            tags.append(_shape(piece))
        else:
            words += _words(piece)
    text, text_every = _sampled(_hashes(words), TEXT)
    structure, structure_every = _sampled(_without_repeats(_hashes(tags)), STRUCTURE)
    return {
        "text": text,
        "text_every": text_every,
        "structure": structure,
        "structure_every": structure_every,
    }


def _pieces(body: bytes) -> Iterator[tuple[bool, bytes]]:
    """Yield what stands between tags, and the tags without their brackets; comments are nothing."""
    place = 0
    while (start := body.find(b"<", place)) >= 0:
        if start > place:
            yield False, body[place:start]
        comment = body.startswith(b"<!--", start)
        mark = b"-->" if comment else b">"
        end = body.find(mark, start)
        if end < 0:
            return
        piece, place = body[start + 1 : end], end + len(mark)
        tag = None if comment else _TAG.match(piece)
        if tag is None:
            continue
        yield True, piece
        if tag[1].lower() in _RAW and not piece.startswith(b"/"):
            closing = body.find(b"</", place)
            while closing >= 0 and body[closing + 2 : closing + 8].lower()[: len(tag[1])] != tag[1].lower():
                closing = body.find(b"</", closing + 2)
            if closing < 0:
                return
            place = closing
    if place < len(body):
        yield False, body[place:]


def _words(piece: bytes) -> list[str]:
    text = html.unescape(piece.decode("utf-8", "replace")).casefold()
    return [word for word in _WORD.findall(text) if len(word) <= _LONGEST_WORD and not _DIGIT.search(word)]


def _shape(piece: bytes) -> str:
    """Return a tag by its name and its lasting attributes, without hosts, queries and digits."""
    tag = _TAG.match(piece)
    words = [piece[: tag.end()].decode("ascii").lower()] if tag else []
    for name, value in _ATTRIBUTE.findall(piece):
        lasting = value.decode("utf-8", "replace").partition("?")[0].partition("#")[0]
        if "://" in lasting:
            lasting = "/" + lasting.partition("://")[2].partition("/")[2]
        words.append(f"{name.decode('ascii').lower()}={_DIGIT.sub('', lasting)[:64]}")
    return " ".join(words)


def _hashes(pieces: Iterable[str]) -> list[int]:
    """Return a hash of each piece together with the one before it: order is part of every hash."""
    found, before = [], ""
    for piece in pieces:
        mixed = zlib.crc32(f"{before}\n{piece}".encode("utf-8", "surrogatepass"))
        found.append((mixed ^ mixed >> 8) & ((1 << _BITS) - 1))
        before = piece
    return found


def _without_repeats(hashes: list[int]) -> list[int]:
    recent: deque[int] = deque(maxlen=_RECENT)
    kept = []
    for each in hashes:
        if each not in recent:
            kept.append(each)
        recent.append(each)
    return kept


def _sampled(hashes: list[int], most: int) -> tuple[str, int]:
    """Return at most `most` of the hashes as base64, and of how many one is kept.

    Chosen by their value, so that two pages keep the same ones wherever they stand.
    """
    every = 1
    while len(hashes) > most and every < _COARSEST:
        fewer = [each for each in hashes if each % (every * 2) == 0]
        if len(fewer) < _FEWEST:
            break
        hashes, every = fewer, every * 2
    packed = b"".join(each.to_bytes(_BITS // 8, "big") for each in hashes[:most])
    return base64.b64encode(packed).decode("ascii"), every
