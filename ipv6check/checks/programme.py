"""The programme's milestones, and the systems' own dates: done in time, due soon, overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ipv6check.checks.audit import Matter, audit, number
from ipv6check.checks.registry import Params
from ipv6check.facts.estate import MilestoneView, Standing
from ipv6check.model.finding import Finding, Target
from ipv6check.model.text import JSON


@audit("programme.on_time", of="milestone")
def on_time(view: MilestoneView, params: Params) -> Iterator[Finding]:
    """Judge whether a milestone is done, or still in time; a day holds through its end.

    A `done` day that is yet to come is a plan, not a fact.
    """
    milestone = view.milestone
    matter = Matter(check="programme.on_time", target=Target(milestone=milestone.id), source=milestone.source)
    due = milestone.due
    args: dict[str, JSON] = {"called": milestone.name.as_json()}
    if due is not None:
        args |= {"until": due.isoformat(), "days": abs((due - view.today).days)}
    if milestone.done is not None and milestone.done <= view.today:
        late = due is not None and milestone.done > due
        yield matter.says("pass", args=args | {"since": milestone.done.isoformat(), "late": late})
    elif due is None:
        yield matter.says("not_applicable", "input.missing")
    elif due < view.today:
        yield matter.says("fail", "programme.overdue", args)
    elif due < view.today + timedelta(days=number(params, "due_soon_days", 30)):
        yield matter.says("warn", "programme.due_soon", args)
    else:
        yield matter.says("pass", args=args)


@audit("deadline.met", of="standing")
def met(view: Standing, params: Params) -> Iterator[Finding]:
    """Judge whether a system has its target level by its deadline, which holds through its last day.

    Below the target with nothing definitely wrong, the level may be there and not be seen.
    """
    system, deadline = view.system, view.system.deadline
    matter = Matter(check="deadline.met", system=system.id, source=system.source)
    if view.target is None:
        yield matter.says("not_applicable", "goal.excludes")
        return
    if deadline is None:
        yield matter.says("not_applicable", "input.missing")
        return
    days = (deadline - view.today).days
    args: dict[str, JSON] = {
        "until": deadline.isoformat(),
        "days": abs(days),
        "level": view.level,
        "target": view.target,
    }
    if view.on_target or days >= 0:
        yield matter.says("pass", args=args)
    elif view.level is None:
        yield matter.says("unknown", "not.asked")
    elif view.failing:
        yield matter.says("fail", "deadline.passed", args | {"checks": list(view.failing)})
    else:
        yield matter.says("unknown", "deadline.undecided", args)
