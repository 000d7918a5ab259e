"""Parity: what IPv4 offers IPv6 offers too, and the other way round, within each pair of hosts.

The tables are the judgement: (IPv4's answer, IPv6's answer) → verdict and reason; a reason of None
is whatever made the deciding answer unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ipv6check.checks.absence import absence
from ipv6check.checks.reach import NEEDS, missing_root
from ipv6check.checks.registry import DUAL_STACK, Params, check
from ipv6check.checks.side import Side, pair_side
from ipv6check.checks.subject import Subject, of_pair, reach
from ipv6check.facts import SystemView
from ipv6check.model.fact import Answer
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Host, Service
from ipv6check.model.text import JSON

Cell = tuple[Verdict, str | None]
Table = Mapping[tuple[Answer, Answer], Cell]

SERVICE: Table = {
    ("yes", "yes"): ("pass", "ok"),
    ("no", "yes"): ("pass", "ok"),
    ("unknown", "yes"): ("pass", "ok"),
    ("no", "no"): ("not_applicable", "ipv4.not_offered"),
    ("no", "unknown"): ("not_applicable", "ipv4.not_offered"),
    ("yes", "no"): ("fail", "parity.v6_missing"),
    ("yes", "unknown"): ("unknown", None),
    ("unknown", "no"): ("unknown", None),
    ("unknown", "unknown"): ("unknown", None),
}
OFFER: Table = {
    ("yes", "yes"): ("pass", "ok"),
    ("yes", "no"): ("not_applicable", "ipv6.not_offered"),
    ("yes", "unknown"): ("pass", "ok"),
    ("no", "yes"): ("warn", "parity.v4_missing"),
    ("no", "no"): ("not_applicable", "ipv6.not_offered"),
    ("no", "unknown"): ("unknown", None),
    ("unknown", "yes"): ("unknown", None),
    ("unknown", "no"): ("not_applicable", "ipv6.not_offered"),
    ("unknown", "unknown"): ("unknown", None),
}
_GRAVITY = ("fail", "unknown", "warn", "pass", "not_applicable")


@check("parity.service", needs=NEEDS)
def ipv6_offers_it_too(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether what IPv4 offers, IPv6 offers too."""
    for vantage, hosts, service in _offered(view):
        subject = of_pair(view, "parity.service", vantage, hosts, service)
        if len(service.families) < 2:
            yield subject.says("not_applicable", "not.declared")
        else:
            yield _service(view, subject, vantage, hosts, service)


def _offered(view: SystemView) -> Iterator[tuple[str, tuple[Host, ...], Service]]:
    for vantage in view.vantages:
        for _, hosts in view.pairs():
            offered = {each for host in hosts for each in host.services}
            for service in view.system.services:
                if service.id in offered:
                    yield vantage, hosts, service


def _service(
    view: SystemView, subject: Subject, vantage: str, hosts: tuple[Host, ...], service: Service
) -> Finding:
    v4, v6 = (pair_side(view, vantage, hosts, service, family) for family in (4, 6))
    verdict, reason, at = _worst(SERVICE, v4, v6)
    if verdict == "not_applicable" or (view.system.goal == "ipv6-only" and not v4.offered):
        return subject.says("not_applicable", "ipv4.not_offered", evidence=v4.evidence)
    evidence = (*v6.evidence, *v4.evidence)
    if verdict == "pass":
        return subject.says("pass", "ok", evidence=evidence)
    if view.translated(vantage):
        return subject.says("unknown", "vantage.translated", evidence=evidence)
    unsure = v6 if v6.answer == "unknown" else v4
    args = {**_ports(service), "code": v6.reason or "reach.no_address", "at": at}
    if verdict == "unknown":
        args |= unsure.args
    root = missing_root(view, vantage, hosts, service)
    if verdict == "unknown" and v6.answer == "no":
        root = _ipv4_root(view, vantage, hosts, service) or root
    return subject.says(verdict, reason, args, evidence=evidence, root=root)


def _worst(table: Table, v4: Side, v6: Side) -> tuple[Verdict, str, JSON]:
    """Judge port by port where both families have the same ports, else the service as a whole."""
    ports = {fact.port for fact in v4.facts}
    if len(ports) < 2 or ports != {fact.port for fact in v6.facts}:
        return (*_cell(table, v4, v6), [])
    cells = {port: _cell(table, v4.at(port), v6.at(port)) for port in ports if port is not None}
    worst = min(cells.values(), key=lambda cell: _GRAVITY.index(cell[0]))
    return (*worst, sorted(port for port, cell in cells.items() if cell == worst))


def _cell(table: Table, v4: Side, v6: Side) -> tuple[Verdict, str]:
    verdict, reason = table[v4.answer, v6.answer]
    if reason is None:
        reason = v6.reason if v6.answer == "unknown" else v4.reason
    return verdict, reason


def _ports(service: Service) -> dict[str, JSON]:
    return {
        "ports_v4": list(service.ports.get(4, ())[:16]),
        "ports_v6": list(service.ports.get(6, ())[:16]),
    }


def _ipv4_root(view: SystemView, vantage: str, hosts: tuple[Host, ...], service: Service) -> str | None:
    """Return the reach.ipv4 finding that explains why IPv4's answer is unknown, if there is one."""
    if view.system.goal not in DUAL_STACK:
        return None
    for host in hosts:
        if service.id in host.services and view.endpoints(vantage, host, service, 4):
            return reach(view, vantage, host, service, 4).id
    return None


@check("parity.offer", needs=NEEDS, goals=DUAL_STACK)
def ipv4_still_offers_it(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether what IPv6 offers, IPv4 still offers."""
    for vantage, hosts, service in _offered(view):
        subject = of_pair(view, "parity.offer", vantage, hosts, service)
        if len(service.families) < 2:
            yield subject.says("not_applicable", "not.declared")
        else:
            yield _offer(view, subject, vantage, hosts, service)


def _offer(
    view: SystemView, subject: Subject, vantage: str, hosts: tuple[Host, ...], service: Service
) -> Finding:
    v4, v6 = (pair_side(view, vantage, hosts, service, family) for family in (4, 6))
    verdict, reason, at = _worst(OFFER, v4, v6)
    evidence = (*v6.evidence, *v4.evidence)
    if not _has_address(view, vantage, hosts):
        missing = absence(view, vantage, _ipv6_host(view, hosts))
        if missing is not None:
            return missing.of(subject)
    if verdict in ("warn", "unknown") and view.translated(vantage):
        return subject.says("unknown", "vantage.translated", evidence=evidence)
    args = {**_ports(service), "code": v4.reason or "ipv4.not_offered", "at": at}
    if verdict == "unknown":
        args |= (v6 if v6.answer == "unknown" else v4).args
    root = None
    if verdict == "warn":
        root = _ipv4_root(view, vantage, hosts, service)
    elif verdict in ("unknown", "not_applicable") and v6.answer != "yes":
        root = missing_root(view, vantage, hosts, service)
    return subject.says(verdict, reason, args, evidence=evidence, root=root)


def _has_address(view: SystemView, vantage: str, hosts: tuple[Host, ...]) -> bool:
    return any(absence(view, vantage, host) is None for host in hosts)


def _ipv6_host(view: SystemView, hosts: tuple[Host, ...]) -> Host:
    """Return the host of a pair whose missing IPv6 address explains that the pair has none."""
    return next(host for host in view.ipv6_hosts() if host in hosts)
