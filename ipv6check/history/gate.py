"""The baseline gate: is anything worse than it was, with hysteresis for what only flaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ipv6check.history.difference import compare
from ipv6check.history.steadiness import Record, marked
from ipv6check.history.verdicts import stand
from ipv6check.model.history import Change, Difference
from ipv6check.model.past import PastRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Regressions:
    """`breaking` break the gate, `flapping` would if they were steady; both without what only follows.

    `record` says how each of `flapping` stood in the last runs.
    """

    difference: Difference
    breaking: tuple[Change, ...]
    flapping: tuple[tuple[Change, Record], ...]


def regressions(baseline: PastRun, runs: Sequence[PastRun]) -> Regressions:
    """Compare the last of `runs` with the baseline.

    Worse is what was good and is definitely bad, and an exception that has ended over something bad.
    Unknown is not worse, nor is a system that the baseline did not measure alike. What went to and fro
    in the last five runs counts only once it is bad in four of them.
    """
    difference, records = marked(compare(baseline, runs[-1]), runs)
    broken = [change for change in difference.of("broken") if records[change].broken]
    lapsed = [change for change in difference.of("lapsed") if _bad(change)]
    flapping = [change for change in difference.of("broken") if not records[change].broken]
    return Regressions(
        difference=difference,
        breaking=roots([*broken, *lapsed]),
        flapping=tuple((change, records[change]) for change in roots(flapping)),
    )


def _bad(change: Change) -> bool:
    return change.after is not None and stand(change.after) == "bad"


def roots(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes that follow from no other of them, by system, check and id."""
    named = {(change.system, change.either.id) for change in changes}
    found = [change for change in changes if (change.system, change.root) not in named]
    return tuple(sorted(found, key=lambda each: (each.system, each.either.check, each.either.id)))
