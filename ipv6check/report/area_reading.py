"""The address plan, equipment and programme of a results.json as a report shows them.

None where the inventory has no such data: then there is no page and no line for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ipv6check.model.inventory import Inventory
from ipv6check.model.text import JSON, Language
from ipv6check.report import area_entries as entries
from ipv6check.report import values
from ipv6check.report.entries import FindingEntry
from ipv6check.report.safe import safe_text
from ipv6check.report.system_reading import interval, read_finding, read_source

STATES = ("done", "overdue", "due_soon", "ahead", "undated")
_DEADLINES = ("systems", "met", "passed", "ahead", "undecided")
_INDICATORS = ("nothing", "no_target", "met", "short", "missed", "undecided")
_USES = ("allocation", "site", "subnet", "point-to-point", "loopback", "reserved")
_LEVELS = ("capable", "partial", "not-assessed", "not-capable")
_ACTIONS = ("replace", "upgrade", "assess")
_WORST = ("fail", "unknown", "warn", "pass")
_DEEPEST = 12  # levels of the tree that are still indented further


@dataclass(frozen=True, slots=True)
class AreaReader:
    """Reads the areas of one document in one language; `units` and `sites` are their names by id."""

    results: Mapping[str, JSON]
    language: Language
    units: Mapping[str, str]
    sites: Mapping[str, str]

    @classmethod
    def of(cls, results: Mapping[str, JSON], inventory: Inventory, language: Language) -> AreaReader:
        """Return a reader with the names that an inventory gives."""
        return cls(
            results,
            language,
            units={each.id: safe_text(each.name.get(language), 200) for each in inventory.units},
            sites={each.id: safe_text(each.name.get(language), 200) for each in inventory.sites},
        )

    def plan(self) -> entries.PlanEntries | None:
        """Return the address plan."""
        plan = values.mapping(self.results.get("address_plan"))
        findings = tuple(self._findings(plan))
        rows = tuple(values.objects(plan.get("utilisation")))
        if not rows and not findings:
            return None
        addresses = values.mapping(plan.get("addresses"))
        worst = _worst_by_prefix(findings)
        return entries.PlanEntries(
            area=self._area("plan"),
            prefixes=tuple(self._prefix(row, worst) for row in rows),
            known=values.count(addresses.get("known")),
            in_plan=values.count(addresses.get("in_plan")),
            outside=values.count(addresses.get("outside")),
            findings=findings,
        )

    def equipment(self) -> entries.EquipmentEntries | None:
        """Return the equipment."""
        items = tuple(self._device(entry) for entry in values.objects(self.results.get("equipment")))
        return entries.EquipmentEntries(area=self._area("equipment"), items=items) if items else None

    def programme(self) -> entries.ProgrammeEntries | None:
        """Return the programme; there is one where there are milestones, phases or deadlines."""
        programme = values.mapping(self.results.get("programme"))
        phases = tuple(self._phase(entry) for entry in values.objects(programme.get("phases")))
        milestones = tuple(self._milestone(entry) for entry in values.objects(programme.get("milestones")))
        counts = values.mapping(programme.get("deadlines"))
        deadlines = {name: values.count(counts.get(name)) for name in _DEADLINES}
        if not (phases or milestones or deadlines["systems"]):
            return None
        indicators = (self._indicator(entry) for entry in values.objects(programme.get("indicators")))
        return entries.ProgrammeEntries(
            area=self._area("programme"),
            phases=phases,
            milestones=milestones,
            indicators=tuple(each for each in indicators if each.of),
            deadlines=deadlines,
            findings=tuple(self._findings(programme)),
        )

    def _area(self, name: str) -> entries.AreaEntry:
        totals = values.mapping(values.mapping(self.results.get("totals")).get("areas"))
        area = values.mapping(totals.get(name))
        return entries.AreaEntry(
            judged=values.count(area.get("judged")),
            score=interval(area.get("score")),
            verdicts=_counts(area.get("findings")),
            fails=_counts(area.get("fails")),
            accepted=values.count(area.get("accepted")),
        )

    def _findings(self, entry: Mapping[str, JSON]) -> Iterator[FindingEntry]:
        for finding in values.objects(entry.get("findings")):
            yield read_finding(finding, self.language)

    def _text(self, value: JSON) -> str:
        return values.text(value, self.language, 200)

    def _unit(self, value: JSON) -> str:
        name = values.word(value) or ""
        return self.units.get(name, name)

    def _site(self, value: JSON) -> str:
        name = values.word(value) or ""
        return self.sites.get(name, name)

    def _prefix(self, row: Mapping[str, JSON], worst: Mapping[str, str]) -> entries.PrefixEntry:
        addresses = values.mapping(row.get("addresses"))
        vlan = values.count(row.get("vlan"))
        places = [
            self._site(row.get("site")),
            self._unit(row.get("unit")),
            values.word(row.get("system")) or "",
        ]
        places += [f"VLAN {vlan}"] if vlan else []
        name = self._text(row.get("name"))
        prefix = values.word(row.get("prefix")) or ""
        return entries.PrefixEntry(
            prefix=prefix,
            use=values.choice(row.get("use"), _USES) or "subnet",
            name=name,
            places=tuple(place for place in dict.fromkeys(places) if place not in ("", name)),
            depth=min(values.count(row.get("depth")), _DEEPEST),
            planned=_share(row.get("planned")),
            reserved=_share(row.get("reserved")),
            free=_share(row.get("free")),
            room=values.count(row.get("room_64")) or None,
            subnets=values.count(row.get("subnets")),
            known=values.count(addresses.get("known")),
            direct=values.count(addresses.get("direct")),
            source=read_source(row.get("source")),
            verdict=worst.get(prefix),
        )

    def _device(self, entry: Mapping[str, JSON]) -> entries.EquipmentEntry:
        findings = tuple(self._findings(entry))
        answers = values.mapping(entry.get("management_answers"))
        product = [values.word(entry.get(key)) for key in ("vendor", "model", "os", "os_version")]
        supported = next((f for f in findings if f.check == "equipment.supported"), None)
        identifier = values.word(entry.get("id")) or ""
        return entries.EquipmentEntry(
            id=identifier,
            name=self._text(entry.get("name")) or identifier,
            kind=values.word(entry.get("kind")) or "other",
            product=" ".join(word for word in product if word),
            site_name=self._site(entry.get("site")),
            unit_name=self._unit(entry.get("unit")),
            criticality=values.word(entry.get("criticality")) or "normal",
            management=tuple(
                (address, values.choice(answers.get(address), ("yes", "no", "unknown")))
                for address in values.words(entry.get("management"))
            ),
            end_of_support=values.day(entry.get("end_of_support")),
            support=supported.verdict if supported else None,
            level=values.choice(entry.get("level"), _LEVELS),
            action=values.choice(entry.get("action"), _ACTIONS),
            capabilities=tuple(
                entries.CapabilityEntry(
                    capability=values.word(answer.get("capability")) or "",
                    need=values.choice(answer.get("need"), ("mandatory", "optional", "extra")) or "extra",
                    value=values.choice(answer.get("value"), ("yes", "no", "partial")) or "unknown",
                )
                for answer in values.objects(entry.get("capabilities"))
            ),
            needed_by=values.words(entry.get("needed_by")),
            score=interval(entry.get("score")),
            evidence=values.word(entry.get("evidence")) or "",
            findings=findings,
        )

    def _phase(self, entry: Mapping[str, JSON]) -> entries.PhaseEntry:
        return entries.PhaseEntry(
            phase=_number(entry.get("phase")),
            name=self._text(entry.get("name")),
            begins=values.day(entry.get("from")),
            ends=values.day(entry.get("until")),
            milestones=values.count(entry.get("milestones")),
            counts={state: values.count(entry.get(state)) for state in STATES},
            with_evidence=values.count(entry.get("with_evidence")),
            next_due=values.day(entry.get("next_due")),
            systems=values.count(entry.get("systems")),
            on_target=values.count(entry.get("on_target")),
        )

    def _milestone(self, entry: Mapping[str, JSON]) -> entries.MilestoneEntry:
        identifier = values.word(entry.get("id")) or ""
        return entries.MilestoneEntry(
            id=identifier,
            name=self._text(entry.get("name")) or identifier,
            phase=_number(entry.get("phase")),
            unit_name=self._unit(entry.get("unit")),
            due=values.day(entry.get("due")),
            done=values.day(entry.get("done")),
            late=entry.get("late") is True,
            state=values.choice(entry.get("state"), STATES) or "undated",
            evidence=values.word(entry.get("evidence"), 2000) or "",
            source=read_source(entry.get("source")),
        )

    def _indicator(self, entry: Mapping[str, JSON]) -> entries.IndicatorEntry:
        target = values.mapping(entry.get("target"))
        return entries.IndicatorEntry(
            id=values.word(entry.get("id")) or "",
            name=self._text(entry.get("name")),
            of=values.count(entry.get("of")),
            met=values.count(entry.get("met")),
            undecided=values.count(entry.get("undecided")),
            share=_share(target.get("share")),
            by=values.day(target.get("by")),
            state=values.choice(entry.get("state"), _INDICATORS) or "no_target",
            by_unit={
                self._unit(unit.get("unit")): (values.count(unit.get("met")), values.count(unit.get("of")))
                for unit in values.objects(entry.get("by_unit"))
            },
        )


def _share(value: JSON) -> float | None:
    found = values.number(value)
    return None if found is None else min(max(found, 0.0), 1.0)


def _number(value: JSON) -> int | None:
    """Return a phase's number, which may be 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100 else None


def _counts(value: JSON) -> dict[str, int]:
    return {safe_text(key, 100): values.count(entry) for key, entry in values.mapping(value).items()}


def _worst_by_prefix(findings: tuple[FindingEntry, ...]) -> dict[str, str]:
    """Return the worst verdict on each prefix; an accepted problem is an exception."""
    found: dict[str, str] = {}
    for verdict in reversed(_WORST):
        for finding in findings:
            prefix = finding.target.prefix
            if prefix and finding.verdict == verdict:
                found[prefix] = "accepted" if finding.accepted else verdict
    return found
