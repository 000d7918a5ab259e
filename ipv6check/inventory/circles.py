"""Dependencies that run in a circle: no mistake, but those in it can only be migrated together."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from ipv6check.model.inventory import Equipment, Inventory, System

_MOST = 20
"""Circles that are told: an inventory with more has another trouble."""

_Key = tuple[str, str]


def circles(inventory: Inventory) -> Iterator[tuple[System | Equipment, ...]]:
    """Yield circles of systems and equipment, each in the order of its dependencies, its least id first.

    Each circle is told once; of several that share a member perhaps only one.
    """
    members: dict[_Key, System | Equipment] = {("equipment", item.id): item for item in inventory.equipment}
    members |= {("system", system.id): system for system in inventory.systems}
    needs: dict[_Key, set[_Key]] = {
        key: {(need.kind, need.target) for need in each.depends_on if need.kind != "host"}
        for key, each in members.items()
    }
    for _ in range(_MOST):
        found = _circle(needs)
        if not found:
            return
        yield tuple(members[key] for key in found)
        for key in found:
            del needs[key]
        for others in needs.values():
            others.difference_update(found)


def _circle(needs: dict[_Key, set[_Key]]) -> tuple[_Key, ...]:
    """Return one circle, empty where there is none."""
    # The order of the graph decides which circle is found: it must not depend on hashes.
    graph = {key: sorted(others) for key, others in needs.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as failure:
        nodes: list[_Key] = failure.args[1][:-1]
        nodes.reverse()  # graphlib tells each node behind the one that needs it
        least = nodes.index(min(nodes, key=lambda key: (key[1], key[0])))
        return tuple([*nodes[least:], *nodes[:least]])
    return ()
