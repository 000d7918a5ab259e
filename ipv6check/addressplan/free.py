"""The next free prefix of a size inside another: in order, or spread out after RFC 3531.

Works on the gaps between what is taken, never on the list of all candidates: a /32 has more /64s than
could be tried one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netaddr import IPNetwork, cidr_merge

_NIBBLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """A free prefix. `aligned`: it begins on a nibble boundary, with the rest of that nibble free."""

    network: IPNetwork
    aligned: bool


def next_free(
    inside: IPNetwork, length: int, taken: Iterable[IPNetwork], *, sparse: bool = False
) -> Free | None:
    """Return a prefix of `length` bits in `inside` that overlaps nothing taken; None if there is none.

    Prefers one on a nibble boundary that leaves the rest of its nibble free, so that it can grow.
    In order means the lowest; `sparse` is the leftmost order of RFC 3531, section 3.1: each next
    one halves the widest gap, so that neighbours have room. `length` must not be shorter than
    that of `inside`.
    """
    if length < inside.prefixlen:
        raise ValueError(f"/{length} does not fit in {inside}")
    gaps = list(_gaps(inside, taken))
    nibble = max(length - length % _NIBBLE, inside.prefixlen)
    for step in dict.fromkeys((nibble, length)):
        slot = _slot(inside, step, gaps, sparse=sparse)
        if slot is not None:
            first = inside.first + slot * _size(inside, step)
            return Free(network=_network(inside, first, length), aligned=step == nibble)
    return None


def _gaps(inside: IPNetwork, taken: Iterable[IPNetwork]) -> Iterator[tuple[int, int]]:
    """Yield first and last address of each range of `inside` that nothing taken overlaps."""
    at = inside.first
    near = [each for each in taken if each.version == inside.version and _overlap(each, inside)]
    for block in cidr_merge(near):
        if block.first > at:
            yield at, block.first - 1
        at = max(at, block.last + 1)
    if at <= inside.last:
        yield at, inside.last


def _overlap(one: IPNetwork, other: IPNetwork) -> bool:
    return bool(one.first <= other.last and other.first <= one.last)


def _slot(inside: IPNetwork, step: int, gaps: Iterable[tuple[int, int]], *, sparse: bool) -> int | None:
    """Return the number of the chosen slot of `step` bits, counted from the beginning of `inside`."""
    size = _size(inside, step)
    chosen: int | None = None
    rank: tuple[int, int] | None = None
    for first, last in gaps:
        low = -((inside.first - first) // size)
        high = (last + 1 - inside.first) // size - 1
        if low > high:
            continue
        if not sparse:
            return low
        best = _roundest(low, high)
        mirrored = _mirrored(best, step - inside.prefixlen)
        if rank is None or mirrored < rank[0]:
            chosen, rank = best, (mirrored, best)
    return chosen


def _roundest(low: int, high: int) -> int:
    """Return the number from `low` to `high` with the most trailing zero bits; there is only one.

    Of a range it is the one whose mirror image is least: more zeros behind are fewer bits in it.
    """
    if low == 0:
        return 0
    zeros = high.bit_length()
    while True:
        candidate = -(-low >> zeros) << zeros
        if candidate <= high:
            return candidate
        zeros -= 1


def _mirrored(number: int, bits: int) -> int:
    """Return the number with its bits in the other order."""
    return int(f"{number:0{bits}b}"[::-1], 2) if bits else 0


def _size(inside: IPNetwork, length: int) -> int:
    bits = 32 if inside.version == 4 else 128
    return int(2 ** (bits - length))


def _network(inside: IPNetwork, first: int, length: int) -> IPNetwork:
    return IPNetwork((first, length), version=inside.version)
