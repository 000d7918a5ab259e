"""Client: what users meet who have both families, or only the newer one.

client.happy_eyeballs reckons what a broken IPv6 costs them; client.ipv4_literal looks for IPv4
addresses written where a name belongs, which no client without IPv4 can follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from ipv6check.checks.absence import absence
from ipv6check.checks.details import code, endpoint
from ipv6check.checks.reach import missing_root
from ipv6check.checks.registry import DUAL_STACK, Params, check
from ipv6check.checks.side import Side, pair_side
from ipv6check.checks.subject import Subject, of_host, of_pair, of_service, reach
from ipv6check.facts import SystemView
from ipv6check.facts.eyeballs import RESOLUTION_DELAY_MS, Wait, wait_for
from ipv6check.facts.talks import HTTP_APPS
from ipv6check.facts.tries import DNS_KINDS, items, mapping, text
from ipv6check.inventory.addresses import canonical
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Family, Host, Service
from ipv6check.model.text import JSON

DNS_DELAY_MS = 500
NOTICED_MS = 100
"""A shorter wait, with or without Happy Eyeballs, is nothing a user would notice."""


@check("client.happy_eyeballs", needs=("dns.query", "tcp.connect"), goals=DUAL_STACK)
def nobody_waits(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge what a user waits for a broken IPv6, with RFC 8305 and without.

    `dns_delay_ms`: how much later than the A answer an AAAA answer is called late.
    """
    given = params.get("dns_delay_ms", DNS_DELAY_MS)
    late = given if isinstance(given, int | float) else DNS_DELAY_MS
    for vantage in view.vantages:
        for _, hosts in view.pairs():
            offered = {each for host in hosts for each in host.services}
            for service in view.system.services:
                if service.id in offered and service.transport == "tcp":
                    yield _waiting(view, vantage, hosts, service, late)


def _waiting(
    view: SystemView, vantage: str, hosts: tuple[Host, ...], service: Service, late: float
) -> Finding:
    subject = of_pair(view, "client.happy_eyeballs", vantage, hosts, service)
    if len(service.families) < 2:
        return subject.says("not_applicable", "not.declared")
    able = [host for host in view.ipv6_hosts() if host in hosts]
    absent = [missing for host in able if (missing := absence(view, vantage, host)) is not None]
    if absent and len(absent) == len(able):
        return absent[0].of(subject)
    v6, v4 = (pair_side(view, vantage, hosts, service, family) for family in (6, 4))
    if not v4.offered:
        return subject.says("not_applicable", "ipv4.not_offered", evidence=v6.evidence)
    if v6.answer == "yes":
        return _penalty(subject, v6, v4, _late_answer(view, vantage, hosts), late)
    root = missing_root(view, vantage, hosts, service)
    evidence = (*v6.evidence, *v4.evidence)
    if v6.answer == "unknown":
        return subject.says("unknown", v6.reason, v6.args, evidence=evidence, root=root)
    if v4.answer == "unknown":
        return subject.says("unknown", v4.reason, v4.args, evidence=evidence, root=root)
    if v4.answer == "no":
        return subject.says("not_applicable", "not.answering", evidence=evidence, root=root)
    if view.translated(vantage):
        # Where IPv4 itself runs over IPv6 (CLAT), what clients fall back to elsewhere is not seen.
        return subject.says("unknown", "vantage.translated", v6.args, evidence=evidence, root=root)
    dead = [fact for fact in v6.facts if fact.answer == "no"]
    args = {**_waits(wait_for(dead)), "dead": [endpoint(fact) for fact in dead]}
    return subject.says("fail", "he.hidden_outage", args, evidence=evidence, root=root)


