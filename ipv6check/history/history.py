"""`history`: this run and those before it → what earlier runs add to its report."""

from __future__ import annotations

from collections.abc import Sequence

from ipv6check.history.difference import compare
from ipv6check.history.outlook import outlooks
from ipv6check.history.pace import pace
from ipv6check.history.steadiness import WINDOW, marked
from ipv6check.history.trend import ordered, points, usable
from ipv6check.model.history import History
from ipv6check.model.past import PastRun


def history(current: PastRun, trend: Sequence[PastRun], recent: Sequence[PastRun]) -> History:
    """Return the history of `current`.

    `trend` are earlier runs and need no findings; `recent` are the last of them, with findings. Runs of
    another organisation or vantage, partial and later ones are left out. A partial run is compared with
    the last whole one for what it measured, and has no forecast.
    """
    earlier = [run for run in ordered(trend) if _before(run, current)]
    close = [run for run in ordered(recent) if _before(run, current)][-(WINDOW - 1) :]
    since = compare(close[-1], current) if close else None
    speed = pace([*earlier, current]) if current.run.whole else None
    return History(
        points=points([*earlier, current]),
        since=None if since is None else marked(since, [*close, current])[0],
        pace=speed,
        outlooks=outlooks(current, speed) if current.run.whole else (),
    )


def _before(run: PastRun, current: PastRun) -> bool:
    return usable(run, current) and (run.run.started, run.run.id) < (
        current.run.started,
        current.run.id,
    )
