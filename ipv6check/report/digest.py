"""What page one says of a report: who has arrived, what fails most and whose it is, what is not known.

Pure sums over a `Report`; the same for the terminal, the page and every later format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ipv6check.model.profile import LEVELS
from ipv6check.report.entries import FindingEntry, Open, Report, SystemEntry
from ipv6check.report.gist import severity_rank
from ipv6check.report.route_entries import ExceptionEntry, StepEntry
from ipv6check.report.titles import reason_title

TARGETS = {"dual-stack": "parity", "ipv6-only": "ipv6-only"}
_PARITY = LEVELS.index("parity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many of the `levelled` systems stand where.

    `parity` reached dual-stack or more; `pure` of `pure_wanted` reached IPv6-only. `reached`,
    `missed` and `undecided` (below target with no definite fail in the way) add up to `levelled`.
    """

    levelled: int
    parity: int
    pure: int
    pure_wanted: int
    reached: int
    missed: int
    undecided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonEntry:
    """One reason code over the whole report; `units` are (name, systems), most first.

    `remedy` is what to do about our own trouble (`vantage.*`): the same wherever it was met.
    """

    code: str
    title: str
    severity: str | None
    systems: tuple[SystemEntry, ...]
    findings: int
    units: tuple[tuple[str, int], ...]
    follows: int = 0
    remedy: str = ""


def rank(level: str | None) -> int:
    """Return a level's number, 0 (none) to 5 (IPv6-only)."""
    return LEVELS.index(level) if level in LEVELS else 0


def standing(report: Report) -> Standing:
    """Count who has reached the target, who has not, and of whom nobody can say."""
    states = Counter(state(system) for system in report.systems if on_ladder(system))
    pure = [system for system in report.systems if on_ladder(system) and target(system) == "ipv6-only"]
    levels = report.totals.levels
    return Standing(
        levelled=report.totals.levelled,
        parity=sum(levels.get(level, 0) for level in LEVELS[_PARITY:]),
        pure=sum(system.level == "ipv6-only" for system in pure),
        pure_wanted=len(pure),
        reached=report.totals.on_target,
        missed=states["missed"],
        undecided=states["undecided"],
    )


def on_ladder(system: SystemEntry) -> bool:
    """Whether it has a level at all: scanned, and its goal includes IPv6."""
    return system.scanned and system.level is not None and not system.apart


def target(system: SystemEntry) -> str:
    """Return the level a system is to reach."""
    return system.target if system.target in LEVELS else TARGETS.get(system.goal, "parity")


def state(system: SystemEntry) -> str:
    """Say `reached`, `missed` (a definite fail is in the way) or `undecided`."""
    wanted = rank(target(system))
    if rank(system.level) >= wanted:
        return "reached"
    if system.gates:
        failing = any(gate.failing for gate in system.gates if rank(gate.gate) <= wanted)
    else:
        failing = any(each.verdict == "fail" for each in system.gist.open)
    return "missed" if failing else "undecided"


def open_fail(finding: FindingEntry) -> bool:
    """Whether it is a fail that no exception covers."""
    return finding.verdict == "fail" and not finding.accepted


def failing_reasons(report: Report) -> tuple[ReasonEntry, ...]:
    """Return the reasons of unaccepted root fails: most systems first, then severity, then code."""
    found = _by_reason(report, "fail")
    return tuple(sorted(found, key=lambda r: (-len(r.systems), severity_rank(r.severity), r.code)))


def unknown_reasons(report: Report) -> tuple[ReasonEntry, ...]:
    """Return why something is not known, most findings first."""
    found = _by_reason(report, "unknown")
    return tuple(sorted(found, key=lambda r: (-(r.findings + r.follows), r.code)))


class _Tally:
    """One reason while it is being counted."""

    def __init__(self) -> None:
        self.systems: dict[str, SystemEntry] = {}
        self.findings = 0
        self.follows = 0
        self.severity: str | None = None
        self.remedy = ""

    def add(self, system: SystemEntry, found: Open) -> None:
        self.systems[system.id] = system
        self.findings += found.findings
        self.follows += found.follows
        self.remedy = self.remedy or found.remedy
        if severity_rank(found.severity) < severity_rank(self.severity):
            self.severity = found.severity


def _by_reason(report: Report, verdict: str) -> Iterator[ReasonEntry]:
    tallies: dict[str, _Tally] = {}
    for system in report.systems:
        for each in system.gist.open:
            if each.verdict == verdict:
                tallies.setdefault(each.reason, _Tally()).add(system, each)
    for code, tally in tallies.items():
        systems = tuple(tally.systems.values())
        units = Counter(system.unit_name for system in systems if system.unit_name)
        yield ReasonEntry(
            code=code,
            title=reason_title(code, report.language, verdict),
            severity=tally.severity,
            remedy=tally.remedy,
            systems=systems,
            findings=tally.findings,
            follows=tally.follows,
            units=tuple(sorted(units.items(), key=lambda entry: (-entry[1], entry[0]))),
        )


def blockers(report: Report) -> tuple[StepEntry, ...]:
    """Return what others wait for, what unlocks most first."""
    return report.route.blockers


def expiring(report: Report) -> tuple[ExceptionEntry, ...]:
    """Return the exceptions in their last 30 days."""
    return tuple(each for each in report.exceptions if each.state == "expiring")
