"""ICMPv6 and extension headers: what has to pass for IPv6 to work (RFC 4890), and what may.

That ping is filtered is no failure: it only means that less can be seen from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ipv6check.checks.absence import absence
from ipv6check.checks.path import mtu_of
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_host, of_service, reach
from ipv6check.facts import SystemView
from ipv6check.facts.echoes import Echo, asked, echo
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Host
from ipv6check.model.text import JSON

NEEDS = ("dns.query", "path.echo")
_GRAVITY: tuple[Verdict, ...] = ("fail", "warn", "unknown", "pass", "not_applicable")
FORMS = ("fragment", "options")


@check("path.icmp", needs=(*NEEDS, "tcp.connect", "path.mtu"))
def needed_icmp_passes(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the ICMPv6 that IPv6 needs passes; ping alone is never a failure."""
    for vantage, host, subject in _hosts(view, "path.icmp"):
        missing = absence(view, vantage, host)
        if missing is not None:
            yield missing.of(subject)
            continue
        addresses = view.published(vantage, host, 6).contacted
        found = [_icmp(view, subject, vantage, host, address) for address in addresses]
        yield _gravest(found) or subject.says("unknown", "scope.outside")


def _icmp(view: SystemView, subject: Subject, vantage: str, host: Host, address: str) -> Finding:
    for service in view.services_of(host):
        crossed = mtu_of(view, vantage, host, service, address)
        if crossed is not None:
            root = of_service(view, "path.mtu", vantage, host, service, 6).id
            args: dict[str, JSON] = {"types": ["Packet Too Big"]}
            return subject.says(
                "warn", "icmp.filtered", args, evidence=crossed.evidence, root=root, address=address
            )
    if not asked(view, vantage):
        return subject.says("not_applicable", "not.asked")
    said = echo(view, vantage, address, "plain")
    if said.answer == "yes":
        return subject.says("pass", "ok", evidence=said.evidence, address=address)
    if said.answer == "unknown":
        return subject.says("unknown", said.failure, evidence=said.evidence, address=address)
    facts = [fact for s in view.services_of(host) for fact in view.endpoints(vantage, host, s, 6)]
    here = [fact for fact in facts if fact.address == address]
    if any(fact.answer == "yes" for fact in here):
        return subject.says("pass", "icmp.echo_blocked", evidence=said.evidence, address=address)
    services = view.services_of(host)
    follows = reach(view, vantage, host, services[0]).id if services else None
    return subject.says(
        "not_applicable", "not.answering", evidence=said.evidence, root=follows, address=address
    )


@check("path.extension", needs=NEEDS)
def extension_headers_pass(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether fragments and destination options pass: a warning at most."""
    for vantage, host, subject in _hosts(view, "path.extension"):
        missing = absence(view, vantage, host)
        if missing is not None:
            yield missing.of(subject)
            continue
        if not asked(view, vantage):
            yield subject.says("not_applicable", "not.asked")
            continue
        addresses = view.published(vantage, host, 6).contacted
        found = [_extension(view, subject, vantage, host, address) for address in addresses]
        yield _gravest(found) or subject.says("unknown", "scope.outside")


def _extension(view: SystemView, subject: Subject, vantage: str, host: Host, address: str) -> Finding:
    plain = echo(view, vantage, address, "plain")
    if plain.answer == "unknown":
        return subject.says("unknown", plain.failure, evidence=plain.evidence, address=address)
    if plain.answer == "no":
        return subject.says(
            "not_applicable", "path.extension_not_tested", evidence=plain.evidence, address=address
        )
    odd = {form: echo(view, vantage, address, form) for form in FORMS}
    evidence = (*plain.evidence, *(i for said in odd.values() for i in said.evidence))
    if odd["fragment"].answer == "no" and _too_large(view, vantage, host, address):
        # The fragments are as large as the packets that vanish: they say nothing of fragmentation.
        odd["fragment"] = Echo(answer="unknown", failure="not.asked")
    dropped: list[JSON] = [form for form, said in odd.items() if said.answer == "no"]
    passed: list[JSON] = [form for form, said in odd.items() if said.answer == "yes"]
    if dropped:
        return subject.says(
            "warn", "path.extension_dropped", {"headers": dropped}, evidence=evidence, address=address
        )
    if passed:
        return subject.says("pass", "ok", {"headers": passed}, evidence=evidence, address=address)
    return subject.says("unknown", _first(odd.values()), evidence=evidence, address=address)


def _too_large(view: SystemView, vantage: str, host: Host, address: str) -> bool:
    services = view.services_of(host)
    return any(mtu_of(view, vantage, host, service, address) is not None for service in services)


def _first(said: Iterable[Echo]) -> str:
    return next((each.failure for each in said), "not.asked")


def _hosts(view: SystemView, check_id: str) -> Iterator[tuple[str, Host, Subject]]:
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            yield vantage, host, of_host(view, check_id, vantage, host, 6)


def _gravest(findings: list[Finding]) -> Finding | None:
    return min(findings, key=lambda finding: _GRAVITY.index(finding.verdict), default=None)
