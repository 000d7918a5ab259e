"""What deadlines ask of a roadmap: by when each node is needed, and the heaviest chain to each date.

Effort is a relative size; a chain of 9 is longer than one of 4, and neither is a number of days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ipv6check.roadmap.graph import Graph
from ipv6check.roadmap.masks import Masks
from ipv6check.roadmap.node import CRITICALITIES, Key


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalPath:
    """The heaviest chain that ends in a system of that deadline.

    `steps` come in the order of work, each the unmet members of one component (several: a cycle);
    `systems` is how many unmet systems have that deadline.
    """

    deadline: date
    systems: int
    effort: int
    steps: tuple[tuple[Key, ...], ...]


def needed_by(graph: Graph, masks: Masks) -> tuple[date | None, ...]:
    """Return for each component the earliest deadline of its unmet members and of what waits for it."""
    due: list[date | None] = [None] * len(graph.members)
    for component in reversed(range(len(due))):
        if not masks.live(component):
            continue
        own = [graph.nodes[node].deadline for node in graph.members[component] if _open(graph, node)]
        due[component] = _earliest(due[component], *own)
        for need in graph.needs[component]:
            due[need] = _earliest(due[need], due[component])
    return tuple(due)


def critical_paths(graph: Graph, masks: Masks) -> tuple[CriticalPath, ...]:
    """Return the critical path to each deadline that an unmet system has, the earliest first."""
    weight, before = _chains(graph, masks)
    due: dict[date, list[int]] = {}
    for number, node in enumerate(graph.nodes):
        if node.kind == "system" and node.deadline is not None and _open(graph, number):
            due.setdefault(node.deadline, []).append(number)

    def rank(number: int) -> tuple[int, int, str]:
        node = graph.nodes[number]
        return -weight[graph.component[number]], CRITICALITIES.index(node.criticality), node.id

    found = []
    for deadline, numbers in sorted(due.items()):
        last = graph.component[min(numbers, key=rank)]
        steps = []
        at: int | None = last
        while at is not None:
            open_members = tuple(graph.nodes[n].key for n in graph.members[at] if _open(graph, n))
            if open_members:
                steps.append(open_members)
            at = before[at]
        found.append(
            CriticalPath(
                deadline=deadline, systems=len(numbers), effort=weight[last], steps=tuple(reversed(steps))
            )
        )
    return tuple(found)


def _chains(graph: Graph, masks: Masks) -> tuple[list[int], list[int | None]]:
    """Return for each component the weight of the heaviest chain that ends in it, and the one before it."""
    weight = [0] * len(graph.members)
    before: list[int | None] = [None] * len(graph.members)
    for component, found in enumerate(graph.members):
        live = [need for need in graph.needs[component] if masks.live(need)]
        if live:
            before[component] = max(live, key=lambda need: (weight[need], -graph.members[need][0]))
            weight[component] = max(weight[need] for need in live)
        weight[component] += sum(graph.nodes[node].effort for node in found if _open(graph, node))
    return weight, before


def _open(graph: Graph, node: int) -> bool:
    return graph.nodes[node].met is False


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
