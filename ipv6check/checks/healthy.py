"""HTTP health: the service works at all, on whichever family; a fail here is no IPv6 problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ipv6check.checks.absence import absence
from ipv6check.checks.reach import missing_root
from ipv6check.checks.registry import Params, check
from ipv6check.checks.side import pair_side
from ipv6check.checks.subject import Subject, of_pair
from ipv6check.checks.web import NEEDS, SERVER_ERROR
from ipv6check.facts import SystemView
from ipv6check.facts.talks import HTTP_APPS
from ipv6check.facts.visits import Visit
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import FAMILIES, Family, Host, Service
from ipv6check.model.text import JSON


@check("http.healthy", needs=NEEDS)
def works_at_all(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the service works at all, on whichever family: not an IPv6 problem."""
    for vantage in view.vantages:
        for _, hosts in view.pairs():
            for service in view.system.services:
                offered = any(service.id in host.services for host in hosts)
                if offered and service.app in HTTP_APPS and service.transport == "tcp":
                    subject = of_pair(view, "http.healthy", vantage, hosts, service)
                    yield _healthy(view, subject, vantage, hosts, service)


def _healthy(
    view: SystemView, subject: Subject, vantage: str, hosts: tuple[Host, ...], service: Service
) -> Finding:
    visits = {family: _visits(view, vantage, hosts, service, family) for family in FAMILIES}
    every = [visit for family in FAMILIES for visit in visits[family]]
    evidence = tuple(i for visit in every for i in visit.evidence)
    known = [visit for visit in every if visit.answer == "yes" and visit.status is not None]
    args: dict[str, JSON] = {
        "status": sorted({visit.status for visit in known if visit.status is not None}),
    }
    if service.expect_status is not None:
        args["expected"] = service.expect_status
    if any(_is_fine(visit, service) for visit in known):
        return subject.says("pass", "ok", args, evidence=evidence)
    for family in (6, 4):
        reason, more = _unknown(view, vantage, hosts, service, visits[family], family)
        if reason:
            return subject.says("unknown", reason, args | more, evidence=evidence)
    if every and all(visit.client_certificate for visit in every):
        return subject.says("not_applicable", "http.client_certificate", args, evidence=evidence)
    if known:
        return subject.says("fail", "http.error", args, evidence=evidence)
    return _nothing_to_ask(view, subject, vantage, hosts, service)


def _visits(
    view: SystemView, vantage: str, hosts: tuple[Host, ...], service: Service, family: Family
) -> tuple[Visit, ...]:
    return tuple(
        visit
        for host in hosts
        if service.id in host.services
        for visit in view.visits(vantage, host, service, family)
    )


def _is_fine(visit: Visit, service: Service) -> bool:
    if service.expect_status is not None:
        return visit.status == service.expect_status
    return visit.status is not None and visit.status < SERVER_ERROR


def _unknown(
    view: SystemView,
    vantage: str,
    hosts: tuple[Host, ...],
    service: Service,
    visits: Sequence[Visit],
    family: Family,
) -> tuple[str, dict[str, JSON]]:
    """Return why a family's page is unknown, with arguments; nothing if it is known or not offered."""
    if any(visit.answer == "yes" for visit in visits):
        return "", {}
    for visit in visits:
        if visit.answer == "unknown":
            return visit.failure, {}
    side = pair_side(view, vantage, hosts, service, family)
    if side.answer == "unknown":
        return side.reason, side.args
    return ("not.asked" if side.answer == "yes" and not visits else ""), {}


def _nothing_to_ask(
    view: SystemView, subject: Subject, vantage: str, hosts: tuple[Host, ...], service: Service
) -> Finding:
    """Say of a service that answers on neither family why its pages were not judged."""
    host = next(host for host in view.ipv6_hosts() if host in hosts)
    missing = absence(view, vantage, host)
    if missing is not None:
        return missing.of(subject)
    root = missing_root(view, vantage, hosts, service)
    return subject.says("not_applicable", "not.answering", root=root)
