"""Each deadline against the pace: when the systems due by then will be there, and how late that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

from ipv6check.model.history import DeadlineState, Outlook, Pace
from ipv6check.model.past import PastRun, PastSystem

_FAR = 5200  # weeks, a century: later than that is never


def outlooks(run: PastRun, pace: Pace | None) -> tuple[Outlook, ...]:
    """Return the outlook on each deadline of the run's systems, the earliest first.

    What is due by a deadline includes what was due before: it is the same hands that do it.
    """
    return tuple(_outlooks(run, pace))


def _outlooks(run: PastRun, pace: Pace | None) -> Iterator[Outlook]:
    dated = [system for system in run.systems if system.deadline is not None and counts(system)]
    for deadline in sorted({system.deadline for system in dated if system.deadline is not None}):
        due = [system for system in dated if system.deadline is not None and system.deadline <= deadline]
        met = sum(system.on_target is True for system in due)
        yield _outlook(deadline, len(due), met, run.run.as_of, pace)


def counts(system: PastSystem) -> bool:
    """Whether a run knows where a system stands against its goal."""
    return system.scanned and system.on_target is not None


def _outlook(deadline: date, due: int, met: int, today: date, pace: Pace | None) -> Outlook:
    left = due - met
    if not left or pace is None:
        state: DeadlineState = "no_forecast" if left else "met"
        return Outlook(deadline=deadline, due=due, met=met, state=state)
    earliest, latest = (_arrival(today, left, speed) for speed in (pace.high, pace.low))
    if earliest is None:
        return Outlook(deadline=deadline, due=due, met=met, state="no_end")
    late = (_weeks(deadline, earliest), None if latest is None else _weeks(deadline, latest))
    state = "late" if late[0] else "on_time" if late[1] == 0 else "at_risk"
    return Outlook(
        deadline=deadline,
        due=due,
        met=met,
        state=state,
        earliest=earliest,
        latest=latest,
        weeks_late=late,
    )


def _arrival(today: date, left: int, speed: float) -> date | None:
    """Return the day on which `left` systems will be there at `speed` a week; None: never."""
    if speed <= 0 or left / speed > _FAR:
        return None
    try:
        return today + timedelta(days=math.ceil(left / speed * 7))
    except OverflowError:
        return None


def _weeks(deadline: date, arrival: date) -> int:
    """Return how many weeks, begun ones too, an arrival is late; 0 for in time."""
    return max(math.ceil((arrival - deadline).days / 7), 0)
