"""Path: large packets pass, over IPv6, in both directions, from each vantage to each address.

A clean path proves nothing: only where some link is narrow does Packet Too Big have to arrive. Such
a pass is "not tested", and `scan --active-pmtu` tests it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.absence import absence
from ipv6check.checks.details import code, of_fact
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_service, reach
from ipv6check.facts import SystemView
from ipv6check.facts.mtu import SLOW_MS, Crossing, all_stall, crossing, exchange
from ipv6check.facts.talks import server_name
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Host, Service

NEEDS = ("dns.query", "tcp.connect", "path.mtu")
DIRECTIONS = ("response", "request")
_GRAVITY: tuple[Verdict, ...] = ("fail", "unknown", "warn", "pass", "not_applicable")


@check("path.mtu", needs=NEEDS)
def large_packets_pass(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether large packets pass in both directions.

    `slow_ms`: how long an exchange may stop before it is called slow to recover.
    """
    given = params.get("slow_ms", SLOW_MS)
    slow_ms = given if isinstance(given, int | float) else SLOW_MS
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            missing = absence(view, vantage, host)
            for service in view.services_of(host):
                if service.transport != "tcp" or 6 not in service.families:
                    continue
                subject = of_service(view, "path.mtu", vantage, host, service, 6)
                yield (
                    missing.of(subject)
                    if missing is not None
                    else _service(view, subject, vantage, host, service, slow_ms)
                )


def _service(
    view: SystemView, subject: Subject, vantage: str, host: Host, service: Service, slow_ms: float
) -> Finding:
    """Return the gravest finding over the host's addresses."""
    facts = view.endpoints(vantage, host, service, 6)
    if not facts:
        return subject.says("not_applicable", "probe.excludes")
    root = reach(view, vantage, host, service).id
    findings = []
    for fact in facts:
        crossings = _crossings(view, vantage, host, fact, slow_ms)
        if crossings:
            findings.append(_address(view, subject, fact, crossings))
        elif fact.answer == "no":
            findings.append(
                subject.says("not_applicable", "not.answering", evidence=fact.evidence, root=root)
            )
        elif fact.answer == "unknown":
            args = of_fact(fact)
            findings.append(subject.says("unknown", code(fact), args, evidence=fact.evidence, root=root))
        else:
            findings.append(subject.says("not_applicable", "pmtu.not_exercised", {"direction": "both"}))
    return min(findings, key=lambda finding: _GRAVITY.index(finding.verdict))


def _crossings(view: SystemView, vantage: str, host: Host, fact: Fact, slow_ms: float) -> list[Crossing]:
    """Return what each direction at one address showed; nothing where no large exchange was held."""
    if fact.address is None or fact.port is None:
        return []
    name = server_name(host) or fact.address
    asked = [
        each
        for each in view.facts.index.talks.get((vantage, fact.address, fact.port), ())
        if each.task.kind == "path.mtu" and each.param("host") == name
    ]
    found = [(exchange(asked, direction), direction) for direction in DIRECTIONS]
    return [crossing(each, direction, slow_ms) for each, direction in found if each.plain is not None]


def mtu_of(view: SystemView, vantage: str, host: Host, service: Service, address: str) -> Crossing | None:
    """Return the direction in which Packet Too Big is proven to be filtered at an address."""
    if service.transport != "tcp" or _ours(view, vantage):
        return None
    for fact in view.endpoints(vantage, host, service, 6):
        if fact.address == address:
            for crossed in _crossings(view, vantage, host, fact, SLOW_MS):
                if crossed.state in ("stalled", "forged_ignored", "slow"):
                    return crossed
    return None


def _address(view: SystemView, subject: Subject, fact: Fact, crossings: list[Crossing]) -> Finding:
    evidence = tuple(i for each in crossings for i in each.evidence)
    states = {each.state: each for each in reversed(crossings)}

    def says(verdict: Verdict, reason: str, crossed: Crossing) -> Finding:
        return subject.says(verdict, reason, crossed.args, evidence=evidence, address=fact.address)

    for state in ("forged_ignored", "stalled"):
        if state in states:
            if state == "stalled" and _ours(view, subject.vantage or ""):
                return says("unknown", "vantage.pmtu", states["stalled"])
            return says("fail", "pmtu.blackhole", states[state])
    if "slow" in states:
        return says("warn", "pmtu.slow_recovery", states["slow"])
    if "unknown" in states:
        return says("unknown", states["unknown"].failure, states["unknown"])
    if "narrow" in states and "small" not in states:
        # A server that has learned the path's MTU announces it from then on: that is no clamping.
        return says("pass", "ok", states["narrow"])
    if "clamped" in states:
        return says("pass", "pmtu.clamped", states["clamped"])
    return says("not_applicable", "pmtu.not_exercised", states.get("small", crossings[0]))


def _ours(view: SystemView, vantage: str) -> bool:
    """Whether large packets stall at this vantage whoever is asked."""
    controls = frozenset(
        (control.address, control.port)
        for place in view.inventory.vantages
        if place.name == vantage
        for control in place.controls
    )
    return view.facts.remember(("pmtu", vantage), lambda: all_stall(view.facts.index, vantage, controls))
