"""`build`: nodes → the roadmap: waves, what blocks whom, critical paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ipv6check.roadmap.deadlines import CriticalPath, critical_paths, needed_by
from ipv6check.roadmap.dominance import unlocked
from ipv6check.roadmap.graph import Graph, make_graph
from ipv6check.roadmap.masks import Masks, chosen, make_masks
from ipv6check.roadmap.node import CRITICALITIES, Key, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One unmet node in its place.

    `unlocks`: systems whose last unmet dependency it is, and so on from there. `waiting`: unmet systems
    that need it at all. `after`: the unmet nodes it names itself. `unknown`: those it names of which
    nobody knows whether they are met. `cycle`: all unmet members of its cycle, itself too, or nothing.
    """

    node: Node
    wave: int
    unlocks: int
    waiting: int
    after: tuple[Key, ...]
    unknown: tuple[Key, ...]
    cycle: tuple[Key, ...]
    needed_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """What can be done at the same time, what unlocks most first.

    `unlocks` are the systems of later waves: each of them waits for something of this one.
    """

    number: int
    steps: tuple[Step, ...]
    unlocks: int
    cycles: tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roadmap:
    """`blockers` are the steps somebody waits for, what unlocks most first.

    `blocked_by` has for every node, met or not, the unmet nodes it needs, directly or not.
    """

    waves: tuple[Wave, ...]
    blockers: tuple[Step, ...]
    paths: tuple[CriticalPath, ...]
    blocked_by: Mapping[Key, tuple[Key, ...]]


def build(nodes: Iterable[Node]) -> Roadmap:
    """Return the roadmap of all nodes that are definitely not met.

    Each is in the earliest wave after everything it needs; a cycle is in one wave. Nothing depends on
    the order of `nodes`.
    """
    graph = make_graph(nodes)
    masks = make_masks(graph)
    steps = _steps(graph, masks)
    blocking = [step for step in steps if step.waiting]
    return Roadmap(
        waves=_waves(steps),
        blockers=tuple(sorted(blocking, key=_rank)),
        paths=critical_paths(graph, masks),
        blocked_by=_blocked_by(graph, masks),
    )


def _rank(step: Step) -> tuple[int, int, str, str]:
    node = step.node
    return -step.unlocks, CRITICALITIES.index(node.criticality), node.id, node.kind


def _steps(graph: Graph, masks: Masks) -> list[Step]:
    waves = _numbers(graph, masks)
    unlocks = unlocked(graph, masks)
    due = needed_by(graph, masks)
    systems = sum(1 << number for number, node in enumerate(graph.nodes) if node.kind == "system")
    steps = []
    for number, node in enumerate(graph.nodes):
        if node.met is not False:
            continue
        component = graph.component[number]
        fellows = tuple(graph.nodes[n].key for n in graph.members[component] if graph.nodes[n].met is False)
        named = [graph.nodes[need] for need in graph.direct[number]]
        others = masks.unmet[component] & ~(1 << number)
        steps.append(
            Step(
                node=node,
                wave=waves[component],
                unlocks=unlocks[component],
                waiting=((masks.dependants[component] | others) & systems).bit_count(),
                after=tuple(each.key for each in named if each.met is False),
                unknown=tuple(each.key for each in named if each.met is None),
                cycle=fellows if len(fellows) > 1 else (),
                needed_by=due[component],
            )
        )
    return steps


def _numbers(graph: Graph, masks: Masks) -> list[int]:
    """Return each component's wave: one after the last of what it needs, or the same where it is met."""
    waves = [0] * len(graph.members)
    for component, needs in enumerate(graph.needs):
        last = max((waves[need] for need in needs), default=0)
        waves[component] = last + (masks.unmet[component] > 0)
    return waves


def _waves(steps: Iterable[Step]) -> tuple[Wave, ...]:
    by_number: dict[int, list[Step]] = {}
    for step in steps:
        by_number.setdefault(step.wave, []).append(step)
    waves: list[Wave] = []
    later = 0
    for number in sorted(by_number, reverse=True):
        found = sorted(by_number[number], key=_rank)
        cycles = sorted({step.cycle for step in found if step.cycle})
        waves.append(Wave(number=number, steps=tuple(found), unlocks=later, cycles=tuple(cycles)))
        later += sum(step.node.kind == "system" for step in found)
    return tuple(reversed(waves))


def _blocked_by(graph: Graph, masks: Masks) -> dict[Key, tuple[Key, ...]]:
    keys = [node.key for node in graph.nodes]
    known: dict[int, tuple[Key, ...]] = {}
    found = {}
    for number, component in enumerate(graph.component):
        mask = (masks.needs[component] | masks.unmet[component]) & ~(1 << number)
        if mask not in known:
            known[mask] = chosen(mask, keys)
        found[keys[number]] = known[mask]
    return found
