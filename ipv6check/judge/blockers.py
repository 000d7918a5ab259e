"""What holds a system back: systems it depends on, directly or not, that are below their target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ipv6check.judge.outcome import Outcome
from ipv6check.model.inventory import System


def blockers(outcomes: Iterable[Outcome]) -> dict[str, tuple[str, ...]]:
    """Return for each system the ids, sorted, of dependencies known to be below target; never itself.

    Follows dependencies through systems that are on target too; a cycle ends where it began.
    """
    known = {each.system.id: each for each in outcomes}
    needed = {name: [need for need in needs(each.system) if need in known] for name, each in known.items()}
    below = {name for name, each in known.items() if each.on_target is False}
    return {name: tuple(sorted(_reached(name, needed) & below)) for name in known}


def needs(system: System) -> tuple[str, ...]:
    """Return the ids of the systems it names in `depends_on`."""
    return tuple(each.target for each in system.depends_on if each.kind == "system")


def _reached(name: str, needed: Mapping[str, Sequence[str]]) -> set[str]:
    seen = {name}
    waiting = list(needed[name])
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting.extend(needed[each])
    return seen - {name}
