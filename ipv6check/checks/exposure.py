"""Exposure: what must be closed is, and IPv6 opens nothing that IPv4 keeps shut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ipv6check.checks.absence import Absence, absence
from ipv6check.checks.details import code, endpoint, of_name
from ipv6check.checks.parity import Table
from ipv6check.checks.registry import Params, check
from ipv6check.checks.side import Side, side_of
from ipv6check.checks.subject import ipv4_root, of_pair_port, of_port
from ipv6check.facts import SystemView
from ipv6check.facts.tries import sequence
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import FAMILIES, Family, Host
from ipv6check.model.text import JSON

NEEDS = ("dns.query", "tcp.connect")

# Silence counts as shut here, on both sides: to be open is what would be wrong.
EXPOSURE: Table = {
    ("yes", "yes"): ("pass", "ok"),
    ("yes", "no"): ("pass", "ok"),
    ("yes", "unknown"): ("pass", "ok"),
    ("no", "no"): ("pass", "ok"),
    ("unknown", "no"): ("pass", "ok"),
    ("no", "yes"): ("fail", "parity.v6_exposed"),
    ("no", "unknown"): ("unknown", None),
    ("unknown", "yes"): ("unknown", None),
    ("unknown", "unknown"): ("unknown", None),
}


@check("parity.closed_ports", needs=NEEDS, per_family=True)
def must_be_closed(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether what must be closed is, over each family."""
    for closed in view.system.closed_ports:
        for vantage in (each for each in view.vantages if each in closed.vantages):
            for family in FAMILIES:
                for host in view.ipv6_hosts() if family == 6 else view.ipv4_hosts():
                    yield _closed(view, vantage, host, closed.port, family)


def _closed(view: SystemView, vantage: str, host: Host, port: int, family: Family) -> Finding:
    subject = of_port(view, "parity.closed_ports", vantage, host, port, family)
    missing = absence(view, vantage, host) if family == 6 else _no_ipv4(view, vantage, host)
    if missing is not None:
        return missing.of(subject)
    side = Side(family, _facts(view, vantage, (host,), port, family))
    if side.answer == "unknown":
        first = next(fact for fact in side.facts if fact.answer == "unknown")
        return subject.says("unknown", side.reason, side.args, evidence=side.evidence, address=first.address)
    if side.answer == "no":
        return subject.says("pass", "ok", evidence=side.evidence)
    opened = [fact for fact in side.facts if fact.answer == "yes"]
    args: dict[str, JSON] = {
        "endpoint": endpoint(opened[0]),
        "endpoints": [endpoint(fact) for fact in opened],
        "address": opened[0].address,
    }
    return subject.says("fail", "exposure.open", args, evidence=side.evidence, address=opened[0].address)


def _no_ipv4(view: SystemView, vantage: str, host: Host) -> Absence | None:
    published = view.published(vantage, host, 4)
    if published.answer == "yes":
        return None
    if published.answer == "no":
        return Absence(verdict="not_applicable", reason="ipv4.not_offered", root=None)
    if published.reason == "dns.nxdomain" and view.known_elsewhere(vantage, host):
        return Absence(verdict="not_applicable", reason="not.published", root=None)
    return Absence(
        verdict="unknown",
        reason=published.reason,
        root=ipv4_root(view, vantage, host),
        evidence=published.evidence,
        args=of_name(view.name(vantage, host, 4)),
    )


def _facts(
    view: SystemView, vantage: str, hosts: Sequence[Host], port: int, family: Family
) -> tuple[Fact, ...]:
    return tuple(
        view.closed_port(vantage, address, port, by_dns=host.address is None)
        for host in hosts
        for address in _addresses(view, vantage, host, family)
    )


def _addresses(view: SystemView, vantage: str, host: Host, family: Family) -> tuple[str, ...]:
    published = view.published(vantage, host, family)
    return (*published.contacted, *published.refused)


@check("parity.exposure", needs=NEEDS)
def opens_nothing_more(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether IPv6 opens nothing that IPv4 keeps shut.

    Ports that must be closed are compared, and those of `audit_ports` that were asked; never one
    that the system declares as a service.
    """
    declared = {p for s in view.system.services for ports in s.ports.values() for p in ports}
    closed = {each.port: each.vantages for each in view.system.closed_ports}
    audited = {port for port in _numbers(params.get("audit_ports")) if port not in closed}
    for vantage in view.vantages:
        for _, hosts in view.pairs():
            for port in sorted({*closed, *audited} - declared):
                if vantage in closed.get(port, ()) or _was_asked(view, vantage, hosts, port):
                    yield _exposure(view, vantage, hosts, port)
            if audited - declared:
                yield from _without_address(view, vantage, hosts, min(audited - declared))


def _numbers(value: JSON) -> tuple[int, ...]:
    return tuple(each for each in sequence(value) if isinstance(each, int) and not isinstance(each, bool))


def _was_asked(view: SystemView, vantage: str, hosts: Sequence[Host], port: int) -> bool:
    return any(
        view.facts.asked(vantage, address, port, "tcp")
        for host in hosts
        for address in _addresses(view, vantage, host, 6)
    )


def _without_address(view: SystemView, vantage: str, hosts: tuple[Host, ...], port: int) -> Iterator[Finding]:
    """Say once of a pair without an IPv6 address that its audit ports could not be tried.

    They would be if it had one: to publish an address must not cost points.
    """
    host = next(host for host in view.ipv6_hosts() if host in hosts)
    missing = absence(view, vantage, host)
    if missing is None or view.system.probe == "gentle" or _was_asked(view, vantage, hosts, port):
        return
    if _side(view, vantage, hosts, port, 4).offered:
        yield missing.of(of_pair_port(view, "parity.exposure", vantage, hosts, port))


def _exposure(view: SystemView, vantage: str, hosts: tuple[Host, ...], port: int) -> Finding:
    subject = of_pair_port(view, "parity.exposure", vantage, hosts, port)
    v4, v6 = (_side(view, vantage, hosts, port, family) for family in FAMILIES)
    if not v4.offered:
        return subject.says("not_applicable", "ipv4.not_offered")
    if not v6.facts:
        host = next(host for host in view.ipv6_hosts() if host in hosts)
        missing = absence(view, vantage, host)
        if missing is not None:
            return missing.of(subject)
    verdict, reason = EXPOSURE[v4.answer, v6.answer]
    evidence = (*v6.evidence, *v4.evidence)
    if verdict == "pass":
        return subject.says("pass", "ok", evidence=evidence)
    if view.translated(vantage):
        return subject.says("unknown", "vantage.translated", evidence=evidence)
    opened = next((fact for fact in v6.facts if fact.answer == "yes"), None)
    args: dict[str, JSON] = {
        "endpoint": endpoint(opened) if opened else "-",
        "code": v4.reason or "-",
        "ipv4": [f"{endpoint(fact)} {code(fact)}" for fact in v4.facts[:8]],
    }
    if verdict == "unknown":
        args |= (v6 if v6.answer == "unknown" else v4).args
    return subject.says(
        verdict,
        reason or (v6.reason if v6.answer == "unknown" else v4.reason),
        args,
        evidence=evidence,
        address=opened.address if opened else None,
    )


def _side(view: SystemView, vantage: str, hosts: Sequence[Host], port: int, family: Family) -> Side:
    facts = tuple(
        fact for fact in _facts(view, vantage, hosts, port, family) if fact.failure != "reach.no_address"
    )
    return side_of(view, vantage, hosts, facts, family)
