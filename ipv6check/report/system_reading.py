"""The systems of a results.json as a report shows them: findings folded, evidence named.

Findings are folded under the root they follow from; every string passes `safe_text`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from ipv6check.model.finding import SEVERITIES, Verdict
from ipv6check.model.inventory import Inventory
from ipv6check.model.profile import GATES, LEVELS
from ipv6check.model.text import JSON, Language
from ipv6check.report import entries, values
from ipv6check.report.gist import gist
from ipv6check.report.safe import safe_text
from ipv6check.report.shelf import HELD, Evidence, Later, Shelf

VERDICTS: tuple[str, ...] = get_args(Verdict)
DATA_LIMIT = 4096  # characters of one observation's data that a report shows


def interval(value: JSON) -> entries.Interval | None:
    """Read a score's interval; None where there is no score."""
    found = values.mapping(value)
    low, high = values.number(found.get("low")), values.number(found.get("high"))
    if low is None or high is None:
        return None
    coverage = values.number(found.get("coverage")) or 0.0
    low, high = _within(low, 100), _within(high, 100)
    return entries.Interval(low=low, high=max(low, high), coverage=_within(coverage, 1))


def _within(value: float, most: float) -> float:
    return min(max(value, 0.0), most)


def read_systems(value: JSON, inventory: Inventory, language: Language) -> Iterator[entries.SystemEntry]:
    """Yield the systems of a results.json, with what the inventory adds: names of units, sites, owners."""
    declared = {system.id: system for system in inventory.systems}
    units = {unit.id: safe_text(unit.name.get(language), 200) for unit in inventory.units}
    sites = {site.id: safe_text(site.name.get(language), 200) for site in inventory.sites}
    source = values.items(value)
    shelf = Shelf(lambda number: _details(values.mapping(source[number]), language))
    held = 0
    for number, entry in enumerate(source):
        if not isinstance(entry, Mapping):
            continue
        details = _details(entry, language)
        held += len(values.items(entry.get("findings")))
        kept = details if held <= HELD else _shelved(shelf, number)
        system_id = values.word(entry.get("id")) or ""
        known = declared.get(system_id)
        unit = values.word(entry.get("unit"))
        site = values.word(entry.get("site"))
        owner = known.owner.name if known and known.owner else None
        yield entries.SystemEntry(
            id=system_id,
            name=values.text(entry.get("name"), language, 200) or system_id,
            unit=unit,
            unit_name=units.get(unit or "", unit or ""),
            site_name=sites.get(site or "", site or ""),
            owner=safe_text(owner.get(language), 200) if owner else "",
            category=values.word(entry.get("category")) or "other",
            criticality=values.word(entry.get("criticality")) or "normal",
            exposure=values.word(entry.get("exposure")) or "",
            goal=values.word(entry.get("goal")) or "dual-stack",
            deadline=values.day(entry.get("deadline")),
            source=read_source(entry.get("source")),
            scanned=entry.get("scanned") is not False,
            level=values.choice(entry.get("level"), LEVELS),
            target=values.choice(entry.get("target"), LEVELS),
            on_target=reached if isinstance(reached := entry.get("on_target"), bool) else None,
            with_exceptions=entry.get("with_exceptions") is True,
            score=interval(entry.get("score")),
            unknown=values.count(entry.get("unknown")),
            blockers=values.words(entry.get("blockers")),
            gates=tuple(_gates(entry.get("gates"))),
            contributions=kept.contributions,
            findings=kept.findings,
            gist=gist(details.findings),
            attested=tuple(_attested(a) for a in values.objects(entry.get("attested"))),
            score_attested=interval(entry.get("score_attested")),
        )


@dataclass(frozen=True, slots=True)
class _Details:
    """What is long about a system."""

    contributions: Sequence[entries.ContributionEntry]
    findings: Sequence[entries.FindingEntry]


def _details(entry: Mapping[str, JSON], language: Language) -> _Details:
    found = tuple(read_finding(each, language) for each in values.objects(entry.get("findings")))
    return _Details(tuple(_contributions(entry.get("contributions"))), fold(found))


def _shelved(shelf: Shelf[_Details], number: int) -> _Details:
    return _Details(
        Later(lambda: tuple(shelf.take(number).contributions)),
        Later(lambda: tuple(shelf.take(number).findings)),
    )


def _gates(value: JSON) -> Iterator[entries.GateEntry]:
    for gate in values.objects(value):
        if name := values.choice(gate.get("gate"), GATES):
            yield entries.GateEntry(
                gate=name,
                passed=gate.get("passed") is True,
                coverage=values.number(gate.get("coverage")),
                failing=len(values.items(gate.get("failing"))),
                excused=gate.get("excused") is True,
            )


def _contributions(value: JSON) -> Iterator[entries.ContributionEntry]:
    for entry in values.objects(value):
        weight, low, high = (values.number(entry.get(key)) for key in ("weight", "low", "high"))
        if weight is not None and low is not None and high is not None:
            check = values.word(entry.get("check")) or ""
            points = values.mapping(entry.get("points"))
            yield entries.ContributionEntry(
                check=check,
                weight=weight,
                low=low,
                high=high,
                points_low=values.number(points.get("low")) or 0.0,
                points_high=values.number(points.get("high")) or 0.0,
                points_most=values.number(points.get("most")) or 0.0,
            )


