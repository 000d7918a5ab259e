"""Findings of every system → results.json as plain data. Pure: the same input, the same output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date

from ipv6check import __version__
from ipv6check.facts import VantageState
from ipv6check.judge.areas import area_totals, areas
from ipv6check.judge.auditing import Audited, standing
from ipv6check.judge.document import SCHEMA
from ipv6check.judge.equipment import equipment_document
from ipv6check.judge.equipment import level as equipment_level
from ipv6check.judge.evidence import CitedObservations, Plain, by_id, moment, plain
from ipv6check.judge.exceptions import exceptions_document
from ipv6check.judge.marking import Marked, by_system, mark
from ipv6check.judge.outcome import Outcome, in_order, outcome
from ipv6check.judge.packing import PackedSystems, pack
from ipv6check.judge.plan import plan_document
from ipv6check.judge.programme import programme_document
from ipv6check.judge.roadmap import blockers_document, paths_document, roadmap, roadmap_document
from ipv6check.judge.standings import Standings
from ipv6check.judge.systems import Render, system_document
from ipv6check.judge.totals import totals_document
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Inventory, Source
from ipv6check.model.observation import Observation
from ipv6check.model.profile import Profile
from ipv6check.model.run import Beside, Part, RunMeta
from ipv6check.model.text import JSON, LANGUAGES, Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A warning on the run as a whole."""

    reason: str
    message: Text
    args: Mapping[str, JSON]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that is judged. `findings` has an entry for every system that the run was asked about.

    `audited` is what the audits of the whole inventory found.
    `as_of` is today for expiries and deadlines; `as_of_given` that a person said so. `catalogue`
    is the SHA-256 of the texts that `render` makes messages and remedies of, and `title` titles.
    """

    inventory: Inventory
    run: RunMeta
    profile: Profile
    as_of: date
    as_of_given: bool
    findings: Mapping[str, Sequence[Finding]]
    observations: Iterable[Observation]
    vantages: Sequence[VantageState]
    warnings: Sequence[Warned]
    render: Render
    title: Callable[[str, Language], str]
    catalogue: str
    audited: Audited = field(default_factory=Audited)


@dataclass(slots=True)
class _Book:
    """What of all findings is needed when they are written and gone: what they cite and say."""

    evidence: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    accepted: Counter[Source] = field(default_factory=Counter)

    def enter(self, marked: Iterable[Marked]) -> None:
        """Note findings."""
        for each in marked:
            self.evidence.update(each.finding.evidence)
            self.reasons.add(each.finding.reason)
            if each.acceptance is not None:
                self.accepted[each.acceptance.source] += 1


def results(case: Case) -> dict[str, JSON]:
    """Return results.json: interface.md §4, its schema in `report/results.schema.json`.

    One system is judged, written and let go before the next: what is held of it is small.
    """
    observations = by_id(case.observations)
    found = areas(case.audited, case.inventory, case.profile, case.as_of)
    book = _Book()
    book.enter(found.marked)
    outcomes: list[Outcome] = []
    packed: list[bytes] = []
    for judged in _outcomes(case):
        book.enter(judged.marked)
        packed.append(pack(*_written(case, judged, observations)))
        outcomes.append(judged.summed)
    levels = {device.id: equipment_level(device) for device in found.equipment}
    route = roadmap(outcomes, case.inventory.equipment, levels)
    return {
        "schema": SCHEMA,
        "run": _run(case),
        "totals": {
            **totals_document(outcomes, case.inventory, case.profile),
            "areas": area_totals(found, case.profile),
        },
        "systems": PackedSystems([each.system.id for each in outcomes], packed, route),
        "observations": CitedObservations(observations, book.evidence),
        "address_plan": plan_document(case.audited.plan, found, observations, case.render),
        "equipment": equipment_document(
            case.inventory, case.profile, found, case.audited.management, observations, case.render
        ),
        "programme": programme_document(
            case.inventory, case.profile, found, outcomes, case.as_of, observations, case.render
        ),
        "roadmap": roadmap_document(route),
        "blockers": blockers_document(route),
        "critical_paths": paths_document(route),
        "exceptions": exceptions_document(case.inventory.accept, book.accepted, case.as_of),
        "reasons": _reasons(case, book.reasons),
    }


def _written(
    case: Case, outcome: Outcome, observations: Mapping[str, Observation]
) -> tuple[dict[str, Plain], dict[str, Plain]]:
    return system_document(
        outcome,
        weight=case.profile.criticality[outcome.system.criticality],
        observations=observations,
        render=case.render,
        as_of=case.as_of,
    )


def _reasons(case: Case, codes: Set[str]) -> dict[str, Plain]:
    """Return the title of every reason that a finding has, so that a reader need not know them."""
    return {
        code: {"title": {language: case.title(code, language) for language in LANGUAGES}}
        for code in sorted(codes)
    }


def _outcomes(case: Case) -> Iterator[Outcome]:
    """Judge system after system, by id."""
    exceptions = by_system(case.inventory.accept)
    standings = Standings(case.profile)
    all_checks = not case.run.selection.checks
    for system in sorted(case.inventory.systems, key=lambda each: each.id):
        found = case.findings.get(system.id)
        if found is None:
            yield Outcome(system=system, scanned=False)
            continue
        own = exceptions.get(system.id, ())
        marked = [mark(finding, case.profile, own, case.as_of) for finding in found]
        made = outcome(system, marked, standings, as_of=case.as_of, all_checks=all_checks)
        # A system's date is judged by the level that its other findings give it.
        dated = case.audited.standing(standing(made, case.as_of))
        if dated:
            more = [mark(finding, case.profile, own, case.as_of) for finding in dated]
            made = replace(made, marked=in_order([*made.marked, *more]))
        yield made


def _part(part: Part) -> Plain:
    return {
        "id": part.id,
        "vantage": part.vantage,
        "started": moment(part.started),
        "finished": None if part.finished is None else moment(part.finished),
        "complete": part.complete,
        "tool": part.tool,
        "profile": part.profile,
        "run_sha256": part.run_sha256,
        "observations_sha256": part.observations_sha256,
    }


def _beside(other: Beside) -> Plain:
    return {"id": other.id, "title": plain(other.title.as_json())}


def _run(case: Case) -> dict[str, Plain]:
    run, organization = case.run, case.inventory.organization
    return {
        "id": run.id,
        "started": moment(run.started),
        "finished": None if run.finished is None else moment(run.finished),
        "complete": run.complete,
        "partial": run.selection.partial,
        "selection": {
            "systems": list(run.selection.systems),
            "units": list(run.selection.units),
            "checks": list(run.selection.checks),
        },
        **({"declared_only": True} if run.selection.declared_only else {}),
        **({"beside": [_beside(each) for each in run.beside]} if run.beside else {}),
        **({"merged": [_part(each) for each in run.merged]} if run.merged else {}),
        "tool": run.tool,
        "judged_by": f"ipv6check {__version__}",
        "profile": case.profile.name,
        "profile_sha256": case.profile.sha256,
        "basis": [plain(text.as_json()) for text in case.profile.basis],
        "catalogue": case.catalogue,
        "inventory": {
            "sha256": case.inventory.sha256,
            "files": [{"name": file.name, "sha256": file.sha256} for file in case.inventory.files],
        },
        "organization": {
            "id": organization.id,
            "name": plain(organization.name.as_json()),
            "timezone": organization.timezone,
        },
        "vantage": run.vantage,
        "vantages": [
            {"name": each.name, "ipv4": each.ipv4, "ipv6": each.ipv6, "reason": each.reason}
            for each in case.vantages
        ],
        "warnings": [
            {"reason": each.reason, "message": plain(each.message.as_json()), "args": plain(each.args)}
            for each in case.warnings
        ],
        "as_of": case.as_of.isoformat(),
        "as_of_given": case.as_of_given,
    }
