"""What the judgement as a whole needs of one system's findings, when they are written and gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ipv6check.judge.marking import Marked
from ipv6check.model.finding import Severity, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over a system's findings.

    `fails` are those that no exception covers, by severity; `places` how many checks of how many hosts
    fail for a reason of their own; `deadlines` the verdicts about its date.
    """

    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    fails: Mapping[Severity | None, int] = field(default_factory=dict)
    accepted: int = 0
    places: int = 0
    deadlines: tuple[Verdict, ...] = ()


def tally(marked: Iterable[Marked]) -> Tally:
    """Count findings."""
    verdicts: dict[Verdict, int] = {}
    fails: list[Marked] = []
    accepted = 0
    deadlines: list[Verdict] = []
    for each in marked:
        finding = each.finding
        verdicts[finding.verdict] = verdicts.get(finding.verdict, 0) + 1
        accepted += each.accepted
        if finding.verdict == "fail" and not each.accepted:
            fails.append(each)
        if finding.check == "deadline.met" and finding.verdict != "not_applicable":
            deadlines.append(finding.verdict)
    places = {(each.finding.check, each.finding.target.host) for each in fails if each.finding.root is None}
    return Tally(
        verdicts=verdicts,
        fails=Counter(each.severity for each in fails),
        accepted=accepted,
        places=len(places),
        deadlines=tuple(deadlines),
    )
