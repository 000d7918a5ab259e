"""Which systems and checks a run was asked about."""

from __future__ import annotations

from collections.abc import Iterable

from ipv6check.model.inventory import Inventory
from ipv6check.model.run import Selection
from ipv6check.score.ladder import belongs


def selected_systems(inventory: Inventory, selection: Selection) -> frozenset[str]:
    """Return the ids of the systems a run was asked about: those named, and those of the units named.

    A unit stands for the units below it too. Without either, all of them.
    """
    if not selection.systems and not selection.units:
        return frozenset(system.id for system in inventory.systems)
    units = units_below(inventory, selection.units)
    return frozenset(
        system.id for system in inventory.systems if system.id in selection.systems or system.unit in units
    )


def units_below(inventory: Inventory, units: Iterable[str]) -> frozenset[str]:
    """Return the units and all units below them."""
    children: dict[str | None, list[str]] = {}
    for unit in inventory.units:
        children.setdefault(unit.parent, []).append(unit.id)
    found: set[str] = set()
    waiting = list(units)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(children.get(name, ()))
    return frozenset(found)


def selects(selection: Selection, check: str) -> bool:
    """Whether a run was asked about a check; `checks` are ids or areas, empty: all."""
    return not selection.checks or belongs(check, selection.checks)
