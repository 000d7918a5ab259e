"""A judged system as results.json has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from ipv6check.judge.cohort import declared
from ipv6check.judge.evidence import Plain, plain
from ipv6check.judge.marking import Marked
from ipv6check.judge.outcome import Outcome, holds
from ipv6check.judge.reproduce import command
from ipv6check.judge.totals import score_document
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Acceptance, Attested, Source
from ipv6check.model.observation import Observation
from ipv6check.model.score import Contribution, GateState
from ipv6check.model.text import Language
from ipv6check.score import TARGETS, points, written_coverage, written_score

Render = Callable[[Finding, Language], tuple[str, str]]


def system_document(
    outcome: Outcome,
    *,
    weight: Fraction,
    observations: Mapping[str, Observation],
    render: Render,
    as_of: date,
) -> tuple[dict[str, Plain], dict[str, Plain]]:
    """Return one entry of `systems`: what stands before that which holds it up, and what stands after it."""
    system = outcome.system
    findings: list[Plain] = [finding_document(each, observations, render) for each in outcome.marked]
    return _standing(outcome, weight), {
        "attested": [_attested(each, as_of) for each in system.attested],
        "score_attested": score_document(outcome.attested_score),
        "findings": findings,
    }


def _standing(outcome: Outcome, weight: Fraction) -> dict[str, Plain]:
    system, level = outcome.system, outcome.level
    parts = () if outcome.score is None else outcome.score.contributions
    return {
        "id": system.id,
        "name": plain(system.name.as_json()),
        "unit": system.unit,
        "site": system.site,
        "category": system.category,
        "criticality": system.criticality,
        "exposure": system.exposure,
        "goal": system.goal,
        "deadline": None if system.deadline is None else system.deadline.isoformat(),
        "declared": declared(system),
        "weight": number(weight),
        "source": _source(system.source),
        "scanned": outcome.scanned,
        "level": None if level is None else level.name,
        "target": TARGETS.get(system.goal),
        "on_target": outcome.on_target,
        "with_exceptions": level is not None and level.with_exceptions,
        "gates": [] if level is None else [_gate(state) for state in level.gates],
        "score": score_document(outcome.score),
        "contributions": _contributions(parts),
        "unknown": sum(each.finding.verdict == "unknown" and not each.accepted for each in outcome.marked),
    }


def finding_document(
    marked: Marked, observations: Mapping[str, Observation], render: Render
) -> dict[str, Plain]:
    """Return one entry of `findings`."""
    finding = marked.finding
    evidence = [observations[identity] for identity in finding.evidence if identity in observations]
    (vi, vi_remedy), (en, en_remedy) = render(finding, "vi"), render(finding, "en")
    return {
        "id": marked.id,
        "check": finding.check,
        "verdict": finding.verdict,
        "reason": finding.reason,
        "severity": marked.severity,
        "vantage": finding.vantage,
        "accepted": marked.accepted,
        "acceptance": _acceptance(marked.acceptance, expired=not marked.accepted),
        "target": _target(finding),
        "root": finding.root,
        "args": plain(finding.args),
        "message": {"vi": vi, "en": en},
        "remedy": {"vi": vi_remedy, "en": en_remedy} if vi_remedy or en_remedy else None,
        "source": None if finding.source is None else _source(finding.source),
        "evidence": list(finding.evidence),
        "reproduce": command(finding, evidence),
    }


def _target(finding: Finding) -> Plain:
    target = finding.target
    found: dict[str, Plain] = {
        "host": target.host,
        "address": target.address,
        "family": target.family,
        "port": target.port,
        "transport": target.transport,
        "app": target.app,
    }
    if finding.check.startswith("plan.") and finding.system:
        found["system"] = finding.system
    if target.prefix:
        found["prefix"] = target.prefix
    if target.equipment:
        found["equipment"] = target.equipment
    if target.milestone:
        found["milestone"] = target.milestone
    return found


def _source(source: Source) -> Plain:
    return {"file": source.file, "line": source.line}


def _gate(state: GateState) -> Plain:
    return {
        "gate": state.gate,
        "passed": state.passed,
        "coverage": None if state.coverage is None else written_coverage(state.coverage),
        "failing": list(state.failing),
        "excused": state.excused,
    }


def _contributions(parts: Sequence[Contribution]) -> Plain:
    # Systems of one standing share their parts (standings.py). What is remembered keeps the parts alive,
    # so that their identity is theirs alone.
    known = _written.get(id(parts))
    if known is None or known[0] is not parts:
        if len(_written) >= _MOST:
            _written.clear()
        known = _written[id(parts)] = (parts, _contributions_document(parts))
    return known[1]


_MOST = 2048
_written: dict[int, tuple[Sequence[Contribution], Plain]] = {}


def _contributions_document(parts: Sequence[Contribution]) -> Plain:
    return [
        {
            "check": part.check,
            "weight": number(part.weight),
            "low": written_coverage(part.low),
            "high": written_coverage(part.high),
            "points": {"low": written_score(low), "high": written_score(high), "most": written_score(most)},
        }
        for part, low, high, most in points(parts)
    ]


def number(value: Fraction) -> int | float:
    """Return a weight as a whole number where it is one."""
    return value.numerator if value.denominator == 1 else float(value)


def _acceptance(acceptance: Acceptance | None, *, expired: bool) -> Plain:
    if acceptance is None:
        return None
    return {
        "why": acceptance.why,
        "owner": acceptance.owner,
        "expires": acceptance.expires.isoformat(),
        "expired": expired,
        "source": _source(acceptance.source),
    }


def _attested(attested: Attested, as_of: date) -> Plain:
    return {
        "check": attested.check,
        "verdict": attested.verdict,
        "by": attested.by,
        "date": attested.date.isoformat(),
        "expires": attested.expires.isoformat(),
        "valid": holds(attested, as_of),
        "evidence": attested.evidence,
        "source": _source(attested.source),
    }
