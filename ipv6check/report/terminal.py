"""The summary after a scan: what a person reads on a terminal of 80 columns.

Verdict, score with coverage, levels, why systems fail and whose they are, what is not known, where
the report lies. Every remote string has passed `safe_text`; escape sequences are our own colours only.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from ipv6check.locale import formats
from ipv6check.model.profile import LEVELS
from ipv6check.model.run import Judged
from ipv6check.model.text import Language
from ipv6check.report import digest, phrases
from ipv6check.report.lines import cut, pad, paint, wrap
from ipv6check.report.reading import read
from ipv6check.report.safe import safe_text
from ipv6check.report.sheet import Sheet
from ipv6check.report.terminal_ahead import Ahead
from ipv6check.report.terminal_groups import Groups
from ipv6check.report.titles import reason_title

_REASONS = 6
_UNKNOWN = 4
_LEAST = 40  # columns below which nothing is laid out any narrower


def summary(
    judged: Judged, language: Language, color: bool, width: int = 80, *, places: Sequence[str] = ()
) -> str:
    """Return the summary, lines of at most `width` cells with a final newline.

    `color`: ANSI colours (the caller honours NO_COLOR). `places`: where the reports lie.
    """
    report = read(judged, language)
    page = _Page(report, color, max(width, _LEAST))
    return "\n".join(page.lines(places)) + "\n"


class _Page(Sheet):
    """One summary while it is being written."""

    def lines(self, places: Sequence[str]) -> Iterator[str]:
        """Yield all lines."""
        yield from self.head()
        yield from self.notices()
        yield from self.score()
        yield from self.levels()
        yield from self.reasons()
        yield from self.unknown()
        yield from Ahead(self.report, self.color, self.width).lines()
        yield from Groups(self.report, self.color, self.width).lines()
        yield from self.areas()
        yield from self.vantages()
        if places:
            yield from self.section("terminal.report")
            for place in places:
                # A path is there to be copied: it is never cut, even where it is longer than a line.
                yield f"  {safe_text(place)}"

    def head(self) -> Iterator[str]:
        """Yield title, run and verdict."""
        report = self.report
        title = f"{self.say('title.report')} · {report.organization}"
        yield from (paint(line, "strong", self.color) for line in wrap(title, self.width))
        told = [report.run.id]
        if report.run.started:
            told.append(formats.moment(report.run.started, report.timezone, report.language))
        told.append(report.run.tool)
        yield from (paint(line, "soft", self.color) for line in wrap(" · ".join(told), self.width))
        yield ""
        yield from (paint(line, "strong", self.color) for line in wrap(phrases.headline(report), self.width))
        yield from wrap(phrases.headline_tail(report), self.width)

    def notices(self) -> Iterator[str]:
        """Yield what must be known before the figures."""
        found = list(phrases.notices(self.report))
        if found:
            yield from self.section("notice.heading")
        for notice in found:
            yield from (
                paint(line, "unknown", self.color) for line in wrap(notice, self.width, "  ! ", "    ")
            )

    def score(self) -> Iterator[str]:
        """Yield the score as an interval on a scale of 0 to 100."""
        yield from self.section("score.heading")
        score = self.report.totals.score
        if score is None:
            yield f"  {self.say('score.none')}"
            return
        language = self.report.language
        shown = formats.interval(score.low, score.high, language)
        coverage = f"{self.say('score.coverage')} {formats.percent(score.coverage, language)}"
        line = f"{shown} {self.say('score.of')} · {coverage}"
        yield from wrap(line, self.width, "  ")
        attested = self.report.totals.score_attested
        if attested is not None:
            shown = formats.interval(attested.low, attested.high, language)
            yield from wrap(self.say("score.attested", score=shown), self.width, "  ")
        room = min(self.width - 10, 60)
        low, high = round(score.low * room / 100), round(score.high * room / 100)
        band = "▒" * (high - low) or ("▒" if low < room else "")
        bar = "█" * low + band + "·" * (room - low - len(band))
        yield f"  0 {paint(bar, 'l3', self.color)} 100"

    def levels(self) -> Iterator[str]:
        """Yield a bar a level, the highest first, and who has none; nothing where nobody was asked."""
        if self.report.run.declared_only:
            return
        totals = self.report.totals
        if totals.levelled:
            yield from self.section("levels.heading")
            names = {level: f"{digest.rank(level)} {self.say(f'level.{level}')}" for level in LEVELS}
            most = max(totals.levels.values(), default=0) or 1
            figures = len(formats.number(most, self.report.language))
            label = min(max(cell_len(name) for name in names.values()), self.width - figures - 14)
            room = self.width - label - figures - 6
            for level in reversed(LEVELS):
                count = totals.levels.get(level, 0)
                bar = "█" * max(round(count * room / most), 1 if count else 0)
                figure = formats.number(count, self.report.language).rjust(figures)
                line = f"  {pad(names[level], label)}  {figure}  "
                yield (line + paint(bar, f"l{digest.rank(level)}", self.color)).rstrip()
        if apart := phrases.apart(self.report):
            yield from wrap(self.say("levels.apart", parts=apart), self.width, "  ", "    ")

    def reasons(self) -> Iterator[str]:
        """Yield the most frequent reasons for failing, each with the units that own them."""
        found = digest.failing_reasons(self.report)
        yield from self.section("terminal.reasons")
        if not found:
            yield from wrap(self.say("reasons.none"), self.width, "  ")
        for reason in found[:_REASONS]:
            count = self.say("terminal.reason_line", count=len(reason.systems))
            severity = phrases.told(self.report, "severity", reason.severity or "info")
            line = f"{count} · {severity} · {reason.title} ({reason.code})"
            first, *others = wrap(line, self.width, "  ✗ ", "    ")
            yield paint(first, "fail", self.color)
            yield from (paint(other, "fail", self.color) for other in others)
            units = ", ".join(
                f"{unit} ({formats.number(count, self.report.language)})" for unit, count in reason.units
            )
            if units:
                yield cut(f"    {units}", self.width)
        if len(found) > _REASONS:
            yield f"    {self.say('terminal.more', count=len(found) - _REASONS)}"

    def unknown(self) -> Iterator[str]:
        """Yield what is not known, and why."""
        found = digest.unknown_reasons(self.report)
        if not found:
            return
        yield from self.section("untested.heading")
        for reason in found[:_UNKNOWN]:
            count = self.say("terminal.unknown_line", count=reason.findings + reason.follows)
            yield from wrap(f"{count} · {reason.title} ({reason.code})", self.width, "  ? ", "    ")
            yield from wrap(reason.remedy, self.width, "    ")
        if len(found) > _UNKNOWN:
            yield f"    {self.say('terminal.more', count=len(found) - _UNKNOWN)}"

    def areas(self) -> Iterator[str]:
        """Yield lines for the address plan, the equipment, the programme and dates, where there are any."""
        report = self.report
        lines: list[tuple[str, str]] = []
        if (plan := report.plan) is not None:
            lines.append(
                ("plan", phrases.area_line(report, "plan", plan.area, len(plan.prefixes), plan.findings))
            )
        if (devices := report.equipment) is not None:
            found = (finding for item in devices.items for finding in item.findings)
            count = len(devices.items)
            lines.append(("equipment", phrases.area_line(report, "equipment", devices.area, count, found)))
        if (programme := report.programme) is not None:
            count = len(programme.milestones)
            told = [phrases.area_line(report, "programme", programme.area, count, programme.findings)]
            told = [*told[: 1 if count else 0], *phrases.deadline_lines(report)]
            lines += [("programme", line) for line in told]
        for key, own in itertools.groupby(lines, key=lambda each: each[0]):
            yield from self.section(f"title.{key}")
            for _, line in own:
                yield from wrap(line, self.width, "  ", "    ")

    def vantages(self) -> Iterator[str]:
        """Yield how each vantage saw IPv4 and IPv6."""
        found = self.report.run.vantages
        if not found:
            return
        yield from self.section("terminal.vantages")
        for vantage in found:
            states = ", ".join(
                f"{family} {phrases.told(self.report, 'vantage_state', state).lower()}"
                for family, state in (("IPv4", vantage.ipv4), ("IPv6", vantage.ipv6))
                if state
            )
            why = ""
            if vantage.reason:
                why = f" · {reason_title(vantage.reason, self.report.language, 'unknown')} ({vantage.reason})"
            yield from wrap(f"{vantage.name}: {states}{why}", self.width, "  ", "    ")
