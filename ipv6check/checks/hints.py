"""Naming: what HTTPS records hint at is what the AAAA records say (RFC 9460, section 7.3)."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.absence import unpublished
from ipv6check.checks.details import of_name
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_host
from ipv6check.facts import SystemView
from ipv6check.facts.hints import hints
from ipv6check.facts.names import NameFact
from ipv6check.model.asked_names import service_owners
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Host


@check("naming.hints", needs=("dns.query", "dns.tcp", "dns.hints"))
def hints_match(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the ipv6hint of HTTPS records matches the AAAA records."""
    for vantage in view.vantages:
        for host in view.system.hosts:
            facts = [view.dns.records(vantage, owner, "HTTPS") for owner in service_owners(view.system, host)]
            if facts:
                yield _judge(view, of_host(view, "naming.hints", vantage, host, 6), vantage, host, facts)


def _judge(view: SystemView, subject: Subject, vantage: str, host: Host, facts: list[NameFact]) -> Finding:
    evidence = tuple(i for fact in facts for i in fact.evidence)
    found = [(fact, hint) for fact in facts for hint in hints(fact.said.chain[-1], fact.said.texts)]
    unknown = next((fact for fact in facts if fact.answer == "unknown"), None)
    if not found and unknown is None:
        return subject.says("not_applicable", "not.declared", evidence=evidence)
    if not found and unknown is not None:
        if unknown.failure == "dns.nxdomain":
            return subject.says("not_applicable", "not.declared", evidence=evidence)
        return subject.says("unknown", unknown.failure, of_name(unknown), evidence=evidence)
    missing = unpublished(view, vantage, host)
    if missing is not None:
        return missing.of(subject)
    for fact, hint in found:
        real = view.dns.lookup(vantage, hint.target, 6)
        evidence = (*evidence, *real.evidence)
        if real.answer == "unknown":
            return subject.says("unknown", real.failure, of_name(real), evidence=evidence)
        wrong = [address for address in hint.addresses if address not in real.addresses]
        if wrong:
            args = {**of_name(fact), "hints": wrong, "target": hint.target, "addresses": list(real.addresses)}
            return subject.says("warn", "naming.hint_mismatch", args, evidence=evidence)
    addresses = sorted({address for _, hint in found for address in hint.addresses})
    return subject.says("pass", "ok", {"hints": list(addresses)}, evidence=evidence)
