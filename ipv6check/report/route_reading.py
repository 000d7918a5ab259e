"""The roadmap and the exceptions of a results.json, read with what inventory and findings add.

Input: a `Judged` and its systems as read. Output: route_entries.py. What is absent reads as absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ipv6check.locale import words
from ipv6check.model.inventory import Inventory
from ipv6check.model.run import Judged
from ipv6check.model.text import JSON, Language
from ipv6check.report import values
from ipv6check.report.entries import SystemEntry
from ipv6check.report.route_entries import (
    ExceptionEntry,
    NodeEntry,
    PathEntry,
    RouteEntry,
    StepEntry,
    WaveEntry,
)
from ipv6check.report.safe import safe_text

_STATES = ("in_force", "expiring", "expired")
_ACTIONS = ("replace", "upgrade", "assess")


def read_route(judged: Judged, systems: Sequence[SystemEntry], language: Language) -> RouteEntry:
    """Return the roadmap."""
    reader = _Reader(judged, systems, language)
    results = judged.results
    return RouteEntry(
        waves=tuple(reader.wave(entry) for entry in values.objects(results.get("roadmap"))),
        blockers=tuple(
            reader.step(entry, values.count(entry.get("wave")))
            for entry in values.objects(results.get("blockers"))
        ),
        paths=tuple(reader.paths(results.get("critical_paths"))),
    )


class _Reader:
    """One roadmap while it is being read."""

    def __init__(self, judged: Judged, systems: Sequence[SystemEntry], language: Language) -> None:
        self.language = language
        self.systems = {system.id: system for system in systems}
        self.inventory = judged.inventory
        self.units = {unit.id: safe_text(unit.name.get(language), 200) for unit in judged.inventory.units}
        self.devices = {device.id: device for device in judged.inventory.equipment}
        self.actions = dict(_device_actions(judged.results.get("equipment")))

    def wave(self, entry: Mapping[str, JSON]) -> WaveEntry:
        """Read one wave."""
        number = values.count(entry.get("wave"))
        return WaveEntry(
            number=number,
            steps=tuple(self.step(step, number) for step in values.objects(entry.get("steps"))),
            unlocks=values.count(entry.get("unlocks")),
            cycles=tuple(self.nodes(cycle) for cycle in values.items(entry.get("cycles"))),
        )

    def step(self, entry: Mapping[str, JSON], wave: int) -> StepEntry:
        """Read one step."""
        node = self.node(entry)
        unit, owner, action = self.duty(node)
        return StepEntry(
            node=node,
            wave=wave,
            unlocks=values.count(entry.get("unlocks")),
            waiting=values.count(entry.get("waiting")),
            effort=values.count(entry.get("effort")),
            unit=unit,
            owner=owner,
            action=action,
            needed_by=values.day(entry.get("needed_by")),
            after=self.nodes(entry.get("after")),
            unknown=self.nodes(entry.get("unknown")),
            cycle=self.nodes(entry.get("cycle")),
        )

    def duty(self, node: NodeEntry) -> tuple[str, str, str]:
        """Return whose a node is, who answers for it, and what is to be done with it first."""
        if node.kind == "system":
            system = self.systems.get(node.id)
            return ("", "", "") if system is None else (system.unit_name, system.owner, system.gist.action)
        device = self.devices.get(node.id)
        unit = device.unit if device else None
        action = self.actions.get(node.id, "upgrade")
        return self.units.get(unit or "", unit or ""), "", words(self.language)[f"roadmap.action.{action}"]

    def paths(self, value: JSON) -> Iterator[PathEntry]:
        """Yield the critical paths that have a date."""
        for entry in values.objects(value):
            deadline = values.day(entry.get("deadline"))
            if deadline is not None:
                yield PathEntry(
                    deadline=deadline,
                    systems=values.count(entry.get("systems")),
                    effort=values.count(entry.get("effort")),
                    steps=tuple(self.nodes(step) for step in values.items(entry.get("steps"))),
                )

    def nodes(self, value: JSON) -> tuple[NodeEntry, ...]:
        """Read a list of kinds and ids."""
        return tuple(self.node(entry) for entry in values.objects(value))

    def node(self, entry: Mapping[str, JSON]) -> NodeEntry:
        """Read a kind and an id, with the name that goes with it."""
        kind = values.choice(entry.get("kind"), ("system", "equipment")) or "system"
        name = values.word(entry.get("id"), 200) or "–"
        if kind == "system":
            known = self.systems.get(name)
            return NodeEntry(kind=kind, id=name, name=known.name if known else name, listed=known is not None)
        device = self.devices.get(name)
        shown = device.name.get(self.language) if device and device.name else name
        return NodeEntry(kind=kind, id=name, name=safe_text(shown, 200), listed=False)


def _device_actions(value: JSON) -> Iterator[tuple[str, str]]:
    for entry in values.objects(value):
        name, action = values.word(entry.get("id"), 200), values.choice(entry.get("action"), _ACTIONS)
        if name and action:
            yield name, action


def read_exceptions(judged: Judged, language: Language) -> tuple[ExceptionEntry, ...]:
    """Return the known exceptions, what expires first first."""
    return tuple(_exceptions(judged.results.get("exceptions"), judged.inventory, language))


def _exceptions(value: JSON, inventory: Inventory, language: Language) -> Iterator[ExceptionEntry]:
    names = {system.id: safe_text(system.name.get(language), 200) for system in inventory.systems}
    for entry in values.objects(value):
        expires = values.day(entry.get("expires"))
        if expires is None:
            continue
        about = [values.word(entry.get(key)) for key in ("system", "equipment", "prefix", "milestone")]
        subject = next((each for each in about if each), "")
        source = values.mapping(entry.get("source"))
        days = values.number(entry.get("days")) or 0.0
        yield ExceptionEntry(
            subject=names.get(subject, subject),
            check=values.word(entry.get("check")) or "",
            why=values.word(entry.get("why"), 2000) or "",
            owner=values.word(entry.get("owner")) or "",
            expires=expires,
            days=int(days),
            state=values.choice(entry.get("state"), _STATES) or "in_force",
            findings=values.count(entry.get("findings")),
            source=f"{values.word(source.get('file')) or ''}:{values.count(source.get('line'))}",
        )
