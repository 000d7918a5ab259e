"""The dependency graph with every cycle folded into one component, components in the order of need.

Nodes are numbered in the order of their keys, components so that each comes after all it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ipv6check.roadmap.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """`members` are the nodes of each component (several: a cycle), `needs` the components it needs.

    `component` gives the component of a node, `direct` the nodes that a node names itself.
    """

    nodes: tuple[Node, ...]
    direct: tuple[tuple[int, ...], ...]
    component: tuple[int, ...]
    members: tuple[tuple[int, ...], ...]
    needs: tuple[tuple[int, ...], ...]


def make_graph(nodes: Iterable[Node]) -> Graph:
    """Return the graph of `nodes`; the order in which they come does not matter."""
    ordered = tuple(sorted(nodes, key=lambda node: node.key))
    number = {node.key: index for index, node in enumerate(ordered)}
    direct = tuple(
        tuple(sorted({number[key] for key in node.needs if key in number and key != node.key}))
        for node in ordered
    )
    members = tuple(tuple(sorted(found)) for found in _components(direct))
    component = [0] * len(ordered)
    for index, found in enumerate(members):
        for node in found:
            component[node] = index
    needs = tuple(
        tuple(sorted({component[need] for node in found for need in direct[node]} - {index}))
        for index, found in enumerate(members)
    )
    return Graph(nodes=ordered, direct=direct, component=tuple(component), members=members, needs=needs)


def _components(direct: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the strongly connected components, each after those it leads to (Tarjan 1972).

    Without recursion: a chain of ten thousand dependencies must not end at Python's limit.
    """
    order = [-1] * len(direct)  # when a node was reached; -1: not yet
    lowest = [0] * len(direct)  # the earliest node on the stack that it leads back to
    stack: list[int] = []
    waiting = [False] * len(direct)
    found: list[list[int]] = []
    reached = 0
    for start in range(len(direct)):
        if order[start] >= 0:
            continue
        path = [(start, 0)]
        while path:
            node, position = path.pop()
            if position == 0:
                order[node] = lowest[node] = reached
                reached += 1
                stack.append(node)
                waiting[node] = True
            for place in range(position, len(direct[node])):
                need = direct[node][place]
                if order[need] < 0:
                    path += [(node, place + 1), (need, 0)]
                    break
                if waiting[need]:
                    lowest[node] = min(lowest[node], lowest[need])
            else:
                if lowest[node] == order[node]:
                    found.append(_pop(stack, waiting, node))
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
    return found


def _pop(stack: list[int], waiting: list[bool], last: int) -> list[int]:
    """Take a component off the stack: everything down to `last`."""
    taken = []
    while True:
        node = stack.pop()
        waiting[node] = False
        taken.append(node)
        if node == last:
            return taken
