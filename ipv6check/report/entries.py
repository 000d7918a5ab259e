"""What a report shows, in one language: typed, safe values read from results.json.

`reading.py` makes them; the terminal, HTML and later formats only show them. Every string has
passed `safe_text`, every absent thing is None or empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from ipv6check.model.history import History
from ipv6check.model.profile import LEVELS
from ipv6check.model.text import Language
from ipv6check.report.route_entries import ExceptionEntry, RouteEntry

if TYPE_CHECKING:
    from ipv6check.report.area_entries import EquipmentEntries, PlanEntries, ProgrammeEntries

NO_LEVEL = ("ipv4-only", "retired")  # goals with neither level nor score (catalogue.md)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A score known to lie in [low, high] of 100; `coverage` in [0, 1]."""

    low: float
    high: float
    coverage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a finding is about."""

    host: str | None = None
    address: str | None = None
    family: int | None = None
    port: int | None = None
    transport: str | None = None
    app: str | None = None
    system: str | None = None
    prefix: str | None = None
    equipment: str | None = None
    milestone: str | None = None

    @property
    def endpoint(self) -> str:
        """The address (or else the host) with its port, as written in a URL."""
        place = self.address or self.host or ""
        if self.port is None:
            return place
        return f"[{place}]:{self.port}" if ":" in place else f"{place}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceEntry:
    """The exception that fits a finding; an expired one counts no longer."""

    why: str
    owner: str
    expires: date | None
    expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedEntry:
    """What a person vouches for; never counted as measured."""

    check: str
    verdict: str
    by: str
    day: date | None
    expires: date | None
    valid: bool
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEntry:
    """One verdict as shown; `followers` are the findings whose root it is."""

    id: str
    check: str
    verdict: str
    reason: str
    severity: str | None
    vantage: str | None
    accepted: bool
    acceptance: AcceptanceEntry | None
    target: Target
    root: str | None
    message: str
    remedy: str
    source: str | None
    evidence: tuple[str, ...]
    reproduce: str
    followers: tuple[FindingEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """What no exception covers and follows from nothing else, of one verdict (fail or unknown) and reason.

    `severity` is the gravest; `follows` are the findings folded under these. `remedy` is what to do about
    our own trouble (`vantage.*`).
    """

    verdict: str
    reason: str
    severity: str | None
    findings: int
    follows: int
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """A system's findings in sums: of each area the verdicts as shown, what is open, what to do first."""

    shown: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    open: tuple[Open, ...] = ()
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateEntry:
    """One gate of the ladder."""

    gate: str
    passed: bool
    coverage: float | None
    failing: int
    excused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionEntry:
    """One check's share of a score: weight, interval in [0, 1], and the points it brings of `most`."""

    check: str
    weight: float
    low: float
    high: float
    points_low: float
    points_high: float
    points_most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemEntry:
    """One system. `level` is None where the goal excludes one; `findings` are roots only, folded.

    What sums over systems need of findings is in `gist`: those of many systems are read anew each time.
    """

    id: str
    name: str
    unit: str | None
    unit_name: str
    site_name: str
    owner: str
    category: str
    criticality: str
    exposure: str
    goal: str
    deadline: date | None
    source: str | None
    scanned: bool
    level: str | None
    target: str | None
    on_target: bool | None
    with_exceptions: bool
    score: Interval | None
    unknown: int
    blockers: tuple[str, ...]
    gates: tuple[GateEntry, ...]
    contributions: Sequence[ContributionEntry]
    findings: Sequence[FindingEntry]
    gist: Gist
    attested: tuple[AttestedEntry, ...] = ()
    score_attested: Interval | None = None

    @property
    def apart(self) -> bool:
        """Whether its goal gives it neither level nor score."""
        return self.goal in NO_LEVEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over some systems. `counted` are those whose goal includes IPv6 and that were scanned.

    `levels` sum to `counted` − `not_levelled` where the document is right; `worst` is a system's id.
    """

    systems: int
    counted: int
    on_target: int
    with_exceptions: int
    levels: Mapping[str, int]
    not_levelled: int
    score: Interval | None
    not_scored: int
    score_attested: Interval | None
    ipv4_only: int
    retired: int
    not_scanned: int
    worst: str | None
    verdicts: Mapping[str, int]
    fails: Mapping[str, int]
    accepted: int

    @property
    def levelled(self) -> int:
        """How many stand on the ladder."""
        return sum(self.levels.get(level, 0) for level in LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEntry:
    """Totals of a unit, a level of units, a category, a site or an exposure; an empty `id`: what has none."""

    id: str
    name: str
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class VantageEntry:
    """How a vantage saw each family: ok, none, broken, unverified, translated."""

    name: str
    ipv4: str | None
    ipv6: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceEntry:
    """One observation that a finding cites."""

    id: str
    kind: str
    vantage: str | None
    target: Target
    question: str
    started: datetime | None
    seconds: float | None
    outcome: str
    failure: str | None
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideEntry:
    """A run made in the same sitting; `folder` is its folder's name, None if it could be none."""

    title: str
    folder: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEntry:
    """One vantage's run that a merged run was made of."""

    id: str
    vantage: str
    started: datetime | None
    finished: datetime | None
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEntry:
    """What was scanned, when, with what."""

    id: str
    started: datetime | None
    finished: datetime | None
    tool: str
    judged_by: str
    profile: str
    profile_sha256: str
    as_of: date | None
    complete: bool
    partial: bool
    declared_only: bool
    selection: tuple[str, ...]
    beside: tuple[BesideEntry, ...]
    merged: tuple[PartEntry, ...]
    warnings: tuple[str, ...]
    vantages: tuple[VantageEntry, ...]
    inventory_sha256: str
    inventory_files: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A judgement as one language shows it."""

    language: Language
    organization: str
    timezone: str
    run: RunEntry
    systems: tuple[SystemEntry, ...]
    totals: Totals
    by_unit: tuple[GroupEntry, ...]
    by_category: tuple[GroupEntry, ...]
    by_site: tuple[GroupEntry, ...]
    by_unit_level: tuple[GroupEntry, ...] = ()
    by_exposure: tuple[GroupEntry, ...] = ()
    evidence: Mapping[str, EvidenceEntry] = field(default_factory=dict)
    plan: PlanEntries | None = None
    equipment: EquipmentEntries | None = None
    programme: ProgrammeEntries | None = None
    route: RouteEntry = field(default_factory=RouteEntry)
    exceptions: tuple[ExceptionEntry, ...] = ()
    history: History | None = None