def _penalty(subject: Subject, v6: Side, v4: Side, delay: float, late: float) -> Finding:
    """Judge an IPv6 that works: an address among several that does not, an answer that comes late."""
    dead = [fact for fact in v6.facts if fact.answer == "no"]
    evidence = (*v6.evidence, *v4.evidence)
    wait = wait_for(dead)
    if delay >= late:
        wait = Wait(wait.with_ms + RESOLUTION_DELAY_MS, wait.without_ms + round(delay))
    args = {**_waits(wait), "dead": [endpoint(fact) for fact in dead]}
    if max(wait.with_ms, wait.without_ms) >= NOTICED_MS:
        args["code"] = code(dead[0]) if dead else "dns.delay"
        return subject.says("warn", "he.penalty", args, evidence=evidence)
    return subject.says("pass", "ok", args, evidence=evidence)


def _waits(wait: Wait) -> dict[str, JSON]:
    return {"with_ms": wait.with_ms, "without_ms": wait.without_ms}


def _late_answer(view: SystemView, vantage: str, hosts: tuple[Host, ...]) -> float:
    """Return by how many milliseconds the AAAA answer came after the A answer, at most."""
    delays = [0.0]
    for host in hosts:
        if host.address is None and host.name is not None:
            took = [_took(view, vantage, host.name, record) for record in ("A", "AAAA")]
            if took[0] is not None and took[1] is not None:
                delays.append(took[1] - took[0])
    return max(delays)


def _took(view: SystemView, vantage: str, name: str, record: str) -> float | None:
    """Return the milliseconds that an answer at the first try took; None if a packet was lost on the way."""
    for asked in view.facts.index.dns.get((vantage, name, record), ()):
        first = asked.tries[0]
        if first.task.kind == DNS_KINDS[0] and first.outcome == "ok" and first.attempt == 1:
            return first.seconds * 1000
    return None


@check("client.ipv4_literal", needs=("dns.query", "tcp.connect", "http.get"))
def no_literals(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether an IPv4 address is written into a page, a redirect or the inventory."""
    for _, hosts in view.pairs():
        for host in hosts:
            if host.address is not None and ":" not in host.address and host.sni is None:
                named = any(each.address is None or ":" in each.address for each in hosts)
                subject = of_host(view, "client.ipv4_literal", None, host)
                args: dict[str, JSON] = {"literals": [host.address], "spot": "inventory"}
                yield subject.says("pass", "ok") if named else subject.says("warn", "client.literal", args)
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            for service in view.services_of(host):
                if service.app in HTTP_APPS and service.transport == "tcp":
                    yield _pages(view, vantage, host, service)


def _pages(view: SystemView, vantage: str, host: Host, service: Service) -> Finding:
    subject = of_service(view, "client.ipv4_literal", vantage, host, service)
    missing = absence(view, vantage, host)
    if missing is not None:
        return missing.of(subject)
    families: tuple[Family, ...] = (6, 4)
    visits = [v for f in families for v in view.visits(vantage, host, service, f) if v.answer == "yes"]
    if not visits:
        root = reach(view, vantage, host, service).id
        return subject.says("not_applicable", "not.answering", root=root)
    evidence = tuple(i for visit in visits for i in visit.evidence)
    own = {each.address for each in view.system.hosts if each.address is not None and each.sni is None}
    redirects, pages = set[str](), set[str]()
    for observation in view.facts.index.cited(evidence):
        location = _literal_of(text(observation.data, "location") or "")
        redirects |= {location} - own if location else set()
        named = items(mapping(observation.data, "references"), "literals")
        pages |= {str(each) for each in named} - {str(a) for a in own}
    if redirects or pages:
        spot = "page" if pages else "redirect"
        args: dict[str, JSON] = {"literals": [*sorted(redirects | pages)], "spot": spot}
        return subject.says("warn", "client.literal", args, evidence=evidence)
    return subject.says("pass", "ok", evidence=evidence)


def _literal_of(location: str) -> str | None:
    """Return the IPv4 address that a Location header leads to, None if it leads to none."""
    try:
        host = urlsplit(location.strip()[:2048]).hostname
        found = canonical(host) if host else ""
    except ValueError:
        return None
    return found if found and ":" not in found else None
