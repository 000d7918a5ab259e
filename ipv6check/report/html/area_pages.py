"""The pages of the address plan, the equipment and the programme; absent where there is no such data."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ipv6check.report.area_entries import EquipmentEntries, PlanEntries, PrefixEntry, ProgrammeEntries
from ipv6check.report.entries import FindingEntry, Report
from ipv6check.report.gist import urgency

Context = dict[str, Any]
LEVELS = ("capable", "partial", "not-assessed", "not-capable")
# The verdict whose sign and colour a level, a milestone's or an indicator's state has.
LEVEL_SIGNS = {"capable": "pass", "partial": "warn", "not-assessed": "unknown", "not-capable": "fail"}
STATE_SIGNS = {
    "done": "pass",
    "overdue": "fail",
    "due_soon": "warn",
    "ahead": "not_applicable",
    "undated": "not_applicable",
}
INDICATOR_SIGNS = {
    "met": "pass",
    "missed": "fail",
    "short": "warn",
    "undecided": "unknown",
    "no_target": "not_applicable",
    "nothing": "not_applicable",
}
_THINNEST = 0.4  # per cent of a map's width: what is narrower would not be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One prefix on the map of the one it lies in, in per cent of its width."""

    prefix: str
    use: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixMap:
    """A prefix that lies in no other, with what lies directly in it."""

    entry: PrefixEntry
    patches: tuple[Patch, ...]


def area_menu(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the key and the file of each area's page that there is."""
    if report.plan is not None:
        yield "plan", "address-plan.html"
    if report.equipment is not None:
        yield "equipment", "equipment.html"
    if report.programme is not None:
        yield "programme", "programme.html"


def area_contexts(report: Report) -> Iterator[tuple[str, str, str, Context]]:
    """Yield template, path, key and context of each area's page that there is."""
    if report.plan is not None:
        yield "address-plan.html", "address-plan.html", "plan", _plan(report.plan)
    if report.equipment is not None:
        yield "equipment.html", "equipment.html", "equipment", _equipment(report.equipment, report)
    if report.programme is not None:
        yield "programme.html", "programme.html", "programme", _programme(report.programme)


def sorted_out(findings: Iterable[FindingEntry]) -> Context:
    """Return findings by what a reader has to do about them."""
    found = tuple(findings)
    return {
        "issues": sorted((f for f in found if f.verdict in ("fail", "warn") and not f.accepted), key=urgency),
        "unknowns": [f for f in found if f.verdict == "unknown" and not f.accepted],
        "accepted": [f for f in found if f.accepted],
        "counts": Counter("accepted" if f.accepted else f.verdict for f in found),
    }


def _plan(plan: PlanEntries) -> Context:
    return {
        "plan": plan,
        "area": plan.area,
        "maps": tuple(prefix_maps(plan.prefixes)),
        **sorted_out(plan.findings),
    }


def _equipment(equipment: EquipmentEntries, report: Report) -> Context:
    levels = Counter(item.level for item in equipment.items)
    wanting = [item for item in equipment.items if item.level not in (None, "capable") and item.needed_by]
    return {
        "equipment": equipment,
        "area": equipment.area,
        "levels": [(level, levels[level]) for level in LEVELS],
        "level_signs": LEVEL_SIGNS,
        "wanting": sorted(wanting, key=lambda item: (-len(item.needed_by), item.id)),
        "system_names": {system.id: system.name for system in report.systems},
        "names": {item.id: item.name for item in equipment.items},
        **sorted_out(f for item in equipment.items for f in item.findings),
    }


def _programme(programme: ProgrammeEntries) -> Context:
    return {
        "programme": programme,
        "area": programme.area,
        "state_signs": STATE_SIGNS,
        "indicator_signs": INDICATOR_SIGNS,
        "units": sorted(
            {unit for each in programme.indicators for unit in each.by_unit},
            key=lambda name: (not name, name),
        ),
        "milestones": sorted(
            programme.milestones, key=lambda m: (m.phase is None, m.phase or 0, m.due is None, m.due, m.id)
        ),
        **sorted_out(programme.findings),
    }


def prefix_maps(prefixes: Iterable[PrefixEntry]) -> Iterator[PrefixMap]:
    """Yield a map for each outermost prefix that has parts; the list is the tree, outer before inner."""
    root: PrefixEntry | None = None
    patches: list[Patch] = []
    for entry in prefixes:
        if entry.depth == 0:
            if root is not None and patches:
                yield PrefixMap(entry=root, patches=tuple(patches))
            root, patches = entry, []
        elif root is not None and entry.depth == 1 and (patch := _patch(root.prefix, entry)) is not None:
            patches.append(patch)
    if root is not None and patches:
        yield PrefixMap(entry=root, patches=tuple(patches))


def _patch(outer: str, inner: PrefixEntry) -> Patch | None:
    """Return where a prefix lies in another; None if either cannot be read."""
    try:
        whole, part = ipaddress.ip_network(outer), ipaddress.ip_network(inner.prefix)
    except ValueError:
        return None
    size = whole.num_addresses
    x = 100 * (int(part.network_address) - int(whole.network_address)) / size
    width = max(100 * part.num_addresses / size, _THINNEST)
    if not 0 <= x < 100:
        return None
    return Patch(prefix=inner.prefix, use=inner.use, x=round(min(x, 100 - width), 3), width=round(width, 3))
