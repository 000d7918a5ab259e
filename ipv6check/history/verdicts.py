"""Findings of two runs put side by side: what each says, and what it says where it has no such finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from ipv6check.model.history import ChangeKind
from ipv6check.model.past import PastFinding, PastSystem

# `excused`: an exception covers it. `none`: the check was not asked, or is not about this system.
Stand = Literal["good", "bad", "unknown", "excused", "none"]
_WORST: tuple[Stand, ...] = ("bad", "unknown", "excused", "good", "none")

# (before, after) → what the change is. A pair that is not here is no change, or one of reason only.
# Its mirror is the mirror of the change: that is what makes a difference antisymmetric.
TRANSITIONS: Mapping[tuple[Stand, Stand], ChangeKind] = {
    ("bad", "good"): "fixed",
    ("good", "bad"): "broken",
    ("good", "unknown"): "newly_unknown",
    ("bad", "unknown"): "newly_unknown",
    ("excused", "unknown"): "newly_unknown",
    ("unknown", "good"): "newly_known",
    ("unknown", "bad"): "newly_known",
    ("unknown", "excused"): "newly_known",
    ("bad", "excused"): "excused",
    ("good", "excused"): "excused",
    ("excused", "bad"): "lapsed",
    ("excused", "good"): "lapsed",
    ("none", "bad"): "new",
    ("none", "unknown"): "new",
    ("none", "excused"): "new",
    ("bad", "none"): "gone",
    ("unknown", "none"): "gone",
    ("excused", "none"): "gone",
}
MIRROR: Mapping[ChangeKind, ChangeKind] = {
    "fixed": "broken",
    "broken": "fixed",
    "newly_unknown": "newly_known",
    "newly_known": "newly_unknown",
    "excused": "lapsed",
    "lapsed": "excused",
    "new": "gone",
    "gone": "new",
    "changed": "changed",
}


def stand(finding: PastFinding) -> Stand:
    """Return where a finding stands; a warn is good, as in the gates."""
    if finding.accepted:
        return "excused"
    if finding.verdict == "fail":
        return "bad"
    if finding.verdict == "unknown":
        return "unknown"
    return "none" if finding.verdict == "not_applicable" else "good"


class Sheet:
    """One system's findings in one run, by id; where an id stands twice, the worst counts."""

    def __init__(self, system: PastSystem) -> None:
        self.findings: dict[str, PastFinding] = {}
        self._checks: dict[str, Stand] = {}
        for finding in system.findings:
            known = self.findings.get(finding.id)
            if known is None or _rank(finding) < _rank(known):
                self.findings[finding.id] = finding
        for finding in self.findings.values():
            found = _elsewhere(stand(finding))
            self._checks[finding.check] = _worse(found, self._checks.get(finding.check, "none"))

    def stand(self, identity: str, check: str) -> Stand:
        """Return where a finding stands here, also if the run has none of that id.

        Then its check speaks for it: a check that answered definitely found nothing wrong there, as when
        a forbidden port is named only in the run that saw it open; one that is unknown says nothing.
        """
        finding = self.findings.get(identity)
        return stand(finding) if finding is not None else self._checks.get(check, "none")


def _elsewhere(own: Stand) -> Stand:
    """Return what a finding says of the other things that its check looked at: a fail there is its own."""
    return "good" if own in ("bad", "excused") else own


def _worse(one: Stand, other: Stand) -> Stand:
    return min(one, other, key=_WORST.index)


def _rank(finding: PastFinding) -> tuple[int, str]:
    return _WORST.index(stand(finding)), finding.reason


def pairs(before: Sheet, after: Sheet) -> Iterable[tuple[str, str]]:
    """Return (id, check) of every finding of either side, in the order of ids."""
    both = {
        **{i: f.check for i, f in before.findings.items()},
        **{i: f.check for i, f in after.findings.items()},
    }
    return sorted(both.items())
