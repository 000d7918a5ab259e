"""A summary in Markdown (CommonMark with tables), for a merge request, a ticket or a chat.

Page one and the table of systems. Every text is escaped: a name of a stranger is neither a link, nor
an image, nor markup, nor a mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ipv6check.locale import formats
from ipv6check.model.profile import LEVELS
from ipv6check.model.run import Judged
from ipv6check.model.text import JSON
from ipv6check.report import digest, phrases
from ipv6check.report.entries import Report, SystemEntry
from ipv6check.report.reading import read

__all__ = ["render"]

_MARKUP = re.compile(r"[\\`*_{}\[\]()#+\-!|~^$=]")
# Bare addresses, hosts and mentions become links by themselves in most dialects.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", ":": "&#58;", "@": "&#64;"}
_SIGNS = {"reached": "✓", "missed": "✗", "undecided": "?", "apart": "–", "unscanned": "–"}
_SHOWN = 15


def render(judged: Judged, options: Mapping[str, JSON]) -> bytes:
    """Return the summary; `language` is "vi" or "en"."""
    report = read(judged, "en" if options.get("language") == "en" else "vi")
    return ("\n".join(_lines(report)) + "\n").encode("utf-8")


def escape(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    marked = _MARKUP.sub(lambda match: f"\\{match[0]}", text)
    for character, entity in _ENTITIES.items():
        marked = marked.replace(character, entity)
    return re.sub(r"\bwww\.", "www&#46;", marked, flags=re.IGNORECASE)


def _lines(report: Report) -> Iterator[str]:
    say = phrases.say
    yield f"# {escape(say(report, 'title.report'))} · {escape(report.organization)}"
    yield ""
    yield f"**{escape(phrases.headline(report))}**"
    if tail := phrases.headline_tail(report):
        yield ""
        yield escape(tail)
    notices = list(phrases.notices(report))
    if notices:
        yield from ("", *(f"- {escape(notice)}" for notice in notices))
    yield ""
    yield _score(report)
    yield from _levels(report)
    yield from _reasons(report)
    yield from _systems(report)
    yield ""
    yield f"{escape(report.run.id)} · {escape(report.run.tool)}"


def _score(report: Report) -> str:
    name = escape(phrases.say(report, "score.heading"))
    score = report.totals.score
    if score is None:
        return f"{name}: {escape(phrases.say(report, 'score.none'))}"
    shown = formats.interval(score.low, score.high, report.language)
    coverage = formats.percent(score.coverage, report.language)
    told = f"{shown} {phrases.say(report, 'score.of')}; {phrases.say(report, 'score.coverage')} {coverage}"
    return f"{name}: {escape(told)}"


def _levels(report: Report) -> Iterator[str]:
    if not report.totals.levelled:
        return
    head = (phrases.say(report, "levels.level"), phrases.say(report, "levels.count"))
    counts = report.totals.levels
    yield from _table(
        phrases.say(report, "levels.heading"),
        head,
        (
            (
                f"{rank} {phrases.told(report, 'level', level)}",
                formats.number(counts.get(level, 0), report.language),
            )
            for rank, level in reversed(list(enumerate(LEVELS)))
        ),
    )


def _reasons(report: Report) -> Iterator[str]:
    found = digest.failing_reasons(report)
    if not found:
        return
    head = tuple(phrases.say(report, f"reasons.{key}") for key in ("reason", "severity", "systems", "units"))
    yield from _table(
        phrases.say(report, "reasons.heading"),
        head,
        (
            (
                f"{reason.title} ({reason.code})",
                phrases.told(report, "severity", reason.severity or "info"),
                formats.number(len(reason.systems), report.language),
                "; ".join(unit for unit, _ in reason.units),
            )
            for reason in found[:_SHOWN]
        ),
    )
    if len(found) > _SHOWN:
        yield from ("", escape(phrases.say(report, "reasons.more", count=len(found) - _SHOWN)))


def _systems(report: Report) -> Iterator[str]:
    if report.systems:
        keys = ("matrix.system", "group.unit_one", "levels.level", "levels.target", "group.score")
        head = tuple(phrases.say(report, key) for key in keys)
        yield from _table(
            phrases.say(report, "title.systems"), head, (_system(report, s) for s in report.systems)
        )


def _system(report: Report, system: SystemEntry) -> tuple[str, ...]:
    if not system.scanned:
        state = "unscanned"
    else:
        state = digest.state(system) if digest.on_ladder(system) else "apart"
    score = system.score
    return (
        f"{system.name} ({system.id})",
        system.unit_name,
        phrases.told(report, "level_short", system.level) if system.level else "–",
        f"{_SIGNS[state]} {phrases.say(report, f'state_short.{state}')}",
        formats.interval(score.low, score.high, report.language) if score else "–",
    )


def _table(title: str, head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    columns = [escape(cell) for cell in head]
    yield from ("", f"## {escape(title)}", "", _row(columns), _row(["---"] * len(columns)))
    for row in rows:
        yield _row([escape(cell) for cell in row])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
