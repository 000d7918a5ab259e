"""Reach: each declared service answers, over IPv6 and, as a baseline, over IPv4.

One finding for each vantage, declared host and service, over all its addresses of the family: all
answer (pass), some are dead (`reach.partial`, naming them), or all are (their own code).
"""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.absence import absence
from ipv6check.checks.details import code, endpoint, of_fact, of_name
from ipv6check.checks.registry import DUAL_STACK, Params, check
from ipv6check.checks.side import Side, host_side, pair_side, settle
from ipv6check.checks.subject import Subject, ipv4_root, of_system, reach
from ipv6check.facts import SystemView
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Family, Host, Service
from ipv6check.model.text import JSON

NEEDS = (
    "dns.query",
    "tcp.connect",
    "udp.exchange",
    "tls.handshake",
    "http.get",
    "smtp.greeting",
    "ssh.greeting",
    "app.greeting",
)
_NOT_TRIED = frozenset(
    "vantage.no_ipv4 vantage.no_ipv6 scope.outside schedule.outside time.over not.asked".split()
)
_FILTERS = frozenset({"reach.silent", "reach.rejected"})


@check("reach.service", needs=NEEDS)
def service_answers(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether each declared service answers at each IPv6 address."""
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            missing = absence(view, vantage, host)
            for service in view.services_of(host):
                subject = reach(view, vantage, host, service, 6)
                if 6 not in service.families:
                    yield subject.says("not_applicable", "not.declared")
                elif missing is not None:
                    yield missing.of(subject)
                else:
                    yield _judge(view, subject, vantage, host, service, 6)


@check("reach.ipv4", needs=NEEDS, goals=DUAL_STACK)
def baseline_answers(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the baseline, each service over IPv4, answers."""
    hosts = view.ipv4_hosts()
    for vantage in view.vantages:
        for host in hosts:
            for service in view.services_of(host):
                subject = reach(view, vantage, host, service, 4)
                if 4 not in service.families:
                    yield subject.says("not_applicable", "not.declared")
                else:
                    yield _ipv4(view, subject, vantage, host, service)
    if not hosts:
        yield of_system(view, "reach.ipv4").says("not_applicable", "ipv4.not_offered")


def _ipv4(view: SystemView, subject: Subject, vantage: str, host: Host, service: Service) -> Finding:
    published = view.published(vantage, host, 4)
    if published.answer == "yes":
        return _judge(view, subject, vantage, host, service, 4)
    if published.answer == "no":
        return subject.says("not_applicable", "ipv4.not_offered", evidence=published.evidence)
    if published.reason == "dns.nxdomain" and view.known_elsewhere(vantage, host):
        return subject.says("not_applicable", "not.published", evidence=published.evidence)
    root = ipv4_root(view, vantage, host)
    args = of_name(view.name(vantage, host, 4))
    return subject.says("unknown", published.reason, args, evidence=published.evidence, root=root)


def _judge(
    view: SystemView, subject: Subject, vantage: str, host: Host, service: Service, family: Family
) -> Finding:
    """Judge the endpoints of one host, beside what the pair does over the other family."""
    other_family: Family = 4 if family == 6 else 6
    other = pair_side(view, vantage, view.pair_of(host), service, other_family)
    side = settle(view, service, host_side(view, vantage, host, service, family), other)
    if not side.facts:
        return subject.says("not_applicable", "probe.excludes")
    finding = _verdict(subject, side, other)
    if host.standby and finding.verdict in ("fail", "unknown"):
        return subject.says("not_applicable", "host.standby", evidence=side.evidence)
    return finding


def _verdict(subject: Subject, side: Side, other: Side) -> Finding:
    alive = [fact for fact in side.facts if fact.answer == "yes"]
    dead = [fact for fact in side.facts if fact.answer == "no"]
    unsure = [fact for fact in side.facts if fact.answer == "unknown"]
    if dead and alive:
        return _partial(subject, side, dead)
    if dead:
        return _dead(subject, side, dead, other)
    if unsure:
        first = unsure[0]
        return subject.says(
            "unknown", code(first), of_fact(first), evidence=side.evidence, address=first.address
        )
    args: dict[str, JSON] = {"endpoints": [endpoint(fact) for fact in alive]}
    if any(fact.stability != "stable" for fact in alive):
        args["stability"] = next(f.stability for f in alive if f.stability != "stable")
    return subject.says("pass", "ok", args, evidence=side.evidence, address=_only(side))


def _partial(subject: Subject, side: Side, dead: list[Fact]) -> Finding:
    args = {
        **of_fact(dead[0]),
        "dead": [endpoint(fact) for fact in dead],
        "answered": sum(fact.answer == "yes" for fact in side.facts),
        "of": len(side.facts),
        "code": code(dead[0]),
    }
    return subject.says("fail", "reach.partial", args, evidence=side.evidence, address=dead[0].address)


def _dead(subject: Subject, side: Side, dead: list[Fact], other: Side) -> Finding:
    """Judge a service that is dead over this family by what the other does (catalogue.md, "dead on both")."""
    first = dead[0]
    reason = code(first)
    verdict: Verdict = "fail"
    evidence = side.evidence
    if reason in _FILTERS and perhaps_not_from_here(other):
        verdict, reason = "unknown", "reach.filtered_here"
        evidence = (*evidence, *other.evidence)
    elif reason == "reach.closed" and _all_closed(side) and _all_closed(other):
        reason = "reach.down"
        evidence = (*evidence, *other.evidence)
    return subject.says(verdict, reason, of_fact(first), evidence=evidence, address=first.address)


def perhaps_not_from_here(other: Side) -> bool:
    """Whether what a filter stops over one family is open over the other from here at all.

    If the other family was tried and does not answer either, this vantage may simply not be allowed.
    """
    return other.answer != "yes" and any(_measured(fact) for fact in other.facts)


def filtered(side: Side, other: Side) -> bool:
    """Whether a side is dead in a way that may only be this vantage's (`reach.filtered_here`)."""
    return side.answer == "no" and side.reason in _FILTERS and perhaps_not_from_here(other)


def _measured(fact: Fact) -> bool:
    """Whether the other family was really tried: what this vantage lacks shows no filter."""
    return bool(fact.evidence) and fact.failure not in _NOT_TRIED


def _all_closed(side: Side) -> bool:
    return bool(side.facts) and all(code(fact) == "reach.closed" for fact in side.facts)


def _only(side: Side) -> str | None:
    addresses = {fact.address for fact in side.facts}
    return addresses.pop() if len(addresses) == 1 else None


def missing_root(view: SystemView, vantage: str, hosts: tuple[Host, ...], service: Service) -> str | None:
    """Return the finding that a pair's missing IPv6 side follows from: a dead service, or no address.

    None where neither explains it: the pair has IPv6 hosts, and none of them offers the service.
    """
    for host in hosts:
        if service.id in host.services and view.endpoints(vantage, host, service, 6):
            missing = absence(view, vantage, host)
            return reach(view, vantage, host, service, 6).id if missing is None else missing.root
    for host in hosts:
        missing = absence(view, vantage, host) if host in view.ipv6_hosts() else None
        if missing is not None and missing.root is not None:
            return missing.root
    return None
