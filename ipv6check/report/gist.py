"""What page one, the matrix and the roadmap need of a system's findings: sums, made when they are read.

So that the findings themselves need not be held: of ten thousand systems they are gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ipv6check.model.finding import SEVERITIES
from ipv6check.report.entries import FindingEntry, Gist, Open

OURS = "vantage."
"""How the reasons begin that are the scanner's own trouble, and no system's."""


@dataclass(slots=True)
class _Sum:
    """One verdict for one reason while it is being counted."""

    severity: str | None = None
    findings: int = 0
    follows: int = 0
    remedy: str = ""


def severity_rank(severity: str | None) -> int:
    """Return a severity's number, 0 the gravest; what has none is last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def urgency(finding: FindingEntry) -> tuple[bool, int, str, str]:
    """Return what puts findings in the order of a page: fails first, the gravest before all others."""
    return finding.verdict != "fail", severity_rank(finding.severity), finding.check, finding.id


def gist(findings: Iterable[FindingEntry]) -> Gist:
    """Sum up a system's findings, folded."""
    shown: dict[str, dict[str, int]] = {}
    sums: dict[tuple[str, str], _Sum] = {}
    remedies: list[FindingEntry] = []
    for top in findings:
        for finding in (top, *top.followers):
            counts = shown.setdefault(finding.check.partition(".")[0], {})
            verdict = "accepted" if finding.accepted else finding.verdict
            counts[verdict] = counts.get(verdict, 0) + 1
        if top.accepted or top.verdict not in ("fail", "unknown"):
            continue
        known = sums.setdefault((top.verdict, top.reason), _Sum())
        known.findings += 1
        known.follows += len(top.followers)
        if severity_rank(top.severity) < severity_rank(known.severity):
            known.severity = top.severity
        if top.reason.startswith(OURS):
            known.remedy = known.remedy or top.remedy
        if top.remedy:
            remedies.append(top)
    return Gist(
        shown=_shown(tuple((area, tuple(counts.items())) for area, counts in shown.items())),
        open=_open(
            tuple(
                Open(
                    verdict=verdict,
                    reason=reason,
                    severity=s.severity,
                    findings=s.findings,
                    follows=s.follows,
                    remedy=s.remedy,
                )
                for (verdict, reason), s in sums.items()
            )
        ),
        action=_first_action(remedies),
    )


# Thousands of systems amount to the same: what they share is held once.
@lru_cache(maxsize=4096)
def _shown(counts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]) -> Mapping[str, Mapping[str, int]]:
    return {area: dict(verdicts) for area, verdicts in counts}


@lru_cache(maxsize=4096)
def _open(found: tuple[Open, ...]) -> tuple[Open, ...]:
    return found


def _first_action(remedied: list[FindingEntry]) -> str:
    """Return what is to be done first: the remedy of the worst open problem, its first sentence.

    Where nothing definitely fails, what would settle the worst unknown.
    """
    found = [each for each in remedied if each.verdict == "fail"] or remedied
    if not found:
        return ""
    remedy = min(found, key=_urgency).remedy.split("\n", 1)[0]
    head, stop, _ = remedy.partition(". ")
    return head + stop.strip()


def _urgency(finding: FindingEntry) -> tuple[int, int, str, str]:
    return severity_rank(finding.severity), -len(finding.followers), finding.check, finding.id
