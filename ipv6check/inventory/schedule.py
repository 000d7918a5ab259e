"""Windows: whether a system may be contacted at a moment, and until when.

Moments are aware datetimes; windows are wall-clock times of their own time zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ipv6check.model.inventory import System, Window

_VIETNAM = "Asia/Ho_Chi_Minh"
_HORIZON = timedelta(days=8)  # windows repeat weekly: what has not closed by then never closes


@cache
def zone(name: str) -> tzinfo:
    """Return a time zone; Vietnam's, which has had no summer time since 1975, without a database too."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        if name == _VIETNAM:
            return timezone(timedelta(hours=7), name)
        raise


def in_window(system: System, moment: datetime) -> bool:
    """Whether the system may be contacted at `moment`; without windows it always may."""
    return not system.windows or any(_end(window, moment) is not None for window in system.windows)


def closes(system: System, moment: datetime) -> datetime | None:
    """Return when (UTC) the window that is open at `moment` closes, later windows that join it included.

    None: it never does. Outside every window it is `moment` itself.
    """
    if not system.windows:
        return None
    until = moment
    while until - moment < _HORIZON:
        ends = [end for window in system.windows if (end := _end(window, until)) is not None]
        if not ends:
            return until.astimezone(UTC)
        until = max(ends)
    return None


def _end(window: Window, moment: datetime) -> datetime | None:
    """Return the end of the window's occurrence that holds `moment`, or None."""
    place = zone(window.timezone)
    local = moment.astimezone(place)
    overnight = window.end <= window.begin
    for days_back in (0, 1) if overnight else (0,):
        day = local.date() - timedelta(days=days_back)
        if day.weekday() not in window.days:
            continue
        begin = datetime.combine(day, window.begin, place).astimezone(UTC)
        last = day + timedelta(days=1) if overnight else day
        end = datetime.combine(last, window.end, place).astimezone(UTC)
        if begin <= moment < end:
            return end
    return None
