"""Who needs whom in the end, as sets of unmet nodes in one integer each: bit n stands for node n.

Ten thousand nodes are 1,250 bytes a set, so that the whole closure is a few megabytes and a union
a copy; walking from every node would take minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TypeVar

from ipv6check.roadmap.graph import Graph

T = TypeVar("T")

_FLAGS = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Masks:
    """By component: its `unmet` members, all unmet nodes it `needs` in the end, and what in the end needs it.

    Dependencies are followed through nodes that are met: what they still need, their dependants need.
    """

    unmet: tuple[int, ...]
    needs: tuple[int, ...]
    dependants: tuple[int, ...]

    def live(self, component: int) -> bool:
        """Whether a component has anything to wait for or to do."""
        return bool(self.unmet[component] or self.needs[component])


def make_masks(graph: Graph) -> Masks:
    """Return the closure over a graph."""
    unmet = [sum(1 << node for node in found if graph.nodes[node].met is False) for found in graph.members]
    needs = [0] * len(unmet)
    dependants = [0] * len(unmet)
    for component, below in enumerate(graph.needs):
        for need in below:
            needs[component] |= needs[need] | unmet[need]
    for component in reversed(range(len(unmet))):
        for need in graph.needs[component]:
            dependants[need] |= dependants[component] | unmet[component]
    return Masks(unmet=tuple(unmet), needs=tuple(needs), dependants=tuple(dependants))


def chosen(mask: int, among: Sequence[T]) -> tuple[T, ...]:
    """Return the members of `among` whose bit is set, in their order."""
    return tuple(compress(among, f"{mask:b}"[::-1].encode().translate(_FLAGS)))
