"""How alike two fetches of a page are: order-aware, on text and structure, beside IPv4's own variation.

In: the `content` of `http.get` observations (docs/observations.md). What IPv4's two fetches have in
common, in this order, is what the page always shows; IPv6 has to show it too.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ipv6check.facts.tries import mapping, number, text
from ipv6check.model.text import JSON

_SIZE = 3  # bytes of a hash
_MOST = 256  # hashes of a sequence that are read, whatever was stored
Sequences = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Content:
    """What one fetch showed. `every` says of how many hashes one was kept, for text and structure."""

    sequences: Sequences
    every: tuple[int, int]
    title: str
    sha256: str

    @classmethod
    def of(cls, data: Mapping[str, JSON]) -> Content | None:
        """Read the data of a fetch; None if it holds no content one could compare."""
        found = mapping(data, "content")
        words, tags = _sequence(text(found, "text")), _sequence(text(found, "structure"))
        if words is None or tags is None:
            return None
        every = max(1, number(found, "text_every") or 1), max(1, number(found, "structure_every") or 1)
        return cls((words, tags), every, _plain(text(data, "title")), text(data, "body_sha256") or "")


def _plain(title: str | None) -> str:
    """Return a title without what changes by itself: digits, and white space around them."""
    letters = "".join(" " if letter.isdigit() else letter for letter in title or "")
    return " ".join(letters.casefold().split())


@lru_cache(maxsize=4096)
def _sequence(encoded: str | None) -> tuple[int, ...] | None:
    if encoded is None:
        return None
    try:
        packed = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    whole = len(packed) // _SIZE
    return tuple(int.from_bytes(packed[i * _SIZE : (i + 1) * _SIZE], "big") for i in range(min(whole, _MOST)))


@dataclass(frozen=True, slots=True)
class Likeness:
    """Shares of 0 to 1, the lesser of text and structure.

    `kept`: what IPv4 always shows and IPv6 shows too. `shared`: what both show, of all that either
    shows; `own` is the same between IPv4's two fetches.
    """

    kept: float
    shared: float
    own: float
    same_title: bool

    def holds(self, least: float) -> bool:
        """Whether it is the same page, if at least that share has to be alike."""
        return self.same_title and self.kept >= least and self.shared >= self.own * least


def compare(six: Content, four: Sequence[Content]) -> Likeness:
    """Compare one fetch over IPv6 with one or two over IPv4.

    With one only there is no noise to know of: all that IPv4 shows counts as lasting.
    """
    if any(each.sha256 == six.sha256 != "" for each in four):
        return Likeness(1.0, 1.0, 1.0, True)
    first, second = four[0], four[-1]
    shares = [_part(part, six, first, second) for part in (0, 1)]
    titles = {each.title for each in four}
    return Likeness(
        kept=min(kept for kept, _, _ in shares),
        shared=min(shared for _, shared, _ in shares),
        own=min(own for _, _, own in shares),
        same_title=len(titles) > 1 or six.title in titles,
    )


def _part(part: int, six: Content, first: Content, second: Content) -> tuple[float, float, float]:
    coarsest = max(each.every[part] for each in (six, first, second))
    a, b, c = (
        [value for value in each.sequences[part] if value % coarsest == 0] for each in (first, second, six)
    )
    lasting = common(a, b)
    kept = len(common(lasting, c)) / len(lasting) if lasting else 1.0
    return kept, max(_share(a, c), _share(b, c)), _share(a, b)


def _share(one: Sequence[int], other: Sequence[int]) -> float:
    whole = len(one) + len(other)
    return 2 * len(common(one, other)) / whole if whole else 1.0


def common(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """Return the longest common subsequence of two sequences.

    Bit-parallel (Hyyrö 2004), a row of the table an integer: what a stranger's page repeats
    endlessly costs no more than anything else.
    """
    places: dict[int, int] = {}
    for place, value in enumerate(one):
        places[value] = places.get(value, 0) | 1 << place
    full = (1 << len(one)) - 1
    row, rows = full, [full]
    for value in other:
        shared = row & places.get(value, 0)
        row = ((row + shared) | (row - shared)) & full
        rows.append(row)
    return _walk_back(one, other, rows)


def _walk_back(one: Sequence[int], other: Sequence[int], rows: Sequence[int]) -> list[int]:
    """Return the subsequence that the rows of the table stand for: a zero bit is one step of it."""
    found: list[int] = []
    i, j = len(one), len(other)
    while i and j:
        if one[i - 1] == other[j - 1]:
            found.append(one[i - 1])
            i, j = i - 1, j - 1
        elif _length(rows[j - 1], i) == _length(rows[j], i):
            j -= 1
        else:
            i -= 1
    return found[::-1]


def _length(row: int, places: int) -> int:
    return places - (row & ((1 << places) - 1)).bit_count()