def _attested(entry: Mapping[str, JSON]) -> entries.AttestedEntry:
    return entries.AttestedEntry(
        check=values.word(entry.get("check")) or "",
        verdict=values.choice(entry.get("verdict"), VERDICTS) or "unknown",
        by=values.word(entry.get("by")) or "",
        day=values.day(entry.get("date")),
        expires=values.day(entry.get("expires")),
        valid=entry.get("valid") is True,
        evidence=values.word(entry.get("evidence")) or "",
    )


def _acceptance(value: JSON) -> entries.AcceptanceEntry | None:
    entry = values.mapping(value)
    if not entry:
        return None
    return entries.AcceptanceEntry(
        why=values.word(entry.get("why"), 2000) or "",
        owner=values.word(entry.get("owner")) or "",
        expires=values.day(entry.get("expires")),
        expired=entry.get("expired") is True,
    )


def read_source(value: JSON) -> str | None:
    """Read a place in the inventory as `file:line`."""
    source = values.mapping(value)
    place, line = values.word(source.get("file")), values.count(source.get("line"))
    return f"{place}:{line}" if place and line else place


def read_finding(finding: Mapping[str, JSON], language: Language) -> entries.FindingEntry:
    """Read one finding, not folded."""
    return entries.FindingEntry(
        id=values.word(finding.get("id")) or "",
        check=values.word(finding.get("check")) or "",
        verdict=values.choice(finding.get("verdict"), VERDICTS) or "unknown",
        reason=values.word(finding.get("reason")) or "",
        severity=values.choice(finding.get("severity"), SEVERITIES),
        vantage=values.word(finding.get("vantage")),
        accepted=finding.get("accepted") is True,
        acceptance=_acceptance(finding.get("acceptance")),
        target=_target(values.mapping(finding.get("target"))),
        root=values.word(finding.get("root")),
        message=values.text(finding.get("message"), language),
        remedy=values.block(finding.get("remedy"), language),
        source=read_source(finding.get("source")),
        evidence=values.words(finding.get("evidence")),
        reproduce=values.block(finding.get("reproduce"), language),
    )


def _target(target: Mapping[str, JSON]) -> entries.Target:
    family = target.get("family")
    return entries.Target(
        host=values.word(target.get("host")),
        address=values.word(target.get("address")),
        family=family if family in (4, 6) and isinstance(family, int) else None,
        port=values.count(target.get("port")) or None,
        transport=values.word(target.get("transport")) or None,
        app=values.word(target.get("app")),
        system=values.word(target.get("system")),
        prefix=values.word(target.get("prefix")),
        equipment=values.word(target.get("equipment")),
        milestone=values.word(target.get("milestone")),
    )


def fold(findings: Sequence[entries.FindingEntry]) -> tuple[entries.FindingEntry, ...]:
    """Return the findings that follow from no other of these, each with those that follow from it."""
    by_id = {finding.id: finding for finding in findings}
    followers: dict[str, list[entries.FindingEntry]] = {}
    tops = []
    for finding in findings:
        top = finding
        seen = {finding.id}
        while top.root is not None and top.root in by_id and top.root not in seen:
            seen.add(top.root)
            top = by_id[top.root]
        # A ring of roots has no top: each of its findings then stands for itself.
        if top is finding or (top.root is not None and top.root in seen):
            tops.append(finding)
        else:
            followers.setdefault(top.id, []).append(finding)
    return tuple(
        replace(top, followers=tuple(followers[top.id])) if top.id in followers else top for top in tops
    )


def read_evidence(value: JSON) -> Evidence:
    """Return the observations that findings cite, by id."""
    return Evidence(values.mapping(value), _evidence)


def _evidence(identity: str, entry: Mapping[str, JSON]) -> entries.EvidenceEntry:
    task = values.mapping(entry.get("task"))
    return entries.EvidenceEntry(
        id=identity,
        kind=values.word(task.get("kind")) or "",
        vantage=values.word(task.get("vantage")),
        target=_target(task),
        question=_question(values.mapping(task.get("params"))),
        started=values.moment(entry.get("started")),
        seconds=values.number(entry.get("seconds")),
        outcome=values.word(entry.get("outcome")) or "",
        failure=values.word(entry.get("failure")),
        data=_data(entry.get("data")),
    )


def _question(params: Mapping[str, JSON]) -> str:
    """Return what was asked in a few words: a name and type, a path, a host."""
    parts = [values.word(params.get(key)) for key in ("name", "type", "host", "path", "sni")]
    told = list(dict.fromkeys(part for part in parts if part))
    return " ".join(told)


def _data(value: JSON) -> str:
    if not value:
        return ""
    return safe_text(json.dumps(value, ensure_ascii=False, sort_keys=True), DATA_LIMIT)
