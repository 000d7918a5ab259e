"""What the programme counts, against its targets: systems converted, milestones done, able equipment.

What nobody could establish is counted apart: `met` and `undecided` bound the true figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from ipv6check.judge.areas import Areas
from ipv6check.judge.equipment import level as equipment_level
from ipv6check.judge.evidence import Plain, plain
from ipv6check.judge.outcome import Outcome
from ipv6check.model.inventory import Inventory
from ipv6check.model.profile import Indicator, TargetShare
from ipv6check.score import reaches, written_coverage


def indicator_document(
    indicator: Indicator,
    inventory: Inventory,
    outcomes: Sequence[Outcome],
    states: Mapping[str, str],
    found: Areas,
    as_of: date,
) -> Plain:
    """Return one indicator: `of` things counted, `met` for certain, `undecided`, and its target's state."""
    answers = list(_answers(indicator, inventory, outcomes, states, found))
    of, met, undecided = len(answers), answers.count(True), answers.count(None)
    target = current(indicator.targets, as_of)
    return {
        "id": indicator.id,
        "name": plain(indicator.name.as_json()),
        "counts": indicator.counts,
        "level": indicator.level if indicator.counts == "systems" else None,
        "of": of,
        "met": met,
        "undecided": undecided,
        "target": None if target is None else _target(target),
        "targets": [_target(each) for each in indicator.targets],
        "state": _state(of, met, undecided, target, as_of),
    }


def current(targets: Iterable[TargetShare], as_of: date) -> TargetShare | None:
    """Return the target that counts today: the next one, or the last if all have passed."""
    last = None
    for target in targets:
        last = target
        if target.by is None or target.by >= as_of:
            break
    return last


def _state(of: int, met: int, undecided: int, target: TargetShare | None, as_of: date) -> str:
    """Return `nothing`, `no_target`, `met`, `missed` (past its day), `short` (in time) or `undecided`."""
    if of == 0:
        return "nothing"
    if target is None:
        return "no_target"
    if Fraction(met, of) >= target.share:
        return "met"
    if Fraction(met + undecided, of) >= target.share:
        return "undecided"
    return "missed" if target.by is not None and target.by < as_of else "short"


def _target(target: TargetShare) -> Plain:
    return {
        "share": written_coverage(target.share),
        "by": None if target.by is None else target.by.isoformat(),
    }


def _answers(
    indicator: Indicator,
    inventory: Inventory,
    outcomes: Sequence[Outcome],
    states: Mapping[str, str],
    found: Areas,
) -> Iterator[bool | None]:
    """Yield for each thing counted whether it is as wanted; None where that is not known."""
    wanted = indicator.values
    match indicator.counts:
        case "systems":
            for outcome in outcomes:
                if outcome.target is not None and (not wanted or outcome.system.category in wanted):
                    yield _reached(outcome, indicator.level)
        case "milestones":
            for name, where in states.items():
                if any(name == word or name.startswith(f"{word}-") for word in wanted):
                    yield where == "done"
        case "equipment":
            kinds = {item.id: item.kind for item in inventory.equipment}
            for judged in found.equipment:
                if not wanted or kinds[judged.id] in wanted:
                    able = equipment_level(judged)
                    yield None if able in (None, "not-assessed") else able == "capable"


def _reached(outcome: Outcome, wanted: str) -> bool | None:
    """Return whether a system has a level; below it only a definite fail on the way is a no."""
    level = outcome.level
    if level is None:
        return None
    if reaches(level.name, wanted):
        return True
    failing = any(gate.failing for gate in level.gates if reaches(wanted, gate.gate))
    return False if failing else None
