"""`history` as a person reads it, and as plain data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from ipv6check.locale import formats, words
from ipv6check.model.history import Outlook, Pace, Point
from ipv6check.model.text import JSON, Language
from ipv6check.report.lines import pad, paint, wrap
from ipv6check.report.outlooks import arrival, outlook_line, pace_line
from ipv6check.report.safe import safe_text

SCHEMA = "ipv6check/history@1.0"

_COLUMNS = ("day", "systems", "on_target", "dual_stack", "score", "coverage", "note")


def trend_text(
    points: Sequence[Point],
    pace: Pace | None,
    outlooks: Sequence[Outlook],
    language: Language,
    color: bool,
    width: int = 80,
    *,
    last: int = 20,
) -> str:
    """Return the trend: a line for each of the `last` runs, the pace, and each deadline."""
    return "\n".join(_lines(points, pace, outlooks, language, color, max(width, 40), last)) + "\n"


def _lines(
    points: Sequence[Point],
    pace: Pace | None,
    outlooks: Sequence[Outlook],
    language: Language,
    color: bool,
    width: int,
    last: int,
) -> Iterator[str]:
    w = words(language)
    shown = points[-last:]
    rows = [tuple(w[f"trend.{column}"] for column in _COLUMNS), *(_row(p, language) for p in shown)]
    widths = [max(cell_len(row[n]) for row in rows) for n in range(len(_COLUMNS))]
    for number, row in enumerate(rows):
        cells = [pad(cell, size) for cell, size in zip(row, widths, strict=True)]
        line = "  ".join(cells).rstrip()
        yield paint(line, "strong", color) if number == 0 else line
    if len(points) > len(shown):
        yield w["trend.more"].format(count=formats.number(len(points) - len(shown), language))
    yield ""
    yield from wrap(pace_line(pace, language), width)
    if outlooks:
        yield ""
        yield paint(w["trend.deadlines"], "strong", color)
    for outlook in outlooks:
        when = arrival(outlook, language)
        line = w["trend.deadline_line"].format(
            day=formats.day(outlook.deadline, language),
            met=formats.number(outlook.met, language),
            due=formats.number(outlook.due, language),
            state=outlook_line(outlook, language),
        )
        yield from wrap(line + (f" ({when})" if when else ""), width, "  ", "    ")


def _row(point: Point, language: Language) -> tuple[str, ...]:
    score = point.score
    return (
        formats.day(point.day, language),
        formats.number(point.counted, language),
        formats.number(point.on_target, language),
        formats.number(point.dual_stack, language),
        formats.interval(score.low, score.high, language) if score else "–",
        formats.percent(score.coverage, language) if score else "–",
        _note(point, language),
    )


def _note(point: Point, language: Language) -> str:
    """Return why a run carries no trend; empty where it does."""
    w = words(language)
    if point.partial:
        return w["trend.partial"]
    if not point.complete:
        return w["trend.incomplete"]
    return "" if point.usable else w["trend.elsewhere"]


def trend_document(
    points: Sequence[Point], pace: Pace | None, outlooks: Sequence[Outlook]
) -> dict[str, JSON]:
    """Return the trend as plain data."""
    return {
        "schema": SCHEMA,
        "runs": [_point(point) for point in points],
        "pace": None
        if pace is None
        else {
            "systems_per_week": {"low": pace.low, "median": pace.slope, "high": pace.high},
            "runs": pace.runs,
            "days": pace.days,
        },
        "deadlines": [_outlook(outlook) for outlook in outlooks],
    }


def _point(point: Point) -> JSON:
    score = point.score
    return {
        "id": safe_text(point.id, 100),
        "started": point.started.isoformat(),
        "day": point.day.isoformat(),
        "systems": point.systems,
        "counted": point.counted,
        "on_target": point.on_target,
        "dual_stack": point.dual_stack,
        "score": None
        if score is None
        else {"low": score.low, "high": score.high, "coverage": score.coverage},
        "partial": point.partial,
        "complete": point.complete,
        "usable": point.usable,
    }


def _outlook(outlook: Outlook) -> JSON:
    late = outlook.weeks_late
    return {
        "deadline": outlook.deadline.isoformat(),
        "due": outlook.due,
        "met": outlook.met,
        "state": outlook.state,
        "earliest": None if outlook.earliest is None else outlook.earliest.isoformat(),
        "latest": None if outlook.latest is None else outlook.latest.isoformat(),
        "weeks_late": None if late is None else {"least": late[0], "most": late[1]},
    }
