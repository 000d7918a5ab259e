"""What history says: the difference of two runs, a trend over many, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ipv6check.model.past import PastFinding, PastScore, Sums

# What a change is. Each has its mirror when the runs are swapped: fixed–broken, newly_unknown–newly_known,
# excused–lapsed (an exception began or ended), new–gone; `changed` is its own.
ChangeKind = Literal[
    "fixed", "broken", "newly_unknown", "newly_known", "excused", "lapsed", "new", "gone", "changed"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One finding that is not what it was. A side is None where the run has no finding of that id.

    `root` is the id of the finding it follows from, on the side where it is worse. `unsteady`: it went
    to and fro in the last runs, and is no news.
    """

    kind: ChangeKind
    system: str
    before: PastFinding | None
    after: PastFinding | None
    root: str | None = None
    unsteady: bool = False

    @property
    def either(self) -> PastFinding:
        """The finding on the side that has one, the newer first."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change with neither side")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two runs, like for like: `changes` are of the cohort, the systems that both measured alike.

    Outside it: `new` and `gone` systems, `not_scanned` ones (one of the runs was not asked about them),
    and `altered` ones, whose hosts or services differ. Sums are (old, new), of the cohort and of all.
    """

    old: str
    new: str
    old_started: datetime
    new_started: datetime
    cohort: tuple[str, ...]
    new_systems: tuple[str, ...]
    gone_systems: tuple[str, ...]
    not_scanned: tuple[str, ...]
    altered: tuple[str, ...]
    changes: tuple[Change, ...]
    cohort_sums: tuple[Sums, Sums]
    total_sums: tuple[Sums, Sums]

    def of(self, *kinds: ChangeKind, unsteady: bool | None = None) -> tuple[Change, ...]:
        """Return the changes of some kinds, all of them or only the unsteady or the steady ones."""
        return tuple(
            each
            for each in self.changes
            if each.kind in kinds and (unsteady is None or each.unsteady is unsteady)
        )

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.changes or self.new_systems or self.gone_systems or self.not_scanned or self.altered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One run of a trend. `day` is the run's in the organisation's time zone.

    `usable` points carry the forecast: whole runs of the same organisation and vantage.
    """

    id: str
    day: date
    started: datetime
    systems: int
    counted: int
    on_target: int
    dual_stack: int
    score: PastScore | None
    usable: bool
    partial: bool
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Systems a week that come to meet their goal: the Theil–Sen slope and its 10–90 % range."""

    slope: float
    low: float
    high: float
    runs: int
    days: int


DeadlineState = Literal["met", "no_forecast", "on_time", "at_risk", "late", "no_end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One deadline: of `due` systems (by that day, cumulative) `met` have met their goal.

    `earliest` and `latest` are when the rest would be there at today's pace (None: never, or no
    forecast); `weeks_late` the same against the deadline, 0 for in time.
    """

    deadline: date
    due: int
    met: int
    state: DeadlineState
    earliest: date | None = None
    latest: date | None = None
    weeks_late: tuple[int, int | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What earlier runs add to a judgement: the trend with this run last, and the change since the last."""

    points: tuple[Point, ...]
    since: Difference | None
    pace: Pace | None
    outlooks: tuple[Outlook, ...]
