"""The summary's look ahead and back: blockers, deadlines, what is worse than last time, exceptions that end.

What has no data is absent.
"""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.locale import formats
from ipv6check.report import digest
from ipv6check.report.changes import change_entries
from ipv6check.report.difference import change_line
from ipv6check.report.lines import cut, paint, wrap
from ipv6check.report.outlooks import outlook_line, pace_line
from ipv6check.report.sheet import Sheet

_BLOCKERS = 4
_CHANGES = 6


class Ahead(Sheet):
    """These sections while they are being written."""

    def lines(self) -> Iterator[str]:
        """Yield all of them."""
        yield from self.blockers()
        yield from self.progress()
        yield from self.changes()
        yield from self.exceptions()

    def blockers(self) -> Iterator[str]:
        """Yield what blocks most systems."""
        found = digest.blockers(self.report)
        if not found:
            return
        yield from self.section("blockers.heading")
        for blocker in found[:_BLOCKERS]:
            line = self.say(
                "terminal.blocker_line",
                name=blocker.node.name,
                unlocks=blocker.unlocks,
                waiting=blocker.waiting,
            )
            due = blocker.needed_by
            by = f"{self.say('roadmap.needed_by')} {formats.day(due, self.report.language)}" if due else ""
            parts = (line, blocker.unit, blocker.owner, by)
            yield from wrap(" · ".join(part for part in parts if part), self.width, "  - ", "    ")
            if blocker.action:
                yield from wrap(blocker.action, self.width, "    ")

    def progress(self) -> Iterator[str]:
        """Yield the pace, each deadline, and what is worse than in the last run."""
        history, language = self.report.history, self.report.language
        if history is not None and (history.outlooks or history.pace):
            yield from self.section("trend.heading")
            yield from wrap(pace_line(history.pace, language), self.width, "  ")
            for outlook in history.outlooks:
                line = self.say(
                    "trend.deadline_line",
                    day=formats.day(outlook.deadline, language),
                    met=outlook.met,
                    due=outlook.due,
                    state=outlook_line(outlook, language),
                )
                yield from wrap(line, self.width, "  - ", "    ")

    def changes(self) -> Iterator[str]:
        """Yield what is worse than in the last comparable run."""
        since = self.report.history.since if self.report.history else None
        if since is None or not since.cohort:
            return
        language = self.report.language
        names = {system.id: system.name for system in self.report.systems}
        found = change_entries(since, ("broken", "lapsed"), names, language)
        day = formats.day(formats.local_day(since.old_started, self.report.timezone), language)
        if not found:
            yield ""
            yield from wrap(self.say("since.none", day=day), self.width)
            return
        yield ""
        yield paint(cut(self.say("since.heading", day=day), self.width), "strong", self.color)
        for change in found[:_CHANGES]:
            first, *others = wrap(change_line(change, language), self.width, "  ✗ ", "    ")
            yield paint(first, "fail", self.color)
            yield from others
        if len(found) > _CHANGES:
            yield f"    {self.say('since.more', count=len(found) - _CHANGES)}"

    def exceptions(self) -> Iterator[str]:
        """Yield the exceptions in their last 30 days."""
        found = digest.expiring(self.report)
        if not found:
            return
        yield from self.section("exceptions.heading")
        for each in found:
            day = formats.day(each.expires, self.report.language)
            left = self.say("exceptions.days", count=each.days)
            yield from wrap(
                f"{day} ({left}): {each.subject} · {each.check} · {each.owner}", self.width, "  - ", "    "
            )
