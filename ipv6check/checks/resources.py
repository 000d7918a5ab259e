"""What a service draws on from elsewhere: the hosts its pages load, and where its certificate is checked.

Only the DNS was asked about them. A host without IPv6 is a warning: the page opens, but a client
that has no IPv4 lacks a part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ipv6check.checks.absence import absence
from ipv6check.checks.details import of_name
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_service, reach
from ipv6check.facts import SystemView
from ipv6check.facts.outside import sort_out
from ipv6check.facts.talks import HTTP_APPS, Talk
from ipv6check.facts.tries import items, mapping
from ipv6check.inventory.apps import TLS_FIRST
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Host, Service
from ipv6check.model.observation import Observation

SUCCESS = range(200, 300)


@check("http.resources", needs=("dns.query", "tcp.connect", "http.get"))
def loads_without_ipv4(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether what the page loads is reachable without IPv4."""
    for vantage, host, service, subject in _services(view, "http.resources", HTTP_APPS):
        missing = absence(view, vantage, host)
        yield missing.of(subject) if missing is not None else _page(view, subject, vantage, host, service)


def _page(view: SystemView, subject: Subject, vantage: str, host: Host, service: Service) -> Finding:
    visits = [each for each in view.visits(vantage, host, service, 6) if each.answer == "yes"]
    if not visits:
        root = reach(view, vantage, host, service).id
        return subject.says("not_applicable", "not.answering", root=root)
    evidence = tuple(visit.evidence[-1] for visit in visits)
    pages = [page for page in view.facts.index.cited(evidence) if _is_page(page)]
    if not pages:
        return subject.says("not_applicable", "http.not_a_page", evidence=evidence)
    references = [mapping(page.data, "references") for page in pages]
    named = [str(each) for found in references for key in ("hosts", "literals") for each in items(found, key)]
    known = {each for h in view.system.hosts for each in (h.name, h.sni, h.address) if each is not None}
    hosts = [each for each in named if each not in known]
    return _judge(view, subject, vantage, hosts, "http.v4_only_resource", evidence)


def _is_page(page: Observation) -> bool:
    status = page.data.get("status")
    return isinstance(status, int) and status in SUCCESS and bool(mapping(page.data, "references"))


@check("tls.revocation", needs=("dns.query", "tcp.connect", "tls.handshake"))
def revocation_without_ipv4(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the certificate's OCSP and CRL hosts have IPv6."""
    for vantage, host, service, subject in _services(view, "tls.revocation", TLS_FIRST):
        missing = absence(view, vantage, host)
        yield missing.of(subject) if missing is not None else _chain(view, subject, vantage, host, service)


def _chain(view: SystemView, subject: Subject, vantage: str, host: Host, service: Service) -> Finding:
    talks = [each for each in _handshakes(view, vantage, host, service) if "revocation" in each.data]
    if not talks:
        root = reach(view, vantage, host, service).id
        return subject.says("not_applicable", "not.answering", root=root)
    evidence = tuple(i for each in talks for i in each.evidence)
    hosts = [str(name) for each in talks for name in items(each.data, "revocation")]
    if not hosts:
        return subject.says("not_applicable", "tls.no_revocation", evidence=evidence)
    return _judge(view, subject, vantage, hosts, "tls.revocation_v4_only", evidence)


def _handshakes(view: SystemView, vantage: str, host: Host, service: Service) -> Iterator[Talk]:
    for fact in view.endpoints(vantage, host, service, 6):
        if fact.address is not None and fact.port is not None:
            yield from view.talks(vantage, host, fact.address, fact.port, "tls.handshake")


def _services(
    view: SystemView, check_id: str, apps: Iterable[str]
) -> Iterator[tuple[str, Host, Service, Subject]]:
    """Yield each service of these applications that is offered over IPv6."""
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            for service in view.services_of(host):
                if service.app in apps and service.transport == "tcp" and 6 in service.families:
                    yield vantage, host, service, of_service(view, check_id, vantage, host, service, 6)


def _judge(
    view: SystemView, subject: Subject, vantage: str, hosts: list[str], reason: str, evidence: tuple[str, ...]
) -> Finding:
    """Judge hosts by their DNS: one that has IPv4 alone is a warning, one that is unknown leaves it open."""
    without, unsure, asked = sort_out(view, vantage, hosts)
    evidence = (*evidence, *asked)
    if without:
        args = {"hosts": [each.host for each in without]}
        return subject.says("warn", reason, args, evidence=evidence)
    if unsure:
        first = unsure[0]
        about = of_name(view.facts.names.lookup(vantage, first.host, 6))
        return subject.says("unknown", first.reason or "not.asked", about, evidence=evidence)
    return subject.says("pass", "ok", {"hosts": [*dict.fromkeys(hosts)]}, evidence=evidence)
