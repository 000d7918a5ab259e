"""What the roadmap page and page one's progress are given: drawings, deadlines, changes, exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ipv6check.locale import formats
from ipv6check.model.history import Outlook
from ipv6check.report import digest
from ipv6check.report.changes import ChangeEntry, change_entries
from ipv6check.report.entries import Report
from ipv6check.report.html import burnup, graph
from ipv6check.report.outlooks import arrival, outlook_line, pace_line

_SIGNS = {
    "met": "pass",
    "on_time": "pass",
    "at_risk": "warn",
    "late": "fail",
    "no_end": "fail",
    "no_forecast": "unknown",
}
_ROWS, _ROWS_A_WAVE = 1500, 300  # so that the page stays under 2 MiB


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One deadline as a row."""

    deadline: date
    due: int
    met: int
    sign: str
    text: str
    arrival: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What is worse than in the last run, and how much was fixed or only flaps."""

    day: str
    changes: tuple[ChangeEntry, ...]
    fixed: int
    unsteady: int


def progress(report: Report) -> dict[str, Any]:
    """Return page one's burn-up, deadlines, regressions and exceptions; None or empty without data."""
    history = report.history
    outlooks = history.outlooks if history else ()
    return {
        "burnup": burnup.burn_up(history, report.totals.levelled),
        "outlooks": [_deadline(each, report) for each in outlooks],
        "pace": pace_line(history.pace, report.language) if history else "",
        "since": since(report),
        "expiring": digest.expiring(report),
    }


def _deadline(outlook: Outlook, report: Report) -> Deadline:
    return Deadline(
        deadline=outlook.deadline,
        due=outlook.due,
        met=outlook.met,
        sign=_SIGNS[outlook.state],
        text=outlook_line(outlook, report.language),
        arrival=arrival(outlook, report.language),
    )


def since(report: Report) -> Since | None:
    """Return what is worse than in the last comparable run; None if there is none, or nothing to compare."""
    difference = report.history.since if report.history else None
    if difference is None or not difference.cohort:
        return None
    names = {system.id: system.name for system in report.systems}
    language = report.language
    day = formats.local_day(difference.old_started, report.timezone)
    return Since(
        day=formats.day(day, language),
        changes=change_entries(difference, ("broken", "lapsed"), names, language),
        fixed=len(change_entries(difference, ("fixed",), names, language)),
        unsteady=len(change_entries(difference, ("broken", "fixed"), names, language, unsteady=True)),
    )


def roadmap(report: Report) -> dict[str, Any]:
    """Return what the roadmap page shows: the drawing, each wave with the rows there is room for."""
    waves = []
    room = _ROWS
    for wave in report.route.waves:
        shown = wave.steps[: min(_ROWS_A_WAVE, room)]
        room -= len(shown)
        waves.append({"wave": wave, "steps": shown, "more": len(wave.steps) - len(shown)})
    return {"graph": graph.graph(report.route), "box": graph.BOX, "waves": waves}
