"""The trend: one point a run, oldest first, and which of them carry a forecast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ipv6check.history.difference import sums
from ipv6check.model.history import Point
from ipv6check.model.past import PastMeta, PastNight, PastRun


class _Run(Protocol):
    @property
    def run(self) -> PastMeta: ...


Any_run = TypeVar("Any_run", bound=_Run)


def ordered(runs: Iterable[Any_run]) -> tuple[Any_run, ...]:
    """Return the runs, oldest first."""
    return tuple(sorted(runs, key=lambda each: (each.run.started, each.run.id)))


def usable(run: PastMeta, like: PastMeta) -> bool:
    """Whether a run may stand beside `like` in a trend: whole, same organisation, same vantage."""
    return run.whole and run.alike(like)


def night(run: PastRun) -> PastNight:
    """Return what a trend needs of a run."""
    known = [system for system in run.systems if system.scanned and system.on_target is not None]
    total = sums(run.systems)
    return PastNight(
        run=run.run,
        systems=len(run.systems),
        # The score of all as the judgement wrote it, exactly rounded; a mean of rounded ones may differ.
        sums=replace(total, score=run.totals.score or total.score),
        measured=tuple(system.id for system in known),
        met=tuple(system.id for system in known if system.on_target),
    )


def points(nights: Iterable[PastNight]) -> tuple[Point, ...]:
    """Return a point for each run; usable are those that are whole and like the newest whole run."""
    found = ordered(nights)
    like = next((each.run for each in reversed(found) if each.run.whole), None)
    return tuple(_point(each, usable=like is not None and usable(each.run, like)) for each in found)


def _point(night: PastNight, *, usable: bool) -> Point:
    return Point(
        id=night.run.id,
        day=local_day(night.run.started, night.run.organization.timezone),
        started=night.run.started,
        systems=night.systems,
        counted=night.sums.systems,
        on_target=night.sums.on_target,
        dual_stack=night.sums.dual_stack,
        score=night.sums.score,
        usable=usable,
        partial=night.run.partial,
        complete=night.run.complete,
    )


def local_day(moment: datetime, timezone: str) -> date:
    """Return the day of a moment where the organisation is (UTC where its zone is unknown)."""
    return moment.astimezone(_zone(timezone)).date()


@cache
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
