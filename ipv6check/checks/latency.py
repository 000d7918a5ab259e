"""Latency: a round trip over IPv6 is not longer than over IPv4, beyond the profile's floor and ratio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ipv6check.checks.absence import absence
from ipv6check.checks.reach import missing_root
from ipv6check.checks.registry import Params, check
from ipv6check.checks.side import pair_side
from ipv6check.checks.subject import Subject, of_pair
from ipv6check.facts import SystemView
from ipv6check.facts.latency import round_trip
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Family, Host, Service
from ipv6check.model.text import JSON

FLOOR_MS = 20.0
RATIO = 1.5
NEEDS = ("dns.query", "tcp.connect", "tcp.time")


@dataclass(frozen=True, slots=True)
class Measured:
    """A family's slowest endpoint, as its fastest connection saw it; milliseconds.

    `evidence` is of all endpoints; `first` is the lowest of their addresses, whoever was the slowest.
    """

    ms: float
    address: str
    first: str
    evidence: tuple[str, ...]


@check("parity.latency", needs=NEEDS)
def no_slower(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether IPv6 is slower than IPv4 by more than `floor_ms` and by more than `ratio`."""
    floor, ratio = _number(params.get("floor_ms"), FLOOR_MS), _number(params.get("ratio"), RATIO)
    for vantage in view.vantages:
        for _, hosts in view.pairs():
            for service in view.system.services:
                if service.transport != "tcp" or not any(service.id in host.services for host in hosts):
                    continue
                subject = of_pair(view, "parity.latency", vantage, hosts, service)
                if len(service.families) < 2:
                    yield subject.says("not_applicable", "not.declared")
                else:
                    yield _pair(view, subject, vantage, hosts, service, floor, ratio)


def _number(value: JSON, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def _pair(
    view: SystemView,
    subject: Subject,
    vantage: str,
    hosts: tuple[Host, ...],
    service: Service,
    floor: float,
    ratio: float,
) -> Finding:
    if (why := _unanswered(view, subject, vantage, hosts, service)) is not None:
        return why
    six, four = (_measured(view, vantage, hosts, service, family) for family in (6, 4))
    if six is None or four is None:
        return subject.says("not_applicable", "latency.not_measured")
    args: dict[str, JSON] = {"address": six.first, "ipv6_rtt_ms": six.ms, "ipv4_rtt_ms": four.ms}
    evidence = (*six.evidence, *four.evidence)
    if view.translated(vantage):
        return subject.says("unknown", "vantage.translated", args, evidence=evidence)
    slower = six.ms - four.ms > floor and six.ms > four.ms * ratio
    if slower:
        args["address"] = six.address
        return subject.says("warn", "latency.slower", args, evidence=evidence, address=six.address)
    return subject.says("pass", "ok", args, evidence=evidence)


def _unanswered(
    view: SystemView, subject: Subject, vantage: str, hosts: tuple[Host, ...], service: Service
) -> Finding | None:
    """Say why there are not two families to compare, None if there are."""
    host = next(host for host in view.ipv6_hosts() if host in hosts)
    sides: dict[Family, str] = {6: "not.answering", 4: "ipv4.not_offered"}
    for family, reason in sides.items():
        side = pair_side(view, vantage, hosts, service, family)
        if side.answer == "yes":
            continue
        missing = absence(view, vantage, host) if family == 6 and not side.facts else None
        if missing is not None:
            return missing.of(subject)
        if side.answer == "unknown":
            return subject.says("unknown", side.reason, side.args, evidence=side.evidence)
        root = missing_root(view, vantage, hosts, service) if family == 6 else None
        return subject.says("not_applicable", reason, evidence=side.evidence, root=root)
    return None


def _measured(
    view: SystemView, vantage: str, hosts: tuple[Host, ...], service: Service, family: Family
) -> Measured | None:
    """Return a family's slowest endpoint; None where none was measured."""
    found = [
        (timed[0], fact.address, timed[1])
        for host in hosts
        if service.id in host.services
        for fact in view.endpoints(vantage, host, service, family)
        if fact.answer == "yes" and fact.address is not None and fact.port is not None
        if (timed := round_trip(view.facts.index, vantage, fact.address, fact.port)) is not None
    ]
    if not found:
        return None
    slowest, address, _ = max(found)
    evidence = dict.fromkeys(identity for _, _, ids in found for identity in ids)
    return Measured(slowest, address, min(each[1] for each in found), tuple(evidence))
