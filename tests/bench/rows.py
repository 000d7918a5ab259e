"""One measured row of `make bench`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRow:
    """What was measured, in one run with its peer.

    `ratio` is how many times better than the peer (or than the bound) we are: above 1 is faster.
    `goal` is the ratio to reach; `command` is what the peer was asked.
    """

    name: str
    ours: float
    theirs: float
    unit: str
    ratio: float
    goal: float
    command: str
