"""Whether equipment's management addresses answer over IPv6, as a vantage of the internal network sees it.

The management ports are tried like a service: one that answers is enough. What IPv4 opens and IPv6
does not is a fail; where neither answers, this vantage may simply not be let in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ipv6check.checks.audit import Matter, audit
from ipv6check.checks.details import code, of_fact
from ipv6check.checks.registry import Params
from ipv6check.facts.estate import EquipmentView
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding, Target, Verdict

_FILTERED = frozenset({"reach.silent", "reach.rejected"})
_ORDER: tuple[Verdict, ...] = ("fail", "unknown", "pass")


@dataclass(frozen=True, slots=True)
class _Said:
    """What is to be said of one address, and the fact that decides it."""

    verdict: Verdict
    reason: str
    fact: Fact


@audit("equipment.reachable", of="equipment", needs=("tcp.management",))
def reachable(view: EquipmentView, params: Params) -> Iterator[Finding]:
    """Judge whether each IPv6 management address answers at some management port."""
    item = view.item
    six = [address for address in item.management if ":" in address]
    if not item.management or not item.management_ports or not view.management:
        yield _matter(view, None).says("not_applicable", "input.missing")
    elif not six:
        yield _matter(view, None).says("not_applicable", "not.declared")
    else:
        for vantage, facts in view.management.items():
            yield _judge(_matter(view, vantage), facts)


def _matter(view: EquipmentView, vantage: str | None) -> Matter:
    target = Target(equipment=view.item.id, family=6)
    return Matter(check="equipment.reachable", target=target, source=view.item.source, vantage=vantage)


def _judge(matter: Matter, facts: Sequence[Fact]) -> Finding:
    four = [fact for fact in facts if fact.family == 4]
    said = [_address(own, four) for own in _by_address(fact for fact in facts if fact.family == 6)]
    worst = min(said, key=lambda each: _ORDER.index(each.verdict))
    args = of_fact(worst.fact) | {"ports": sorted({fact.port or 0 for fact in facts})}
    if worst.verdict == "pass":
        args["addresses"] = [each.fact.address for each in said]
    evidence = tuple(i for fact in facts for i in fact.evidence)
    return matter.says(worst.verdict, worst.reason, args, evidence=evidence)


def _by_address(facts: Iterable[Fact]) -> list[list[Fact]]:
    found: dict[str | None, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.address, []).append(fact)
    return list(found.values())


def _address(own: Sequence[Fact], four: Sequence[Fact]) -> _Said:
    """Say of one IPv6 address whether it answers, beside the device's IPv4 addresses."""
    opened = {fact.port for fact in four if fact.answer == "yes"}
    # What IPv4 opens is what the device is managed at; else any port may be it.
    counted = [fact for fact in own if fact.port in opened] or own
    for fact in own:
        if fact.answer == "yes":
            return _Said("pass", "ok", fact)
    for fact in counted:
        if fact.answer == "unknown" or fact.failure == "reach.no_address":
            # An address that nobody reaches from afar is the inventory's matter, not the device's.
            outside = fact.failure == "reach.no_address"
            return _Said("unknown", "scope.outside" if outside else code(fact), fact)
    first = next((fact for fact in counted if code(fact) != "reach.closed"), counted[0])
    if opened or code(first) not in {*_FILTERED, "reach.closed"}:
        return _Said("fail", code(first), first)
    shut = code(first) == "reach.closed"
    return _Said("unknown", "equipment.management_port" if shut else "reach.filtered_here", first)
