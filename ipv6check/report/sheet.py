"""What every part of the terminal summary has: the report, colour or none, a width, phrases, headings."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.report import phrases
from ipv6check.report.entries import Report
from ipv6check.report.lines import cut, paint


class Sheet:
    """A part of a summary while it is being written."""

    def __init__(self, report: Report, color: bool, width: int) -> None:
        self.report = report
        self.color = color
        self.width = width

    def say(self, key: str, **args: int | str) -> str:
        """Return a phrase."""
        return phrases.say(self.report, key, **args)

    def section(self, key: str) -> Iterator[str]:
        """Yield a heading with an empty line before it."""
        yield ""
        yield paint(cut(self.say(key), self.width), "strong", self.color)
