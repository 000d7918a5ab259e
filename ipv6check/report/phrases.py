"""Sentences that several formats print alike: the verdict, who has no level, which vantage is blind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from ipv6check.locale import formats, words
from ipv6check.report import digest
from ipv6check.report.area_entries import AreaEntry
from ipv6check.report.entries import FindingEntry, Report

BLIND = ("none", "broken", "unverified")  # states in which a vantage confirms nothing


def say(report: Report, key: str, **args: int | str) -> str:
    """Return a phrase of the report's language, its numbers written as that language does.

    `KEY_one`, where there is one, is what is said of a `count` of 1.
    """
    told = {
        name: formats.number(value, report.language) if isinstance(value, int) else value
        for name, value in args.items()
    }
    phrases = words(report.language)
    alone = args.get("count") == 1 and f"{key}_one" in phrases
    return phrases[f"{key}_one" if alone else key].format(**told)


def told(report: Report, section: str, value: str) -> str:
    """Return the word for a value of the inventory or the results; the value itself if there is none."""
    return words(report.language).get(f"{section}.{value}", value)


def headline(report: Report) -> str:
    """Return the verdict: how many systems have reached dual-stack, or that nobody was asked."""
    if report.run.declared_only:
        return say(report, "verdict_line.declared", count=report.totals.systems)
    standing = digest.standing(report)
    if not standing.levelled:
        return say(report, "verdict_line.none")
    return say(report, "verdict_line.parity", parity=standing.parity, levelled=standing.levelled)


def scanned(report: Report) -> str:
    """Return when the run was made, and how; empty if it does not say."""
    run = report.run
    if run.started is None:
        return ""
    shown = formats.moment(run.started, report.timezone, report.language)
    return say(report, "head.declared" if run.declared_only else "head.scanned", moment=shown)


def headline_tail(report: Report) -> str:
    """Return the rest of the verdict: target, undecided, blockers, IPv6-only; empty if nobody has a level."""
    standing = digest.standing(report)
    if not standing.levelled:
        return ""
    parts = [
        say(report, "verdict_line.reached", count=standing.reached),
        say(report, "verdict_line.missed", count=standing.missed),
    ]
    if standing.undecided:
        parts.append(say(report, "verdict_line.undecided", count=standing.undecided))
    if blocking := digest.blockers(report):
        parts.append(say(report, "verdict_line.blockers", count=len(blocking)))
    if standing.pure_wanted:
        pure = say(report, "verdict_line.pure", pure=standing.pure, wanted=standing.pure_wanted)
        parts.append(pure)
    if since := compared(report):
        parts.append(since)
    return "; ".join(parts) + "."


def compared(report: Report) -> str:
    """Return how many more systems are dual-stack than in the last run, like for like; empty without one."""
    since = report.history.since if report.history else None
    if since is None or not since.cohort:
        return ""
    before, after = since.cohort_sums
    more = after.dual_stack - before.dual_stack
    shown = f"+{formats.number(more, report.language)}" if more > 0 else f"−{-more}" if more else "±0"
    day = formats.local_day(since.old_started, report.timezone)
    return say(report, "verdict_line.since", day=formats.day(day, report.language), more=shown)


def apart(report: Report) -> str:
    """Return who has no level; empty if everybody has one."""
    totals = report.totals
    counts = {
        "ipv4-only": totals.ipv4_only,
        "retired": totals.retired,
        "not_scanned": totals.not_scanned,
        "not_levelled": totals.not_levelled,
    }
    return "; ".join(say(report, f"apart.{key}", count=count) for key, count in counts.items() if count)


def notices(report: Report) -> Iterator[str]:
    """Yield what must be known before the figures are read: partial, incomplete, blind, warnings."""
    run = report.run
    if run.declared_only:
        yield say(report, "notice.declared_only")
    if run.partial and (run.selection or not run.declared_only):
        yield say(report, "notice.partial", selection=", ".join(run.selection) or "–")
    if run.merged:
        yield say(report, "notice.merged", vantages=", ".join(part.vantage for part in run.merged))
    if not run.complete:
        yield say(report, "notice.incomplete")
    for part in run.merged:
        if not part.complete:
            yield say(report, "notice.incomplete_from", vantage=part.vantage, id=part.id)
    for vantage in run.vantages:
        for family, state in (("IPv6", vantage.ipv6), ("IPv4", vantage.ipv4)):
            if state in BLIND:
                shown = told(report, "vantage_state", str(state)).lower()
                yield say(report, "notice.vantage", name=vantage.name, family=family, state=shown)
    yield from run.warnings


def area_line(report: Report, key: str, area: AreaEntry, count: int, findings: Iterable[FindingEntry]) -> str:
    """Return the one line of an area: how many, its score, and what was found; `key` is its title's."""
    parts = [say(report, f"area_line.{key}", count=count)]
    if area.score is not None:
        shown = formats.interval(area.score.low, area.score.high, report.language)
        parts.append(say(report, "area_line.score", score=shown))
    counts = Counter("accepted" if f.accepted else f.verdict for f in findings)
    told = (
        say(report, f"area_counts.{verdict}", count=counts[verdict])
        for verdict in ("fail", "warn", "unknown", "accepted")
        if counts[verdict]
    )
    return " · ".join([*parts, *told])


def deadline_lines(report: Report) -> Iterator[str]:
    """Yield one line on the systems that have a deadline: how many met it, missed it, have it ahead."""
    deadlines = report.programme.deadlines if report.programme else {}
    if not deadlines.get("systems"):
        return
    parts = [say(report, "area_line.deadlines", count=deadlines["systems"])]
    for state in ("met", "passed", "undecided", "ahead"):
        if count := deadlines.get(state):
            shown = told(report, "deadline_state", state)
            parts.append(f"{formats.number(count, report.language)} {shown[:1].lower()}{shown[1:]}")
    yield " · ".join(parts)
