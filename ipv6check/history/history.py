"""`history`: this run and those before it → what earlier runs add to its report."""

from __future__ import annotations

from collections.abc import Sequence

from ipv6check.history.difference import compare
from ipv6check.history.outlook import outlooks
from ipv6check.history.pace import pace
from ipv6check.history.steadiness import WINDOW, marked
from ipv6check.history.trend import night, ordered, points, usable
from ipv6check.model.history import History
from ipv6check.model.past import PastMeta, PastNight, PastRun


def history(current: PastRun, trend: Sequence[PastNight], recent: Sequence[PastRun]) -> History:
    """Return the history of `current`.

    `trend` are earlier runs, `recent` the last of them with their findings. Runs of
    another organisation or vantage, partial and later ones are left out. A partial run is compared with
    the last whole one for what it measured, and has no forecast.
    """
    earlier = [run for run in ordered(trend) if _before(run.run, current.run)]
    close = [run for run in ordered(recent) if _before(run.run, current.run)][-(WINDOW - 1) :]
    since = compare(close[-1], current) if close else None
    nights = [*earlier, night(current)]
    speed = pace(nights) if current.run.whole else None
    return History(
        points=points(nights),
        since=None if since is None else marked(since, [*close, current])[0],
        pace=speed,
        outlooks=outlooks(current, speed) if current.run.whole else (),
    )


def _before(run: PastMeta, current: PastMeta) -> bool:
    return usable(run, current) and (run.started, run.id) < (current.started, current.id)
