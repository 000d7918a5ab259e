"""The roadmap of 10,000 systems with 30,000 dependencies against its bound of 5 s."""

from __future__ import annotations

import random
import time

from ipv6check.roadmap import Node, build
from tests.bench.rows import BenchRow

_SYSTEMS = 10_000
_BOUND = 5.0


def nodes(systems: int = _SYSTEMS, seed: int = 1) -> list[Node]:
    """Return systems that each need three others, anywhere before them: the deepest closure there is.

    Every hundredth needs one behind it too, so that there are cycles.
    """
    chance = random.Random(seed)
    made = []
    for number in range(systems):
        needs = [chance.randrange(number) for _ in range(3)] if number else []
        if number % 100 == 0:
            needs.append(min(number + 7, systems - 1))
        made.append(
            Node(
                kind="system",
                id=f"s{number}",
                met=chance.random() < 0.3,
                effort=chance.choice((1, 2, 4)),
                needs=tuple(("system", f"s{need}") for need in needs),
            )
        )
    return made


def run() -> list[BenchRow]:
    """Measure one roadmap, with what blocks every system."""
    made = nodes()
    begun = time.perf_counter()
    found = build(made)
    seconds = time.perf_counter() - begun
    needs = sum(len(node.needs) for node in made)
    return [
        BenchRow(
            name=f"roadmap of {_SYSTEMS:,} systems, {needs:,} dependencies, {len(found.waves)} waves",
            ours=seconds,
            theirs=_BOUND,
            unit="s",
            ratio=_BOUND / seconds,
            goal=1.0,
            command="the bound of 5 s",
        )
    ]
