"""What only goes to and fro is no change: findings that changed twice or more in the last five runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ipv6check.history.verdicts import Sheet
from ipv6check.model.history import Change, Difference
from ipv6check.model.past import PastRun

WINDOW = 5
_CHANGES = 2  # in the window: more than one change, and it flaps
_BAD = 4  # of the window: so often bad, and it is broken all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How one finding stood in the last runs: changes between good and bad, and how often it was bad.

    Runs that could not tell, or in which an exception covered it, are neither.
    """

    changes: int
    bad: int
    known: int

    @property
    def unsteady(self) -> bool:
        """Whether it flaps."""
        return self.changes >= _CHANGES

    @property
    def broken(self) -> bool:
        """Whether it is broken, flapping or not: bad now and in nearly all of the last runs."""
        return not self.unsteady or self.bad >= _BAD


class Window:
    """The last runs up to and with the one that is judged, oldest first; only the last five are looked at."""

    def __init__(self, runs: Sequence[PastRun]) -> None:
        self.runs = len(runs[-WINDOW:])
        self._systems = [{system.id: system for system in run.systems} for run in runs[-WINDOW:]]
        self._sheets: dict[str, list[Sheet]] = {}

    def record(self, system: str, identity: str, check: str) -> Record:
        """Return how a finding stood in the runs that measured its system as it is declared now."""
        if system not in self._sheets:
            self._sheets[system] = self._alike(system)
        stands = [
            found
            for sheet in self._sheets[system]
            if (found := sheet.stand(identity, check)) in ("good", "bad")
        ]
        changes = sum(one != other for one, other in pairwise(stands))
        return Record(changes=changes, bad=stands.count("bad"), known=len(stands))

    def _alike(self, system: str) -> list[Sheet]:
        found = [run[system] for run in self._systems if system in run]
        return [Sheet(each) for each in found if each.scanned and each.declared == found[-1].declared]


def marked(difference: Difference, runs: Sequence[PastRun]) -> tuple[Difference, Mapping[Change, Record]]:
    """Return the difference with what flaps marked, and the record of everything fixed or broken.

    `runs` are whole comparable runs, oldest first, the newer of the two last.
    """
    window = Window(runs)
    records: dict[Change, Record] = {}
    changes = []
    for change in difference.changes:
        if change.kind in ("fixed", "broken"):
            record = window.record(change.system, change.either.id, change.either.check)
            change = replace(change, unsteady=record.unsteady)
            records[change] = record
        changes.append(change)
    return replace(difference, changes=tuple(changes)), records
