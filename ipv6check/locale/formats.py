"""Numbers, dates and times as a Vietnamese or an English reader expects them.

Vietnamese: decimal comma, dot for thousands, d/m/yyyy. English: decimal point, comma for
thousands, ISO dates. Nothing here knows what time it is.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ipv6check.model.text import Language

_VIETNAMESE = str.maketrans(",.", ".,")


@lru_cache(maxsize=8192)
def number(value: float, language: Language, places: int = 0) -> str:
    """Return a number with `places` decimals."""
    shown = f"{value:,.{places}f}"
    return shown.translate(_VIETNAMESE) if language == "vi" else shown


def points(value: float, language: Language) -> str:
    """Return a score's value with one decimal, at most two if that is how it was written."""
    return number(value, language, _places(value))


def interval(low: float, high: float, language: Language) -> str:
    """Return `41,2–47,0`, both ends with as many decimals, or one number where nothing is unknown."""
    places = max(_places(low), _places(high))
    first, last = number(low, language, places), number(high, language, places)
    return first if first == last else f"{first}–{last}"


def _places(value: float) -> int:
    return 1 if math.isclose(value, round(value, 1), abs_tol=1e-9) else 2


def percent(share: float, language: Language) -> str:
    """Return a share of 1 as a percentage; never 100% or 0% for what is only close to it."""
    value = share * 100
    if 0 < share < 1 and (value > 99 or value < 1):
        tenths = math.floor(round(value * 10, 6))
        return f"{number(max(tenths, 1) / 10, language, 1)}%"
    return f"{number(value, language)}%"


def day(value: date, language: Language) -> str:
    """Return a date."""
    return f"{value.day}/{value.month}/{value.year:04d}" if language == "vi" else value.isoformat()


@cache
def zone(name: str) -> tzinfo:
    """Return the time zone of an IANA name; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def moment(value: datetime, timezone_name: str, language: Language, *, seconds: bool = False) -> str:
    """Return a time of day and a date in the organisation's zone, with its offset."""
    local = value.astimezone(zone(timezone_name))
    clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    shown = f"{clock} {day(local.date(), language)}" if language == "vi" else f"{local:%Y-%m-%d} {clock}"
    return shown if seconds else f"{shown} ({offset(local)})"


def local_day(value: datetime, timezone_name: str) -> date:
    """Return the day of a moment in the organisation's zone."""
    return value.astimezone(zone(timezone_name)).date()


def offset(local: datetime) -> str:
    """Return `UTC+7`, `UTC+5:30` or `UTC`."""
    shift = local.utcoffset() or timedelta()
    if not shift:
        return "UTC"
    hours, minutes = divmod(abs(shift) // timedelta(minutes=1), 60)
    sign = "-" if shift < timedelta() else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")


def seconds(value: float, language: Language) -> str:
    """Return a duration in seconds, to the millisecond under ten seconds; never 0 for what took time."""
    if 0 < value < 0.0005:
        return f"< {seconds(0.001, language)}"
    return number(value, language, 3 if value < 10 else 1) + (" giây" if language == "vi" else " s")
