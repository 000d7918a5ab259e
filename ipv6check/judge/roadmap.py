"""The judged systems and the declared equipment as a roadmap, and the roadmap as results.json has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from ipv6check.judge.evidence import Plain
from ipv6check.judge.outcome import Outcome
from ipv6check.model.inventory import Dependency, Equipment
from ipv6check.roadmap import CriticalPath, Key, Kind, Node, Roadmap, Step, Wave, build

# Relative sizes, never days: how many places have to be mended, up to which number, and what they count.
_SIZES = ((2, 1), (6, 2))
_LARGEST = 4
# What a device needs to be managed over IPv6 holds up nobody who depends on it.
_NOT_IN_THE_WAY = frozenset(("management",))


# What the questionnaire of its class says of a device: whether it is out of the way.
_ABLE = {"capable": True, "partial": False, "not-capable": False}


def roadmap(
    outcomes: Iterable[Outcome],
    equipment: Iterable[Equipment],
    levels: Mapping[str, str | None] | None = None,
) -> Roadmap:
    """Return the roadmap of a judgement: what is known to be below target, and what it needs.

    `levels` are those of devices that were audited; without one, what the inventory states counts.
    """
    devices = (_device(each, (levels or {}).get(each.id)) for each in equipment)
    return build((*(_system(each) for each in outcomes), *devices))


def roadmap_document(found: Roadmap) -> list[Plain]:
    """Return `roadmap` of results.json: the waves."""
    return [_wave(wave) for wave in found.waves]


def blockers_document(found: Roadmap) -> list[Plain]:
    """Return `blockers` of results.json: what somebody waits for, what unlocks most first."""
    return [{**_key(step.node.key), "wave": step.wave, **_step(step)} for step in found.blockers]


def paths_document(found: Roadmap) -> list[Plain]:
    """Return `critical_paths` of results.json, the earliest deadline first."""
    return [_path(path) for path in found.paths]


def blocked_by(found: Roadmap, system: str, kind: Kind) -> list[str]:
    """Return the ids, sorted, of the unmet nodes of a kind that a system needs, directly or not."""
    return [name for each, name in found.blocked_by[("system", system)] if each == kind]


def held_up(found: Roadmap, system: str) -> dict[str, Plain]:
    """Return the part of a system's entry that says what it waits for, directly or not."""
    return {
        "blockers": cast("list[Plain]", blocked_by(found, system, "system")),
        "blocked_by_equipment": cast("list[Plain]", blocked_by(found, system, "equipment")),
    }


def _system(outcome: Outcome) -> Node:
    system = outcome.system
    # What has no target (IPv4-only, retired) is not known to be in anybody's way: on_target is None.
    return Node(
        kind="system",
        id=system.id,
        met=outcome.on_target,
        criticality=system.criticality,
        effort=effort(outcome.tally.places),
        deadline=system.deadline,
        needs=tuple(_needs(system.depends_on)),
    )


def _device(device: Equipment, level: str | None) -> Node:
    answers = [answer for name, answer in device.ipv6.items() if name not in _NOT_IN_THE_WAY]
    short = [answer for answer in answers if answer in ("no", "partial")]
    known = bool(answers) and all(answer == "yes" for answer in answers)
    return Node(
        kind="equipment",
        id=device.id,
        met=_ABLE.get(level) if level else False if short else True if known else None,
        criticality=device.criticality,
        effort=_LARGEST if "no" in short else _SIZES[1][1],
        needs=tuple(_needs(device.depends_on)),
    )


def _needs(dependencies: Sequence[Dependency]) -> Iterator[Key]:
    for each in dependencies:
        if each.kind != "host":
            yield each.kind, each.target


def effort(places: int) -> int:
    """Return the relative size of so many places to mend: 1, 2 or 4."""
    return next((size for most, size in _SIZES if places <= most), _LARGEST)


def _wave(wave: Wave) -> Plain:
    ids = {
        kind: sorted(step.node.id for step in wave.steps if step.node.kind == kind)
        for kind in ("system", "equipment")
    }
    return {
        "wave": wave.number,
        "systems": cast("list[Plain]", ids["system"]),
        "equipment": cast("list[Plain]", ids["equipment"]),
        "unlocks": wave.unlocks,
        "cycles": [[_key(key) for key in cycle] for cycle in wave.cycles],
        "steps": [{**_key(step.node.key), **_step(step)} for step in wave.steps],
    }


def _step(step: Step) -> dict[str, Plain]:
    node = step.node
    return {
        "unlocks": step.unlocks,
        "waiting": step.waiting,
        "effort": node.effort,
        "deadline": None if node.deadline is None else node.deadline.isoformat(),
        "needed_by": None if step.needed_by is None else step.needed_by.isoformat(),
        "after": [_key(key) for key in step.after],
        "unknown": [_key(key) for key in step.unknown],
        "cycle": [_key(key) for key in step.cycle],
    }


def _path(path: CriticalPath) -> Plain:
    return {
        "deadline": path.deadline.isoformat(),
        "systems": path.systems,
        "effort": path.effort,
        "steps": [[_key(key) for key in step] for step in path.steps],
    }


def _key(key: Key) -> dict[str, Plain]:
    kind, name = key
    return {"kind": kind, "id": name}
