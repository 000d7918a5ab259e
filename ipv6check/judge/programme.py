"""The programme as results.json has it: milestones by phase, systems by deadline, what is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ipv6check.judge.areas import Areas
from ipv6check.judge.evidence import Plain, plain
from ipv6check.judge.indicators import indicator_document
from ipv6check.judge.marking import Marked
from ipv6check.judge.outcome import Outcome, in_order
from ipv6check.judge.systems import Render, finding_document
from ipv6check.model.inventory import Inventory, Milestone
from ipv6check.model.observation import Observation
from ipv6check.model.profile import PhaseRules, Profile

STATES = ("done", "overdue", "due_soon", "ahead", "undated")
DEADLINES = ("met", "passed", "ahead", "undecided")


def programme_document(
    inventory: Inventory,
    profile: Profile,
    found: Areas,
    outcomes: Sequence[Outcome],
    as_of: date,
    observations: Mapping[str, Observation],
    render: Render,
) -> dict[str, Plain]:
    """Return `programme` of results.json.

    A phase's milestones are the sum of those done, overdue, due soon, ahead and undated; the systems
    with a deadline the sum of those that met it, passed it, have it ahead, or cannot be decided.
    """
    milestones = sorted(inventory.programme, key=lambda each: each.id)
    marked = in_order(each for judgement in found.programme for each in judgement.marked)
    verdicts = {judged.id: judged.of("programme.on_time") for judged in found.programme}
    states = {each.id: state(each, verdicts.get(each.id), as_of) for each in milestones}
    return {
        "phases": _phases(profile, milestones, states, outcomes),
        "milestones": [_milestone(each, states[each.id]) for each in milestones],
        "deadlines": _deadlines(outcomes),
        "indicators": [
            indicator_document(each, inventory, outcomes, states, found, as_of) for each in profile.indicators
        ],
        "findings": [finding_document(each, observations, render) for each in marked],
    }


def state(milestone: Milestone, marked: Marked | None, as_of: date) -> str:
    """Return where a milestone stands: done, overdue, due_soon, ahead or undated."""
    if milestone.done is not None and milestone.done <= as_of:
        return "done"
    if milestone.due is None:
        return "undated"
    if milestone.due < as_of:
        return "overdue"
    soon = marked is not None and marked.finding.reason == "programme.due_soon"
    return "due_soon" if soon else "ahead"


def _milestone(milestone: Milestone, where: str) -> Plain:
    due, done = milestone.due, milestone.done
    return {
        "id": milestone.id,
        "name": plain(milestone.name.as_json()),
        "phase": milestone.phase,
        "unit": milestone.unit,
        "due": None if due is None else due.isoformat(),
        "done": None if done is None else done.isoformat(),
        "late": where == "done" and due is not None and done is not None and done > due,
        "state": where,
        "evidence": milestone.evidence,
        "source": {"file": milestone.source.file, "line": milestone.source.line},
    }


def _phases(
    profile: Profile,
    milestones: Sequence[Milestone],
    states: Mapping[str, str],
    outcomes: Sequence[Outcome],
) -> list[Plain]:
    """Return every phase that the profile, a milestone or a system names; that of no phase is last.

    A profile's phases alone, with nothing in the inventory that belongs to them, are no programme.
    """
    rules = {each.phase: each for each in profile.phases}
    systems = [each for each in outcomes if each.target is not None]
    used = {each.phase for each in milestones} | {each.system.phase for each in systems}
    if not used - {None} and not milestones:
        return []
    numbers = sorted(rules.keys() | (used - {None}), key=lambda number: number or 0)
    last: list[int | None] = [None] if any(each.phase is None for each in milestones) else []
    return [
        _phase(
            number,
            rules.get(number) if number is not None else None,
            [each for each in milestones if each.phase == number],
            states,
            [each for each in systems if each.system.phase == number],
        )
        for number in (*numbers, *last)
    ]


def _phase(
    number: int | None,
    rules: PhaseRules | None,
    milestones: Sequence[Milestone],
    states: Mapping[str, str],
    systems: Sequence[Outcome],
) -> Plain:
    counts = Counter(states[each.id] for each in milestones)
    due = [each.due for each in milestones if each.due and states[each.id] != "done"]
    return {
        "phase": number,
        "name": None if rules is None else plain(rules.name.as_json()),
        "from": _day(None if rules is None else rules.begins),
        "until": _day(None if rules is None else rules.ends),
        "milestones": len(milestones),
        **{name: counts[name] for name in STATES},
        "with_evidence": sum(states[each.id] == "done" and each.evidence is not None for each in milestones),
        "next_due": _day(min(due, default=None)),
        "systems": len(systems),
        "on_target": sum(each.on_target is True for each in systems),
    }


def _deadlines(outcomes: Iterable[Outcome]) -> Plain:
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        for verdict in outcome.tally.deadlines:
            counts[_deadline(verdict, met=outcome.on_target is True)] += 1
    return {"systems": sum(counts.values()), **{name: counts[name] for name in DEADLINES}}


def _deadline(verdict: str, *, met: bool) -> str:
    if verdict == "pass":
        return "met" if met else "ahead"
    return "passed" if verdict == "fail" else "undecided"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
