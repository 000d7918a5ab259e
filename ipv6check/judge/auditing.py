"""Runs the audits over the whole inventory: the plan once, each piece of equipment, each milestone.

Like a check, an audit that crashes costs its own findings and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ipv6check.checks import Audit
from ipv6check.facts import Facts
from ipv6check.facts.estate import MilestoneView, PlanView, Standing, equipment_view, plan_view
from ipv6check.judge.checking import guarded
from ipv6check.judge.outcome import Outcome
from ipv6check.model.fact import Answer
from ipv6check.model.finding import Finding, Target
from ipv6check.model.inventory import Equipment, Inventory, Milestone, Source
from ipv6check.model.profile import Profile
from ipv6check.model.text import JSON
from ipv6check.score import reaches

Parameters = Callable[[Profile, str], Mapping[str, JSON]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What the audits found: of the plan, of each piece of equipment, of each milestone (by id).

    `management` says of each device's management addresses that were asked whether they answer.
    `plan` is None where the inventory has no plan to show; `standing` judges one system's date.
    """

    plan: PlanView | None = None
    plan_findings: tuple[Finding, ...] = ()
    equipment: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    programme: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    standing: Callable[[Standing], Sequence[Finding]] = lambda _: ()
    management: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)

    @property
    def every(self) -> Iterable[Finding]:
        """All findings but those about systems' dates."""
        yield from self.plan_findings
        for found in (*self.equipment.values(), *self.programme.values()):
            yield from found


@dataclass(frozen=True, slots=True)
class Auditor:
    """The audits that a run was asked for, with the profile's parameters."""

    audits: Sequence[tuple[Audit, Mapping[str, JSON]]]

    def run(self, of: str, view: Any, blame: Finding) -> list[Finding]:
        """Return what the audits of one kind say of a view; `blame` is what a crash is told of."""
        return [
            finding
            for audit, params in self.audits
            if audit.of == of
            for finding in _one(audit, view, params, blame)
        ]


def _one(audit: Audit, view: Any, params: Mapping[str, JSON], blame: Finding) -> list[Finding]:
    # A plan's audits name a system, a prefix or neither: only their own id can be asked of them.
    return guarded(audit.id, lambda: audit(view, params), lambda: replace(blame, check=audit.id))


def audited(
    inventory: Inventory,
    facts: Facts,
    asked: Set[str],
    today: date,
    audits: Sequence[tuple[Audit, Mapping[str, JSON]]],
) -> Audited:
    """Return the findings of all audits. `asked` are the systems that the run was asked about."""
    auditor = Auditor(audits)
    planned = bool(inventory.address_plan) or any(system.planned for system in inventory.systems)
    plan = plan_view(facts, asked) if planned else None
    devices = {item.id: equipment_view(facts, item, today) for item in inventory.equipment}
    return Audited(
        plan=plan,
        plan_findings=() if plan is None else tuple(auditor.run("plan", plan, _blame(_first(inventory)))),
        equipment={
            item.id: auditor.run("equipment", devices[item.id], _blame_equipment(item))
            for item in inventory.equipment
        },
        programme={
            each.id: auditor.run("milestone", _milestone(inventory, each, today), _blame_milestone(each))
            for each in inventory.programme
        },
        management={name: view.answers for name, view in devices.items()},
        standing=lambda view: auditor.run(
            "standing", view, replace(_blame(view.system.source), system=view.system.id)
        ),
    )


def standing(outcome: Outcome, today: date) -> Standing:
    """Return where a judged system stands against its target level."""
    level = outcome.level
    failing = (
        ()
        if level is None
        else tuple(
            check for gate in level.gates if reaches(level.target, gate.gate) for check in gate.failing
        )
    )
    return Standing(
        system=outcome.system,
        level=None if level is None else level.name,
        target=outcome.target,
        on_target=outcome.on_target,
        failing=tuple(dict.fromkeys(failing)),
        today=today,
    )


def _milestone(inventory: Inventory, milestone: Milestone, today: date) -> MilestoneView:
    return MilestoneView(inventory=inventory, milestone=milestone, today=today)


def _first(inventory: Inventory) -> Source | None:
    return inventory.address_plan[0].source if inventory.address_plan else None


def _blame(source: Source | None) -> Finding:
    return Finding(check="", system="", verdict="unknown", reason="internal.crashed", source=source)


def _blame_equipment(item: Equipment) -> Finding:
    return replace(_blame(item.source), target=Target(equipment=item.id))


def _blame_milestone(milestone: Milestone) -> Finding:
    return replace(_blame(milestone.source), target=Target(milestone=milestone.id))
