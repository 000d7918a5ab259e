"""`judge`: inventory, observations, run and profile → the judgement. No clock, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import UTC, date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ipv6check.checks import AUDITS, BUILTIN, Audit
from ipv6check.checks.texts import catalogue_sha256, render, title, warned
from ipv6check.facts import Facts, SystemView, derive
from ipv6check.judge.auditing import audited
from ipv6check.judge.checking import Check, run_check
from ipv6check.judge.results import Case, Warned, results
from ipv6check.judge.selection import selected_systems, selects
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Inventory
from ipv6check.model.observation import Observation
from ipv6check.model.profile import Profile
from ipv6check.model.run import Judged, RunMeta
from ipv6check.model.text import JSON

Chosen = tuple[Check[SystemView], Mapping[str, JSON]]


def judge(
    inventory: Inventory,
    observations: Iterable[Observation],
    run: RunMeta,
    profile: Profile,
    as_of: date | None = None,
    roots: Sequence[bytes] = (),
    *,
    checks: Sequence[Check[SystemView]] = BUILTIN,
    audits: Sequence[Audit] = AUDITS,
) -> Judged:
    """Judge one run. `as_of` None: today is the day the run started, in the organisation's time zone.

    `roots` are the certificate roots of the system (PEM), beside those of the inventory's `trust`.
    """
    observed = tuple(observations)
    facts = derive(inventory, observed, run, roots)
    today = as_of or run_date(run, inventory.organization.timezone)
    asked = selected_systems(inventory, run.selection)
    chosen = [(each, parameters(profile, each.id)) for each in audits if selects(run.selection, each.id)]
    case = Case(
        inventory=inventory,
        run=run,
        profile=profile,
        as_of=today,
        as_of_given=as_of is not None,
        findings=findings(inventory, facts, run, profile, checks),
        audited=audited(inventory, facts, asked, today, chosen),
        observations=observed,
        vantages=facts.vantages,
        warnings=[
            Warned(reason=each.reason, message=warned(each), args=each.args) for each in facts.warnings
        ],
        render=render,
        title=title,
        catalogue=catalogue_sha256(),
    )
    return Judged(results=results(case), inventory=inventory, as_of=today)


def run_date(run: RunMeta, timezone: str) -> date:
    """Return the day on which the run started, where the organisation is (UTC where its zone is unknown)."""
    try:
        zone: ZoneInfo | None = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = None
    return run.started.astimezone(zone or UTC).date()


class Findings(Mapping[str, list[Finding]]):
    """The findings of every system that the run was asked about, by system; made when they are asked for."""

    def __init__(self, facts: Facts, asked: Set[str], checks: Sequence[Chosen]) -> None:
        self._facts = facts
        self._checks = checks
        self._asked = [system.id for system in facts.inventory.systems if system.id in asked]
        self._systems = {system: facts.systems[system] for system in self._asked}

    def __getitem__(self, system_id: str) -> list[Finding]:
        system = self._systems[system_id]
        return [
            finding
            for check, params in self._checks
            for finding in run_check(check, self._facts.view, params, system=system)
        ]

    def __iter__(self) -> Iterator[str]:
        return iter(self._asked)

    def __len__(self) -> int:
        return len(self._asked)


def findings(
    inventory: Inventory,
    facts: Facts,
    run: RunMeta,
    profile: Profile,
    checks: Sequence[Check[SystemView]] = BUILTIN,
) -> Findings:
    """Return the findings of every system that the run was asked about, by system."""
    chosen = [(check, parameters(profile, check.id)) for check in checks if selects(run.selection, check.id)]
    return Findings(facts, selected_systems(inventory, run.selection), chosen)


def parameters(profile: Profile, check: str) -> Mapping[str, JSON]:
    """Return a check's parameters, with what else of the profile it judges by.

    That is the audit ports for the check that tries them, and what each kind of equipment is asked.
    """
    rules = profile.checks.get(check)
    params: dict[str, JSON] = dict(rules.params) if rules is not None else {}
    if check == "parity.exposure":
        params["audit_ports"] = list(profile.audit_ports)
    if check == "equipment.capable":
        params["questions"] = {
            kind: {"mandatory": list(asked.mandatory), "optional": list(asked.optional)}
            for kind, asked in profile.questions.items()
        }
    return params
