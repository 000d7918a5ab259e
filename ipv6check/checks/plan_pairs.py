"""The plan and the systems: whoever has IPv4 is given an IPv6 address, and uses what was planned."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.addressplan import Node, PlanTree
from ipv6check.checks.absence import unpublished
from ipv6check.checks.audit import Matter, audit
from ipv6check.checks.details import of_name
from ipv6check.checks.registry import WITH_IPV6, Params, check
from ipv6check.checks.subject import of_host
from ipv6check.facts import SystemView
from ipv6check.facts.estate import PlanView, Seen
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import System
from ipv6check.model.text import JSON


@audit("plan.family_pair", of="plan")
def family_pair(view: PlanView, params: Params) -> Iterator[Finding]:
    """Judge whether each system that has IPv4 has a planned IPv6 address."""
    given = {entry.system for entry in view.inventory.address_plan if ":" in entry.prefix}
    in_use = any(system.planned for system in view.inventory.systems) or bool(given - {None})
    for system in view.inventory.systems:
        if system.id in view.systems:
            matter = Matter(check="plan.family_pair", system=system.id, source=system.source)
            if system.goal not in WITH_IPV6:
                yield matter.says("not_applicable", "goal.excludes")
            elif not in_use:
                yield matter.says("not_applicable", "input.missing")
            else:
                yield _pair(view, system, view.systems[system.id], matter, bound=system.id in given)


def _pair(view: PlanView, system: System, seen: Seen, matter: Matter, *, bound: bool) -> Finding:
    """Judge one system; an address that it has already counts if it lies where the plan has room for it."""
    planned = [address for address in system.planned if ":" in address]
    held = [each for each in seen.addresses if ":" in each and place(view.tree, each)[0] == "ok"]
    if planned or held or bound:
        return matter.says("pass", args={"addresses": [*dict.fromkeys([*planned, *held])]})
    if seen.ipv4 == "yes" or any(":" not in address for address in system.planned):
        four = [address for address in (*system.planned, *seen.addresses) if ":" not in address]
        return matter.says(
            "fail", "plan.no_ipv6", {"addresses": [*dict.fromkeys(four)]}, evidence=seen.evidence
        )
    if seen.ipv4 == "unknown":
        args = {} if seen.doubt is None else of_name(seen.doubt)
        return matter.says("unknown", seen.reason, args, evidence=seen.evidence)
    return matter.says("not_applicable", "ipv4.not_offered")


@check("address.planned", needs=("dns.query", "dns.tcp"))
def lies_in_the_plan(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether each published IPv6 address lies in a prefix of the address plan."""
    if not view.plan.has(6):
        return
    for host in view.ipv6_hosts():
        for vantage in view.vantages if host.address is None else view.vantages[:1]:
            own = vantage if host.address is None else None
            subject = of_host(view, "address.planned", own, host, 6)
            missing = unpublished(view, vantage, host)
            if missing is not None:
                yield missing.of(subject)
                continue
            published = view.published(vantage, host, 6)
            outside = [each for each in published.addresses if _place(view, each) != "ok"]
            args: dict[str, JSON] = {"addresses": outside or list(published.addresses)}
            if not outside:
                yield subject.says("pass", "ok", args, evidence=published.evidence)
                continue
            code, node = place(view.plan, outside[0])
            args |= {"address": outside[0], "where": code}
            if node is not None:
                args["prefix"] = node.entry.prefix
            yield subject.says("fail", "plan.outside", args, evidence=published.evidence, address=outside[0])


def _place(view: SystemView, address: str) -> str:
    """Return `ok` where the plan gives the system that very address, else what `place` says."""
    return "ok" if address in view.system.planned else place(view.plan, address)[0]


def place(tree: PlanTree, address: str) -> tuple[str, Node | None]:
    """Return `ok`, or where instead an address lies: `nowhere`, `reserved` or `undivided` space.

    Undivided is a container that has subnets, none of which holds the address; one that has none
    is a plan that does not go further, and nothing can be said against the address.
    """
    node = tree.smallest(address)
    if node is None:
        return "nowhere", None
    if node.entry.use == "reserved":
        return "reserved", node
    divided = node.container and any(child.entry.use != "reserved" for child in node.children)
    return ("undivided" if divided else "ok"), node
