"""What a judgement adds to a finding: its id, its severity, and the exception that fits it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ipv6check.model.finding import SEVERITIES, Finding, Severity
from ipv6check.model.identity import finding_id
from ipv6check.model.inventory import Acceptance
from ipv6check.model.profile import CheckProfile, Profile
from ipv6check.score.interval import UNWEIGHED

# A warn is never worse than this, unless the profile says so of its very reason.
WORST_WARN: Severity = "medium"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One finding as it counts. `acceptance` fits it; `accepted` says that it does so today."""

    finding: Finding
    id: str
    severity: Severity | None
    accepted: bool = False
    acceptance: Acceptance | None = None


def severity(finding: Finding, profile: Profile) -> Severity | None:
    """Return how much a fail or warn matters, or what an unknown would; None for the others.

    An unknown keeps the severity that its check's fail would have.
    """
    if finding.verdict in ("pass", "not_applicable"):
        return None
    rules: CheckProfile = profile.checks.get(finding.check, UNWEIGHED)
    own = rules.reasons.get(finding.reason)
    if own is not None:
        return own
    if finding.verdict == "warn":
        return max(rules.severity, WORST_WARN, key=SEVERITIES.index)
    return rules.severity


def fits(acceptance: Acceptance, finding: Finding) -> bool:
    """Whether an exception is about this finding; what it leaves open matches anything.

    A pass has nothing to accept: an exception that outlived its trouble must not hide a success.
    """
    target = finding.target
    return (
        finding.verdict not in ("pass", "not_applicable")
        and acceptance.system == finding.system
        and acceptance.check == finding.check
        and acceptance.host in (None, target.host, target.address)
        and acceptance.port in (None, target.port)
        and acceptance.vantage in (None, finding.vantage)
        and acceptance.code in (None, finding.reason)
        and acceptance.prefix in (None, target.prefix)
        and acceptance.equipment in (None, target.equipment)
        and acceptance.milestone in (None, target.milestone)
    )


def by_system(accept: Iterable[Acceptance]) -> Mapping[str, Sequence[Acceptance]]:
    """Return the exceptions of each system (of none: under ""), those that hold longest first."""
    found: dict[str, list[Acceptance]] = {}
    for acceptance in sorted(accept, key=lambda each: (each.expires, each.source), reverse=True):
        found.setdefault(acceptance.system, []).append(acceptance)
    return found


def mark(finding: Finding, profile: Profile, acceptances: Sequence[Acceptance], as_of: date) -> Marked:
    """Return the finding with what the judgement adds. An exception holds through its last day."""
    acceptance = next((each for each in acceptances if fits(each, finding)), None) if acceptances else None
    return Marked(
        finding=finding,
        id=finding_id(finding),
        severity=severity(finding, profile),
        accepted=acceptance is not None and as_of <= acceptance.expires,
        acceptance=acceptance,
    )
