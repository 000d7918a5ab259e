"""Sentences on pace and deadlines that the terminal and the HTML report share."""

from __future__ import annotations

from ipv6check.locale import formats, words
from ipv6check.model.history import Outlook, Pace
from ipv6check.model.text import Language

_SOON = 0.05  # systems a week below which a pace is none


def pace_line(pace: Pace | None, language: Language) -> str:
    """Return how fast systems come to meet their goal, or why nothing can be said of it."""
    if pace is None:
        return words(language)["trend.no_pace"]
    if abs(pace.slope) < _SOON and abs(pace.low) < _SOON and abs(pace.high) < _SOON:
        speed = words(language)["trend.standstill"]
    else:
        speed = words(language)["trend.pace"].format(
            slope=_speed(pace.slope, language),
            low=_speed(pace.low, language),
            high=_speed(pace.high, language),
        )
    return (
        speed
        + " "
        + words(language)["trend.basis"].format(
            runs=formats.number(pace.runs, language), days=formats.number(pace.days, language)
        )
    )


def _speed(value: float, language: Language) -> str:
    rounded = round(value, 1) + 0.0  # no minus before a zero
    shown = formats.number(rounded, language, 1)
    return f"+{shown}" if rounded > 0 else shown


def outlook_line(outlook: Outlook, language: Language) -> str:
    """Return how late what is due by a deadline will be: "chậm 3–7 tuần", "kịp thời hạn"."""
    key = f"trend.state.{outlook.state}"
    late = outlook.weeks_late
    if late is None:
        return words(language)[key]
    first, last = late
    if outlook.state == "on_time":
        return words(language)[key]
    if last is None:
        key += "_open"
        return words(language)[key].format(first=formats.number(first, language))
    if outlook.state == "late" and first == last:
        key += "_one"
    return words(language)[key].format(
        first=formats.number(first, language), last=formats.number(last, language)
    )


def arrival(outlook: Outlook, language: Language) -> str:
    """Return between which days the last system due would arrive; empty where nobody can say."""
    if outlook.earliest is None:
        return ""
    first = formats.day(outlook.earliest, language)
    if outlook.latest is None:
        return words(language)["trend.not_before"].format(day=first)
    last = formats.day(outlook.latest, language)
    return first if first == last else words(language)["trend.between"].format(first=first, last=last)
