"""How much each component unlocks: what can start once it is done, and once that is done, and so on.

Something starts when all it needs is met. By the time a component is done, so is all that it needs
itself; it unlocks those who need it and nothing that is independent of it.
"""

from __future__ import annotations

from functools import reduce

from ipv6check.roadmap.graph import Graph
from ipv6check.roadmap.masks import Masks

_ROOT = 0  # the tree's root stands for today; component n is the tree's node n + 1


def unlocked(graph: Graph, masks: Masks) -> tuple[int, ...]:
    """Return for each component how many unmet systems, not its own, it unlocks.

    With every shortcut taken out (a need that another need has already), a component unlocks exactly
    what it dominates: every way from today to the dependant passes through it. In a graph without
    cycles the immediate dominator is the nearest common ancestor of the needs, so that one pass in
    the order of need builds the tree and a second sums its branches.
    """
    tree = _Tree(len(graph.members) + 1)
    nearest: list[frozenset[int]] = []
    for component in range(len(graph.members)):
        nearest.append(_nearest(component, graph, masks, nearest))
        above = [need + 1 for need in sorted(nearest[component])]
        tree.add(component + 1, reduce(tree.common, above) if above else _ROOT)
    own = [
        sum(graph.nodes[node].kind == "system" and graph.nodes[node].met is False for node in found)
        for found in graph.members
    ]
    below = [0] * len(own)
    for component in reversed(range(len(own))):
        above_it = tree.parent(component + 1)
        if above_it != _ROOT:
            below[above_it - 1] += below[component] + own[component]
    return tuple(below)


def _nearest(component: int, graph: Graph, masks: Masks, known: list[frozenset[int]]) -> frozenset[int]:
    """Return the unmet components that it needs with none in between; what is met is looked through."""
    found: set[int] = set()
    for need in graph.needs[component]:
        found |= {need} if masks.unmet[need] else known[need]
    further = reduce(int.__or__, (masks.needs[need] for need in found), 0)
    return frozenset(need for need in found if not masks.unmet[need] & further)


class _Tree:
    """A tree that only grows, with the nearest common ancestor in logarithmic time (binary lifting)."""

    def __init__(self, size: int) -> None:
        self._depth = [0] * size
        self._levels = max(size.bit_length(), 1)
        self._up = [[_ROOT] * size for _ in range(self._levels)]  # [k][node]: 2**k steps above

    def add(self, node: int, parent: int) -> None:
        """Hang a node below a parent that is there already."""
        self._depth[node] = self._depth[parent] + 1
        above = parent
        for level in range(self._levels):
            self._up[level][node] = above
            above = self._up[level][above]

    def parent(self, node: int) -> int:
        """Return the node right above."""
        return self._up[0][node]

    def common(self, one: int, other: int) -> int:
        """Return the nearest node that is above both, or one of them."""
        if self._depth[one] < self._depth[other]:
            one, other = other, one
        rest = self._depth[one] - self._depth[other]
        for level in range(rest.bit_length()):
            if rest >> level & 1:
                one = self._up[level][one]
        if one == other:
            return one
        for up in reversed(self._up):
            if up[one] != up[other]:
                one, other = up[one], up[other]
        return self._up[0][one]
