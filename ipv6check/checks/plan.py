"""The address plan itself: prefixes in their place, on boundaries, of the right size, given once."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.addressplan import Node
from ipv6check.checks.audit import Matter, audit
from ipv6check.checks.registry import Params
from ipv6check.facts.estate import PlanView
from ipv6check.inventory.addresses import parse, split_zone
from ipv6check.model.finding import Finding, Target
from ipv6check.model.inventory import Family, Source
from ipv6check.model.text import JSON

_LAN = 64  # RFC 7421: why a LAN is a /64
# What may lie in a prefix that is no container: one /64 set aside for a link that uses a /127 of it
# (RFC 6164, section 6), loopback addresses in their pool, and finer reservations.
_MAY_HOLD = {
    "point-to-point": frozenset({"point-to-point"}),
    "loopback": frozenset({"loopback"}),
    "reserved": frozenset({"reserved"}),
}


@audit("plan.nested", of="plan")
def nested(view: PlanView, params: Params) -> Iterator[Finding]:
    """Judge whether each prefix lies in an allocation, and in none that is used or reserved whole."""
    allocated = {node.network.version for node in view.tree.nodes if node.entry.use == "allocation"}
    for node in view.tree.nodes:
        matter = of_prefix("plan.nested", node)
        above = [each for each in node.above if each.network != node.network]
        whole = [each for each in above if not _may_hold(each, node)]
        if whole:
            yield matter.says("fail", "plan.overlap", _about(node) | _other(whole[0]))
        elif node.entry.use == "allocation" or any(each.entry.use == "allocation" for each in node.above):
            yield matter.says("pass", args=_about(node))
        elif node.network.version == 4 and 4 not in allocated:
            # An IPv6 plan may name IPv4 subnets beside it, and need not say where these come from.
            yield matter.says("not_applicable", "input.missing")
        else:
            yield matter.says("fail", "plan.orphan", _about(node))


@audit("plan.boundary", of="plan")
def boundary(view: PlanView, params: Params) -> Iterator[Finding]:
    """Judge whether the lengths that the plan chose are multiples of four bits."""
    for node in view.tree.nodes:
        matter = of_prefix("plan.boundary", node)
        # An allocation's length is the registry's choice, a link's is RFC 6164's.
        if node.network.version == 4 or node.entry.use in ("allocation", "point-to-point"):
            yield matter.says("not_applicable", "plan.not_chosen")
        elif node.network.prefixlen % 4:
            length = node.network.prefixlen
            args = _about(node) | {"length": length, "shorter": length - length % 4}
            yield matter.says("warn", "plan.not_nibble", args | {"longer": length - length % 4 + 4})
        else:
            yield matter.says("pass", args=_about(node))


@audit("plan.subnet_size", of="plan")
def subnet_size(view: PlanView, params: Params) -> Iterator[Finding]:
    """Judge whether each LAN is a /64 (RFC 4291, section 2.5.4; RFC 7421)."""
    for node in view.tree.nodes:
        matter = of_prefix("plan.subnet_size", node)
        if node.network.version == 4 or node.entry.use != "subnet":
            yield matter.says("not_applicable", "plan.no_lan")
        elif node.network.prefixlen != _LAN:
            yield matter.says("warn", "plan.not_64", _about(node) | {"length": node.network.prefixlen})
        else:
            yield matter.says("pass", args=_about(node))


@audit("plan.duplicate", of="plan")
def duplicate(view: PlanView, params: Params) -> Iterator[Finding]:
    """Judge whether each prefix, and each planned address, is given once."""
    last: dict[str, Node] = {}
    for node in view.tree.nodes:
        matter = of_prefix("plan.duplicate", node)
        twin = last.get(node.entry.prefix)
        last[node.entry.prefix] = node
        if twin is not None and not _finer(twin, node):
            yield matter.says("fail", "plan.duplicated", _about(node) | _other(twin))
        else:
            yield matter.says("pass", args=_about(node))
    yield from _addresses(view)


def _addresses(view: PlanView) -> Iterator[Finding]:
    """Judge each planned or management address; a virtual one (`role: vip`) may serve many systems."""
    shared = {
        host.address for system in view.inventory.systems for host in system.hosts if host.role == "vip"
    }
    given: dict[str, list[tuple[str, Source]]] = {}
    for system in view.inventory.systems:
        for address in dict.fromkeys(system.planned):
            given.setdefault(address, []).append((system.id, system.source))
    planned = set(given)
    for item in view.inventory.equipment:
        for address in dict.fromkeys(item.management):
            given.setdefault(address, []).append((item.id, item.source))
    for address, owners in sorted(given.items(), key=lambda each: parse(each[0])):
        family: Family = 6 if ":" in address else 4
        target = Target(
            address=address, family=family, prefix=f"{split_zone(address)[0]}/{128 if family == 6 else 32}"
        )
        matter = Matter(check="plan.duplicate", target=target, source=owners[-1][1])
        names: list[JSON] = [name for name, _ in owners]
        if len(owners) > 1 and address not in shared:
            yield matter.says("fail", "plan.address_twice", {"address": address, "owners": names})
        elif address in planned:
            yield matter.says("pass", args={"address": address, "owners": names})


def of_prefix(check: str, node: Node) -> Matter:
    """Return a prefix of the plan as the matter of an audit."""
    family: Family = 6 if node.network.version == 6 else 4
    target = Target(prefix=node.entry.prefix, family=family)
    return Matter(check=check, target=target, source=node.entry.source)


def _may_hold(outer: Node, inner: Node) -> bool:
    return outer.container or inner.entry.use in _MAY_HOLD.get(outer.entry.use, ())


def _finer(outer: Node, inner: Node) -> bool:
    """Whether an equal prefix is a step down: an allocation that is one site, a site that is one LAN."""
    steps = ("allocation", "site")
    below = {"site": 1, "allocation": 0}.get(inner.entry.use, 2)
    return outer.entry.use in steps and steps.index(outer.entry.use) < below


def _about(node: Node) -> dict[str, JSON]:
    args: dict[str, JSON] = {"prefix": node.entry.prefix, "use": node.entry.use}
    if node.entry.name is not None:
        args["called"] = node.entry.name.as_json()
    return args


def _other(node: Node) -> dict[str, JSON]:
    source = node.entry.source
    return {
        "other": node.entry.prefix,
        "other_use": node.entry.use,
        "place": f"{source.file}:{source.line}",
    }
