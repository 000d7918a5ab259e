"""Geometry of the dependency graph: a column a wave, arrows from what comes first to what waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ipv6check.report.route_entries import NodeEntry, RouteEntry, StepEntry

Key = tuple[str, str]

BOX, BOX_HEIGHT = 196, 28
_GAP, _ROW = 60, 38
_TOP, _LEFT = 30, 8
_ROWS = 18  # in a column
_COLUMNS = 8
_LETTERS = 24  # of a name in its box


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One node as drawn."""

    node: NodeEntry
    label: str
    x: float
    y: float
    unlocks: int
    cycle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One arrow, as a path; within a cycle it bows out to the right."""

    path: str
    cycle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One wave's heading."""

    number: int
    x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The drawing; `hidden` nodes have no room or no dependency."""

    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    columns: tuple[Column, ...]
    width: int
    height: int
    hidden: int


def graph(route: RouteEntry) -> Graph | None:
    """Return the drawing of what depends on what; None where nothing unmet depends on anything unmet."""
    steps = {step.node.key: step for wave in route.waves for step in wave.steps}
    named = {need.key for step in steps.values() for need in step.after}
    joined = {key for key, step in steps.items() if key in named or step.after}
    boxes: dict[tuple[str, str], Box] = {}
    columns = []
    for place, wave in enumerate(route.waves[:_COLUMNS]):
        x = _LEFT + place * (BOX + _GAP)
        chosen = [step for step in wave.steps if step.node.key in joined][:_ROWS]
        for row, step in enumerate(chosen):
            boxes[step.node.key] = _box(step, x, _TOP + row * _ROW)
        if chosen:
            columns.append(Column(number=wave.number, x=x))
    drawn = {key: [need.key for need in steps[key].after if need.key in boxes] for key in boxes}
    edges = tuple(_edge(boxes[need], boxes[key]) for key, need in _arrows(drawn, boxes))
    if not edges:
        return None
    return Graph(
        boxes=tuple(boxes.values()),
        edges=edges,
        columns=tuple(columns),
        width=int(max(box.x for box in boxes.values())) + BOX + _GAP // 2,
        height=int(max(box.y for box in boxes.values())) + BOX_HEIGHT + 10,
        hidden=len(steps) - len(boxes),
    )


def _arrows(drawn: Mapping[Key, Sequence[Key]], boxes: Mapping[Key, Box]) -> Iterator[tuple[Key, Key]]:
    """Yield the arrows to draw, as who waits and for whom: none that longer ways through others imply.

    `drawn` is in the order of waves, and so is whatever a node waits for, but for cycles.
    """
    before: dict[Key, set[Key]] = {}
    for key, needs in drawn.items():
        earlier = [need for need in needs if boxes[need].x < boxes[key].x]
        implied: set[Key] = set().union(*(before[need] for need in earlier))
        before[key] = implied | set(earlier)
        yield from ((key, need) for need in needs if need not in implied or need not in earlier)


def _box(step: StepEntry, x: float, y: float) -> Box:
    name = step.node.name
    label = name if len(name) <= _LETTERS else name[: _LETTERS - 1].rstrip() + "…"
    return Box(node=step.node, label=label, x=x, y=y, unlocks=step.unlocks, cycle=bool(step.cycle))


def _edge(first: Box, then: Box) -> Edge:
    start, begin = first.x + BOX, first.y + BOX_HEIGHT / 2
    end, finish = then.x, then.y + BOX_HEIGHT / 2
    if end > start:
        bend = min((end - start) / 2, _GAP)
        path = f"M{start} {begin} C{start + bend} {begin} {end - bend} {finish} {end} {finish}"
        return Edge(path=path, cycle=False)
    out = start + _GAP / 2 - 4
    return Edge(path=f"M{start} {begin} C{out} {begin} {out} {finish} {start} {finish}", cycle=True)
