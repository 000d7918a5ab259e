"""The trend: one point a run, oldest first, and which of them carry a forecast."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ipv6check.history.difference import sums
from ipv6check.model.history import Point
from ipv6check.model.past import PastRun


def ordered(runs: Iterable[PastRun]) -> tuple[PastRun, ...]:
    """Return the runs, oldest first."""
    return tuple(sorted(runs, key=lambda run: (run.run.started, run.run.id)))


def usable(run: PastRun, like: PastRun) -> bool:
    """Whether a run may stand beside `like` in a trend: whole, same organisation, same vantage."""
    return run.run.whole and run.comparable(like)


def points(runs: Iterable[PastRun]) -> tuple[Point, ...]:
    """Return a point for each run; usable are those that are whole and like the newest whole run."""
    found = ordered(runs)
    like = next((run for run in reversed(found) if run.run.whole), None)
    return tuple(_point(run, usable=like is not None and usable(run, like)) for run in found)


def _point(run: PastRun, *, usable: bool) -> Point:
    total = sums(run.systems)
    return Point(
        id=run.run.id,
        day=local_day(run.run.started, run.run.organization.timezone),
        started=run.run.started,
        systems=run.totals.systems or len(run.systems),
        counted=total.systems,
        on_target=total.on_target,
        dual_stack=total.dual_stack,
        score=run.totals.score or total.score,
        usable=usable,
        partial=run.run.partial,
        complete=run.run.complete,
    )


def local_day(moment: datetime, timezone: str) -> date:
    """Return the day of a moment where the organisation is (UTC where its zone is unknown)."""
    try:
        zone: ZoneInfo | None = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = None
    return moment.astimezone(zone or UTC).date()
