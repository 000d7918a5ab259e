"""The address plan as results.json has it: findings, and how full each prefix is."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ipv6check.addressplan import Usage, usages
from ipv6check.facts.estate import PlanView
from ipv6check.judge.areas import Areas
from ipv6check.judge.evidence import Plain, plain
from ipv6check.judge.outcome import in_order
from ipv6check.judge.systems import Render, finding_document
from ipv6check.model.observation import Observation


def plan_document(
    view: PlanView | None, found: Areas, observations: Mapping[str, Observation], render: Render
) -> dict[str, Plain]:
    """Return `address_plan` of results.json; without a plan its lists are empty."""
    marked = in_order(each for judgement in found.plan for each in judgement.marked)
    figures = () if view is None else usages(view.tree, view.known)
    return {
        "findings": [
            {**finding_document(each, observations, render), "system": each.finding.system or None}
            for each in marked
        ],
        "utilisation": [usage_document(each) for each in figures],
        "addresses": _addresses(view, figures),
    }


def usage_document(usage: Usage) -> dict[str, Plain]:
    """Return one prefix's figures; shares are exact binary fractions wherever a float can be."""
    node, entry = usage.node, usage.node.entry
    return {
        "prefix": entry.prefix,
        "use": entry.use,
        "name": None if entry.name is None else plain(entry.name.as_json()),
        "site": entry.site,
        "unit": entry.unit,
        "system": entry.system,
        "vlan": entry.vlan,
        "parent": None if node.parent is None else node.parent.entry.prefix,
        "depth": node.depth,
        "planned": _share(usage.planned),
        "reserved": _share(usage.reserved),
        "free": _share(usage.free),
        "room_64": usage.room,
        "subnets": usage.subnets,
        "addresses": {**usage.addresses, "known": usage.known, "direct": usage.direct},
        "source": {"file": entry.source.file, "line": entry.source.line},
    }


def _share(share: Fraction | None) -> float | None:
    return None if share is None else float(share)


def _addresses(view: PlanView | None, figures: tuple[Usage, ...]) -> dict[str, Plain]:
    """Return how many known addresses there are, in the plan and outside it, of the planned families."""
    if view is None:
        return {"known": 0, "in_plan": 0, "outside": 0}
    known = [each for each in view.known.every if view.tree.has(6 if ":" in each else 4)]
    inside = sum(usage.known for usage in figures if usage.node.parent is None)
    return {"known": len(known), "in_plan": inside, "outside": len(known) - inside}
