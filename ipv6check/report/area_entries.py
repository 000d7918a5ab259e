"""What a report shows of the address plan, equipment and programme, in one language: typed, safe values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ipv6check.report.entries import FindingEntry, Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaEntry:
    """One area's sums: how many things were judged, its score, findings by verdict and fails by severity."""

    judged: int = 0
    score: Interval | None = None
    verdicts: Mapping[str, int] = field(default_factory=dict)
    fails: Mapping[str, int] = field(default_factory=dict)
    accepted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixEntry:
    """One prefix of the plan. Shares are of its space, None for what is taken whole."""

    prefix: str
    use: str
    name: str
    places: tuple[str, ...]
    depth: int
    planned: float | None
    reserved: float | None
    free: float | None
    room: int | None
    subnets: int
    known: int
    direct: int
    source: str | None
    verdict: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntries:
    """The address plan; `known`, `in_plan` and `outside` count known addresses."""

    area: AreaEntry
    prefixes: tuple[PrefixEntry, ...]
    known: int
    in_plan: int
    outside: int
    findings: tuple[FindingEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityEntry:
    """One answer of a device's questionnaire; `need` is mandatory, optional or extra."""

    capability: str
    need: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentEntry:
    """One piece of equipment; `level` and `action` as in results.json.

    `management` are addresses, each with whether it answers: None if nobody asked.
    """

    id: str
    name: str
    kind: str
    product: str
    site_name: str
    unit_name: str
    criticality: str
    management: tuple[tuple[str, str | None], ...]
    end_of_support: date | None
    support: str | None
    level: str | None
    action: str | None
    capabilities: tuple[CapabilityEntry, ...]
    needed_by: tuple[str, ...]
    score: Interval | None
    evidence: str
    findings: tuple[FindingEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentEntries:
    """All equipment."""

    area: AreaEntry
    items: tuple[EquipmentEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseEntry:
    """One phase; `counts` maps done, overdue, due_soon, ahead and undated to milestones."""

    phase: int | None
    name: str
    begins: date | None
    ends: date | None
    milestones: int
    counts: Mapping[str, int]
    with_evidence: int
    next_due: date | None
    systems: int
    on_target: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneEntry:
    """One milestone."""

    id: str
    name: str
    phase: int | None
    unit_name: str
    due: date | None
    done: date | None
    late: bool
    state: str
    evidence: str
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorEntry:
    """What the programme counts: `met` for certain, perhaps `undecided` more, of `of`.

    `by_unit` maps the name of each unit (empty: of none) to what it has met, and of how many.
    """

    id: str
    name: str
    of: int
    met: int
    undecided: int
    share: float | None
    by: date | None
    state: str
    by_unit: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeEntries:
    """The programme; `deadlines` maps systems, met, passed, ahead and undecided to systems."""

    area: AreaEntry
    phases: tuple[PhaseEntry, ...]
    milestones: tuple[MilestoneEntry, ...]
    indicators: tuple[IndicatorEntry, ...]
    deadlines: Mapping[str, int]
    findings: tuple[FindingEntry, ...]
