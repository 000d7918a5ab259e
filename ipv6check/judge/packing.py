"""The judged systems, packed: each as the JSON of its entry in results.json, compressed.

What holds a system up is known only when all are judged: it is put in when an entry is read.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

from ipv6check import codec
from ipv6check.judge.evidence import Plain
from ipv6check.judge.roadmap import held_up
from ipv6check.model.text import JSON
from ipv6check.model.written import Written
from ipv6check.roadmap import Roadmap

_LEVEL = 1  # the texts of a system repeat each other so much that more effort gains a fifth


def pack(before: Mapping[str, Plain], after: Mapping[str, Plain]) -> bytes:
    """Pack an entry: what stands before that which holds it up, and what stands after it."""
    # No JSON of ours has a newline inside.
    return zlib.compress(codec.encode_plain(before) + b"\n" + codec.encode_plain(after), _LEVEL)


class PackedSystems(Written):
    """`systems` of results.json."""

    __slots__ = ("_ids", "_packed", "_route")

    def __init__(self, ids: Sequence[str], packed: Sequence[bytes], route: Roadmap) -> None:
        self._ids = ids
        self._packed = packed
        self._route = route

    def __len__(self) -> int:
        return len(self._packed)

    def written(self, number: int) -> bytes:
        """Return a system's entry as JSON."""
        before, _, after = zlib.decompress(self._packed[number]).partition(b"\n")
        waits = codec.encode_plain(held_up(self._route, self._ids[number]))
        return b"%b,%b,%b" % (before[:-1], waits[1:-1], after[1:])

    def read(self, content: bytes) -> Mapping[str, JSON]:
        """Return an entry as plain data."""
        return codec.decode_object(content)
