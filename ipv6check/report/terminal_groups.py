"""The summary's totals by unit, level of unit, category, site and exposure: the worst groups first.

A grouping of one group says nothing that the whole does not, and is absent.
"""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.locale import formats
from ipv6check.report import phrases
from ipv6check.report.entries import GroupEntry
from ipv6check.report.lines import cut, pad, paint
from ipv6check.report.sheet import Sheet

_SHOWN = 5  # groups of one grouping
_MET, _SCORE = 12, 14  # cells


class Groups(Sheet):
    """These sections while they are being written."""

    def lines(self) -> Iterator[str]:
        """Yield all groupings, each with the heads of its columns."""
        report = self.report
        yield from self.grouping("unit", report.by_unit, "nobody")
        yield from self.grouping("unit_level", report.by_unit_level, "no_level")
        yield from self.grouping("category", report.by_category, "other")
        yield from self.grouping("site", report.by_site, "nowhere")
        yield from self.grouping("exposure", report.by_exposure, "nowhere")

    def grouping(self, key: str, groups: tuple[GroupEntry, ...], without: str) -> Iterator[str]:
        """Yield one grouping; `without` is the phrase for the group of what has none."""
        if len(groups) < 2:
            return
        yield ""
        head = self._row(*(self.say(f"group.{name}") for name in (key, "on_target", "score", "worst")))
        yield paint(head, "strong", self.color)
        for group in sorted(groups, key=_worst_first)[:_SHOWN]:
            name = phrases.told(self.report, key, group.name) if group.name else self.say(f"group.{without}")
            yield self._row(f"  {name}", self._met(group), self._score(group), self._lowest(group))
        if len(groups) > _SHOWN:
            yield f"  {self.say('group.more', count=len(groups) - _SHOWN)}"

    def _row(self, name: str, met: str, score: str, lowest: str) -> str:
        """Return a line of four columns; the first and the last share what room there is."""
        room = max(self.width - _MET - _SCORE - 4, 8)
        first = room * 11 // 20
        cells = (
            pad(name, first),
            cut(met, _MET).rjust(_MET),
            cut(score, _SCORE).rjust(_SCORE),
        )
        return cut(f"{cells[0]}{cells[1]}  {cells[2]}  {lowest}", self.width).rstrip()

    def _met(self, group: GroupEntry) -> str:
        language, totals = self.report.language, group.totals
        if not totals.levelled:
            return "–"
        return f"{formats.number(totals.on_target, language)}/{formats.number(totals.levelled, language)}"

    def _score(self, group: GroupEntry) -> str:
        score = group.totals.score
        return formats.interval(score.low, score.high, self.report.language) if score else "–"

    def _lowest(self, group: GroupEntry) -> str:
        worst = group.totals.worst
        return next((system.name for system in self.report.systems if system.id == worst), worst or "")


def _worst_first(group: GroupEntry) -> tuple[bool, float, float, str]:
    """Order groups by their score, those without one last."""
    score = group.totals.score
    return (score is None, score.low if score else 0.0, score.high if score else 0.0, group.id)
