"""Address plan, equipment and programme judged: findings marked, and a score for each area.

Each prefix, piece of equipment and milestone is judged like a system, by its own findings; an area's
score is the mean over them (equipment by criticality), so that one orphan does not sink a plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ipv6check.judge.auditing import Audited
from ipv6check.judge.evidence import Plain
from ipv6check.judge.marking import Marked, by_system, mark
from ipv6check.judge.outcome import in_order
from ipv6check.judge.totals import VERDICTS, score_document, worst_document
from ipv6check.model.finding import SEVERITIES, Finding
from ipv6check.model.inventory import Criticality, Inventory
from ipv6check.model.profile import Profile
from ipv6check.model.score import Score
from ipv6check.score import Entry, Member, mean, score


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One prefix, piece of equipment or milestone (or system, of the plan) as judged."""

    id: str
    marked: tuple[Marked, ...]
    score: Score | None
    criticality: Criticality = "normal"

    def of(self, check: str) -> Marked | None:
        """Return its finding of a check."""
        return next((each for each in self.marked if each.finding.check == check), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """What was judged apart from systems, each sorted by id."""

    plan: tuple[Judgement, ...]
    equipment: tuple[Judgement, ...]
    programme: tuple[Judgement, ...]

    @property
    def marked(self) -> Iterable[Marked]:
        """Every finding of the three areas."""
        for judgement in (*self.plan, *self.equipment, *self.programme):
            yield from judgement.marked


def areas(audited: Audited, inventory: Inventory, profile: Profile, as_of: date) -> Areas:
    """Judge the three areas by what the audits found."""
    exceptions = by_system(inventory.accept)

    def judged(
        found: Mapping[str, Sequence[Finding]], criticality: Mapping[str, Criticality] | None = None
    ) -> tuple[Judgement, ...]:
        return tuple(
            _judgement(
                name,
                [mark(each, profile, exceptions.get(each.system, ()), as_of) for each in found[name]],
                profile,
                (criticality or {}).get(name, "normal"),
            )
            for name in sorted(found)
        )

    return Areas(
        plan=judged(_by_matter(audited.plan_findings)),
        equipment=judged(audited.equipment, {item.id: item.criticality for item in inventory.equipment}),
        programme=judged(audited.programme),
    )


def _by_matter(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Group the plan's findings by the prefix, or the system, that they are about."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.target.prefix or finding.system, []).append(finding)
    return found


def _judgement(name: str, marked: Iterable[Marked], profile: Profile, criticality: Criticality) -> Judgement:
    ordered = in_order(marked)
    entries = (
        Entry(check=each.finding.check, verdict=each.finding.verdict, accepted=each.accepted)
        for each in ordered
    )
    return Judgement(id=name, marked=ordered, score=score(entries, profile), criticality=criticality)


def area_totals(found: Areas, profile: Profile) -> dict[str, Plain]:
    """Return `totals.areas` of results.json: each area's score and counts."""
    return {
        "plan": _totals(found.plan, profile),
        "equipment": _totals(found.equipment, profile),
        "programme": _totals(found.programme, profile),
    }


def _totals(judgements: Sequence[Judgement], profile: Profile) -> Plain:
    members = [Member(id=each.id, criticality=each.criticality, score=each.score) for each in judgements]
    marked = [each for judgement in judgements for each in judgement.marked]
    verdicts = Counter(each.finding.verdict for each in marked)
    fails = Counter(each.severity for each in marked if each.finding.verdict == "fail" and not each.accepted)
    return {
        "judged": len(judgements),
        "score": score_document(mean(members, profile.criticality)),
        "not_scored": sum(each.score is None for each in judgements),
        "worst": worst_document(members),
        "findings": {verdict: verdicts[verdict] for verdict in VERDICTS},
        "fails": {severity: fails[severity] for severity in SEVERITIES},
        "accepted": sum(each.accepted for each in marked),
    }
