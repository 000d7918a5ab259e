"""The pace of a migration: how many systems a week come to meet their goal, and how sure that is.

The Theil–Sen slope is the median over all pairs of runs: one bad night moves it little. Each pair
counts the systems that both runs measured, so that systems added or taken away are no progress.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from ipv6check.history.trend import local_day, ordered, usable
from ipv6check.model.history import Pace
from ipv6check.model.past import PastNight

LEAST_RUNS = 4
LEAST_DAYS = 21
_LONGEST = timedelta(days=182)  # what was done more than half a year ago says little of today
_MOST_RUNS = 30
_RESAMPLES = 500
_SEED = 20260101  # any; fixed, so that the same runs give the same range
_WEEK = 7


@dataclass(frozen=True, slots=True)
class _Night:
    """One run: the day, and the systems measured and on target as sets of bits."""

    day: date
    measured: int
    met: int


def pace(runs: Sequence[PastNight]) -> Pace | None:
    """Return the pace up to the last of `runs`; None under four runs over 21 days.

    Of several runs a day the last counts, of more than thirty an even choice.
    """
    nights = _nights(runs)
    if len(nights) < LEAST_RUNS:
        return None
    days = (nights[-1].day - nights[0].day).days
    if days < LEAST_DAYS:
        return None
    slopes = [[_slope(one, other) for other in nights] for one in nights]
    everything = range(len(nights))
    low, high = _range(slopes, len(nights))
    slope = _median(slopes, everything)
    return Pace(slope=slope, low=min(low, slope), high=max(high, slope), runs=len(nights), days=days)


def _nights(runs: Sequence[PastNight]) -> list[_Night]:
    if not runs:
        return []
    last = ordered(runs)[-1].run
    by_day: dict[date, PastNight] = {}
    for each in ordered(runs):
        if usable(each.run, last):
            by_day[local_day(each.run.started, each.run.organization.timezone)] = each
    newest = max(by_day, default=date.min)
    days = _even([day for day in by_day if newest - day <= _LONGEST])
    bit: dict[str, int] = {}
    return [_Night(day, _bits(by_day[day].measured, bit), _bits(by_day[day].met, bit)) for day in days]


def _bits(names: Sequence[str], bit: dict[str, int]) -> int:
    """Return a set of names as bits; each name keeps its bit."""
    found = 0
    for name in names:
        found |= 1 << bit.setdefault(name, len(bit))
    return found


def _even(days: list[date]) -> list[date]:
    """Return at most thirty of the days, the first and the last among them."""
    if len(days) <= _MOST_RUNS:
        return days
    step = (len(days) - 1) / (_MOST_RUNS - 1)
    return [days[round(number * step)] for number in range(_MOST_RUNS)]


def _slope(one: _Night, other: _Night) -> float:
    """Return systems a week between two nights, over those that both measured; 0 for a night and itself."""
    days = (other.day - one.day).days
    if not days:
        return 0.0
    both = one.measured & other.measured
    return ((other.met & both).bit_count() - (one.met & both).bit_count()) * _WEEK / days


def _median(slopes: Sequence[Sequence[float]], chosen: Sequence[int]) -> float:
    """Return the median over pairs of different nights; a night drawn twice weighs twice."""
    return median(
        slopes[one][other]
        for place, one in enumerate(chosen)
        for other in chosen[place + 1 :]
        if one != other
    )


def _range(slopes: Sequence[Sequence[float]], nights: int) -> tuple[float, float]:
    """Return the 10 and 90 per cent points of the slope over nights drawn again (bootstrap)."""
    chance = random.Random(_SEED)  # noqa: S311 - resampling, not a secret
    found: list[float] = []
    while len(found) < _RESAMPLES:
        chosen = [int(chance.random() * nights) for _ in range(nights)]
        if len(set(chosen)) > 1:
            found.append(_median(slopes, chosen))
    found.sort()
    return found[_RESAMPLES // 10], found[_RESAMPLES - _RESAMPLES // 10 - 1]
