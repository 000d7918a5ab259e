"""What the programme counts, against its targets: systems converted, milestones done, able equipment.

What nobody could establish is counted apart: `met` and `undecided` bound the true figure.
"""

from __future__ import annotations

from collections import Counter
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
    """Return one indicator: `of` things counted, `met` for certain, `undecided`, and its target's state.

    `by_unit` counts the same for each unit that has any, by id; that of no unit is last.
    """
    answers = list(_answers(indicator, inventory, outcomes, states, found))
    if indicator.by_unit:
        answers = list(_units(answers))
    whole = _counts(answer for _, answer in answers)
    units = sorted({unit for unit, _ in answers}, key=lambda unit: (unit is None, unit or ""))
    of, met, undecided = whole["of"], whole["met"], whole["undecided"]
    target = current(indicator.targets, as_of)
    return {
        "id": indicator.id,
        "name": plain(indicator.name.as_json()),
        "counts": indicator.counts,
        "per": "unit" if indicator.by_unit else "each",
        "level": indicator.level if indicator.counts == "systems" else None,
        **whole,
        "by_unit": [
            {"unit": unit, **_counts(answer for own, answer in answers if own == unit)} for unit in units
        ],
        "target": None if target is None else _target(target),
        "targets": [_target(each) for each in indicator.targets],
        "state": _state(of, met, undecided, target, as_of),
    }


def _counts(answers: Iterable[bool | None]) -> dict[str, int]:
    found = Counter(answers)
    return {"of": found.total(), "met": found[True], "undecided": found[None]}


def _units(
    answers: Iterable[tuple[str | None, bool | None]],
) -> Iterator[tuple[str | None, bool | None]]:
    """Yield one answer a unit: no if anything it owns is not as wanted, yes if all of it is."""
    owned: dict[str | None, set[bool | None]] = {}
    for unit, answer in answers:
        owned.setdefault(unit, set()).add(answer)
    for unit, said in owned.items():
        if unit is not None:
            yield unit, False if False in said else None if None in said else True


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
) -> Iterator[tuple[str | None, bool | None]]:
    """Yield for each thing counted its unit, and whether it is as wanted; None where that is not known."""
    wanted = indicator.values
    match indicator.counts:
        case "systems":
            for outcome in outcomes:
                if outcome.target is not None and (not wanted or outcome.system.category in wanted):
                    yield outcome.system.unit, _reached(outcome, indicator.level)
        case "milestones":
            for milestone in inventory.programme:
                name = milestone.id
                if any(name == word or name.startswith(f"{word}-") for word in wanted):
                    yield milestone.unit, states[name] == "done"
        case "equipment":
            items = {item.id: item for item in inventory.equipment}
            for judged in found.equipment:
                item = items[judged.id]
                if not wanted or item.kind in wanted:
                    able = equipment_level(judged)
                    yield item.unit, None if able in (None, "not-assessed") else able == "capable"


def _reached(outcome: Outcome, wanted: str) -> bool | None:
    """Return whether a system has a level; below it only a definite fail on the way is a no."""
    level = outcome.level
    if level is None:
        return None
    if reaches(level.name, wanted):
        return True
    failing = any(gate.failing for gate in level.gates if reaches(wanted, gate.gate))
    return False if failing else None
