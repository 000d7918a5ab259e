"""Totals over systems: all of them, and by unit, level of unit, category, site and exposure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from ipv6check.judge.evidence import Plain, plain
from ipv6check.judge.outcome import Outcome
from ipv6check.model.finding import SEVERITIES, Severity, Verdict
from ipv6check.model.inventory import Inventory
from ipv6check.model.profile import LEVELS, Profile
from ipv6check.model.score import Score
from ipv6check.model.text import Text
from ipv6check.score import Member, mean, worst, written_coverage, written_score

VERDICTS: tuple[Verdict, ...] = ("pass", "warn", "fail", "unknown", "not_applicable")


def totals_document(outcomes: Sequence[Outcome], inventory: Inventory, profile: Profile) -> dict[str, Plain]:
    """Return `totals` of results.json."""
    units = {unit.id: unit.name for unit in inventory.units}
    levels = {unit.id: unit.level for unit in inventory.units}
    sites = {site.id: site.name for site in inventory.sites}
    return {
        **counts(outcomes, profile),
        "by_unit": _groups(outcomes, profile, lambda each: each.system.unit, units),
        "by_unit_level": _groups(outcomes, profile, lambda each: levels.get(each.system.unit or ""), {}),
        "by_category": _groups(outcomes, profile, lambda each: each.system.category, {}),
        "by_site": _groups(outcomes, profile, lambda each: each.system.site, sites),
        "by_exposure": _groups(outcomes, profile, lambda each: each.system.exposure, {}),
    }


def counts(outcomes: Sequence[Outcome], profile: Profile) -> dict[str, Plain]:
    """Return the totals of one group of systems."""
    counted = [each for each in outcomes if each.counted]
    levels = Counter(each.level.name for each in counted if each.level is not None)
    members = [_member(each) for each in counted]
    scanned = [each for each in outcomes if each.scanned]
    goals = Counter(each.system.goal for each in scanned)
    verdicts: Counter[Verdict] = Counter()
    fails: Counter[Severity | None] = Counter()
    accepted = 0
    for each in scanned:
        tally = each.tally
        verdicts.update(tally.verdicts)
        fails.update(tally.fails)
        accepted += tally.accepted
    return {
        "systems": len(outcomes),
        "counted": len(counted),
        "on_target": sum(each.on_target is True for each in counted),
        "with_exceptions": sum(each.level is not None and each.level.with_exceptions for each in counted),
        "levels": {name: levels[name] for name in LEVELS},
        "not_levelled": sum(each.level is None for each in counted),
        "score": score_document(mean(members, profile.criticality)),
        "score_attested": _attested(counted, profile),
        "not_scored": sum(each.score is None for each in counted),
        "apart": {"ipv4-only": goals["ipv4-only"], "retired": goals["retired"]},
        "not_scanned": len(outcomes) - len(scanned),
        "worst": worst_document(members),
        "findings": {verdict: verdicts[verdict] for verdict in VERDICTS},
        "fails": {severity: fails[severity] for severity in SEVERITIES},
        "accepted": accepted,
    }


def score_document(score: Score | None) -> Plain:
    """Return a score as written, rounded here and nowhere else."""
    if score is None:
        return None
    return {
        "low": written_score(score.low),
        "high": written_score(score.high),
        "coverage": written_coverage(score.coverage),
    }


def _attested(counted: Sequence[Outcome], profile: Profile) -> Plain:
    """Return the score with what is attested in place of what is unknown; None where nothing valid is."""
    if all(each.attested_score is None for each in counted):
        return None
    members = [
        Member(
            id=each.system.id,
            criticality=each.system.criticality,
            score=each.score if each.attested_score is None else each.attested_score,
        )
        for each in counted
    ]
    return score_document(mean(members, profile.criticality))


def _member(outcome: Outcome) -> Member:
    return Member(id=outcome.system.id, criticality=outcome.system.criticality, score=outcome.score)


def worst_document(members: Iterable[Member]) -> Plain:
    """Return the member of the lowest score as written; None if none has a score."""
    last = worst(members)
    if last is None or last.score is None:
        return None
    return {
        "id": last.id,
        "low": written_score(last.score.low),
        "high": written_score(last.score.high),
    }


def _groups(
    outcomes: Sequence[Outcome],
    profile: Profile,
    key: Callable[[Outcome], str | None],
    names: Mapping[str, Text],
) -> list[Plain]:
    """Return the totals of each group, by id; the group of those that have none is last."""
    members: dict[str | None, list[Outcome]] = {}
    for each in outcomes:
        members.setdefault(key(each), []).append(each)
    ids = sorted(members, key=lambda name: (name is None, name or ""))
    return [
        {"id": name, "name": _name(names.get(name or "")), **counts(members[name], profile)} for name in ids
    ]


def _name(text: Text | None) -> Plain:
    return None if text is None else plain(text.as_json())
