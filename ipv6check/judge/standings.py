"""Score and level by what a system's findings amount to: made once, as many systems amount to the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ipv6check.judge.marking import Marked
from ipv6check.model.finding import Verdict
from ipv6check.model.inventory import System
from ipv6check.model.profile import Profile
from ipv6check.model.score import Level, Score
from ipv6check.score import Entry, level, score

# Areas that are not a system's: they have scores of their own.
APART = frozenset(("plan", "equipment", "programme", "deadline"))
_MOST = 2048  # sums that are remembered

Said = tuple[str, Verdict, bool]  # check, verdict, accepted


class Standings:
    """Scores and levels by one profile."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._scores: dict[frozenset[Said], Score | None] = {}
        self._levels: dict[tuple[frozenset[Said], str, str], Level] = {}

    def score(self, said: Sequence[Said]) -> Score | None:
        """Return the score of one system's findings; None where nothing counts."""
        once = frozenset(said)
        if once not in self._scores:
            if len(self._scores) >= _MOST:
                self._scores.clear()
            self._scores[once] = score(entries(sorted(once)), self.profile)
        known = self._scores[once]
        unknown = sum(verdict == "unknown" and not accepted for _, verdict, accepted in said)
        return known if known is None or known.unknown == unknown else replace(known, unknown=unknown)

    def level(self, said: Sequence[Said], system: System) -> Level:
        """Return the level that one system's findings reach; its goal must have levels."""
        key = (frozenset(said), system.goal, system.category)
        if key not in self._levels:
            if len(self._levels) >= _MOST:
                self._levels.clear()
            found = entries(sorted(key[0]))
            self._levels[key] = level(found, self.profile, goal=system.goal, category=system.category)
        return self._levels[key]


def said_of(marked: Sequence[Marked]) -> list[Said]:
    """Return what a system's score and level are made of."""
    return [
        (each.finding.check, each.finding.verdict, each.accepted)
        for each in marked
        if each.finding.check.partition(".")[0] not in APART
    ]


def entries(said: Sequence[Said]) -> list[Entry]:
    """Return findings as a score reads them."""
    return [Entry(check=check, verdict=verdict, accepted=accepted) for check, verdict, accepted in said]
