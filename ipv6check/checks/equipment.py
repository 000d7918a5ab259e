"""Equipment: what it can do over IPv6 by its class, how long it is supported, how it is managed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from ipv6check.checks.audit import Matter, audit, number
from ipv6check.checks.registry import Params
from ipv6check.facts.estate import EquipmentView
from ipv6check.model.finding import Finding, Target
from ipv6check.model.text import JSON


@audit("equipment.capable", of="equipment")
def capable(view: EquipmentView, params: Params) -> Iterator[Finding]:
    """Judge the questionnaire of a piece of equipment by the class it belongs to.

    `params["questions"]` maps each kind to its mandatory and optional capabilities. A mandatory one
    that is denied is a fail, one that is partial a warning, one that nobody has assessed unknown.
    """
    item, matter = view.item, of_equipment("equipment.capable", view)
    asked = questions(params, item.kind)
    mandatory = asked.get("mandatory", ())
    said = {name: item.ipv6.get(name, "unknown") for name in mandatory}
    lacking = [name for name, value in said.items() if value == "no"]
    partial = [name for name, value in said.items() if value == "partial"]
    open_ = [name for name, value in said.items() if value == "unknown"]
    args: dict[str, JSON] = {"kind": item.kind}
    if not mandatory:
        yield matter.says("not_applicable", "input.missing")
    elif lacking:
        yield matter.says("fail", "equipment.no_ipv6", args | {"capabilities": lacking})
    elif open_:
        yield matter.says("unknown", "equipment.not_assessed", args | {"capabilities": open_})
    elif partial:
        yield matter.says("warn", "equipment.partial", args | {"capabilities": partial})
    else:
        without = [name for name in asked.get("optional", ()) if item.ipv6.get(name, "unknown") != "yes"]
        yield matter.says("pass", args=args | {"capabilities": list(mandatory), "without": without})


@audit("equipment.supported", of="equipment")
def supported(view: EquipmentView, params: Params) -> Iterator[Finding]:
    """Judge whether the vendor still supports it, through the last day, and for a year more."""
    matter, last = of_equipment("equipment.supported", view), view.item.end_of_support
    if last is None:
        yield matter.says("not_applicable", "input.missing")
        return
    days = (last - view.today).days
    args: dict[str, JSON] = {"until": last.isoformat(), "days": abs(days)}
    if days < 0:
        yield matter.says("fail", "equipment.end_of_support", args)
    elif last < view.today + timedelta(days=number(params, "within_days", 365)):
        yield matter.says("warn", "equipment.end_of_support", args)
    else:
        yield matter.says("pass", args=args)


@audit("equipment.management", of="equipment")
def management(view: EquipmentView, params: Params) -> Iterator[Finding]:
    """Judge whether it can be managed over IPv6, by the addresses the inventory gives."""
    matter, addresses = of_equipment("equipment.management", view), view.item.management
    if not addresses:
        yield matter.says("not_applicable", "input.missing")
    elif any(":" in address for address in addresses):
        yield matter.says("pass", args={"addresses": list(addresses)})
    else:
        yield matter.says("warn", "equipment.management_v4_only", {"addresses": list(addresses)})


def of_equipment(check: str, view: EquipmentView) -> Matter:
    """Return a piece of equipment as the matter of an audit."""
    return Matter(check=check, target=Target(equipment=view.item.id), source=view.item.source)


def questions(params: Params, kind: str) -> Mapping[str, tuple[str, ...]]:
    """Return what the profile asks a kind of equipment: capabilities by need."""
    every = params.get("questions")
    own = every.get(kind) if isinstance(every, Mapping) else None
    if not isinstance(own, Mapping):
        return {}
    return {
        need: tuple(str(name) for name in names)
        for need, names in own.items()
        if isinstance(names, list | tuple)
    }
