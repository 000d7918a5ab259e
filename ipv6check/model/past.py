"""Stored judgements as history reads them: results.json without texts and evidence.

The names are those of results.json (interface.md §4); what a reader does not know is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from ipv6check.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTarget:
    """What a finding is about."""

    host: str | None = None
    family: int | None = None
    port: int | None = None
    app: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFinding:
    """One verdict of a stored judgement."""

    id: str
    check: str
    verdict: str
    reason: str
    severity: str | None = None
    accepted: bool = False
    vantage: str | None = None
    root: str | None = None
    target: PastTarget = field(default_factory=PastTarget)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastScore:
    """A score as written."""

    low: float
    high: float
    coverage: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSystem:
    """One system of a stored judgement; `declared` is equal where the same thing was measured."""

    id: str
    scanned: bool = True
    name: Text | None = None
    goal: str = "dual-stack"
    deadline: date | None = None
    level: str | None = None
    on_target: bool | None = None
    weight: float = 1.0
    declared: str = ""
    score: PastScore | None = None
    findings: tuple[PastFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOrganization:
    """Whose systems they are."""

    id: str
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPart:
    """One of the runs that a merged run was made of."""

    id: str
    started: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMeta:
    """What a stored judgement says of its run."""

    id: str
    started: datetime
    organization: PastOrganization
    vantage: str
    as_of: date
    complete: bool = True
    partial: bool = False
    declared_only: bool = False
    profile: str = ""
    profile_sha256: str = ""
    merged: tuple[PastPart, ...] = ()

    @property
    def newness(self) -> tuple[bool, datetime, int, str]:
        """What puts runs in the order of their news: those that asked, and a merged run after its parts."""
        latest = max((part.started for part in self.merged), default=self.started)
        return not self.declared_only, latest, len(self.merged), self.id

    def alike(self, other: PastMeta) -> bool:
        """Whether both looked at the same organisation from the same vantage, or both at nobody.

        A merged run is like merged runs of the same vantages alone, never like its parts.
        """
        return self._kind() == other._kind()

    def _kind(self) -> tuple[str, str, bool]:
        return self.organization.id, self.vantage, self.declared_only

    @property
    def whole(self) -> bool:
        """Whether nothing was left out: only such a run stands for the inventory."""
        return self.complete and not self.partial


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTotals:
    """The sums that a trend shows."""

    systems: int = 0
    counted: int = 0
    on_target: int = 0
    score: PastScore | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """One stored judgement."""

    run: PastMeta
    totals: PastTotals = field(default_factory=PastTotals)
    systems: tuple[PastSystem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Some systems in one run: the criticality-weighted mean, and how many met their goal."""

    systems: int
    on_target: int
    dual_stack: int
    score: PastScore | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastNight:
    """What a trend needs of one run: a year of them is read in a second.

    `measured` are the ids of the systems of which the run knows whether they met their goal, `met`
    those that had; `systems` is the size of the inventory.
    """

    run: PastMeta
    systems: int
    sums: Sums
    measured: tuple[str, ...]
    met: tuple[str, ...]
