"""Naming: every declared name exists, and publishes an address of each family it should have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ipv6check.checks.details import of_name
from ipv6check.checks.registry import DUAL_STACK, Params, check
from ipv6check.checks.subject import Subject, aaaa, of_host, resolves
from ipv6check.facts import SystemView
from ipv6check.facts.dns_answer import MANY_LINKS
from ipv6check.facts.names import NameFact
from ipv6check.model.asked_names import sibling
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Family, Host
from ipv6check.model.text import JSON

_BROKEN = ("dns.cname_loop", "dns.cname_dangling", "dns.cname_chain")


def _names(view: SystemView) -> Iterator[tuple[str, Host]]:
    for vantage in view.vantages:
        for host in view.system.hosts:
            if host.address is None:
                yield vantage, host


@check("naming.resolves", needs=("dns.query", "dns.tcp"))
def resolves_names(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether every declared name exists."""
    for vantage, host in _names(view):
        facts = [view.name(vantage, host, family) for family in (6, 4)]
        yield _resolves(resolves(view, vantage, host), facts, view.known_elsewhere(vantage, host))


def _resolves(subject: Subject, facts: Sequence[NameFact], elsewhere: bool) -> Finding:
    """Judge a name by both of its answers: a positive one proves it, whatever the other says."""
    evidence = tuple(i for fact in facts for i in fact.evidence)
    found = [fact for fact in facts if fact.answer == "yes"]
    links = max((fact.said.links for fact in facts), default=0)
    if found:
        if links > MANY_LINKS:
            args: dict[str, JSON] = {"links": links, "owner": found[0].said.chain[-1]}
            return subject.says("warn", "dns.cname_chain", args, evidence=evidence)
        return subject.says("pass", "ok", evidence=evidence)
    failures = [fact.failure for fact in facts]
    for code in ("dns.cname_loop", "dns.cname_chain"):
        if code in failures:
            return _said(subject, "fail", facts[failures.index(code)], evidence)
    if any(fact.answer == "no" and fact.failure not in ("dns.nxdomain", *_BROKEN) for fact in facts):
        return subject.says("pass", "ok", evidence=evidence)
    for fact in facts:
        if fact.answer == "unknown":
            return _said(subject, "unknown", fact, evidence)
    if "dns.cname_dangling" in failures:
        return _said(subject, "fail", facts[failures.index("dns.cname_dangling")], evidence)
    if elsewhere:
        return subject.says("not_applicable", "not.published", evidence=evidence)
    return _said(subject, "unknown", facts[0], evidence)


def _said(subject: Subject, verdict: str, fact: NameFact, evidence: tuple[str, ...]) -> Finding:
    return subject.says(
        "fail" if verdict == "fail" else "unknown", fact.failure, of_name(fact), evidence=evidence
    )


@check("naming.aaaa", needs=("dns.query", "dns.tcp", "dns.nat64", "dns.wildcard"))
def publishes_ipv6(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether each name publishes a native IPv6 address."""
    for host in view.ipv6_hosts():
        if host.address is not None and ":" not in host.address:
            literals = [each.declared for each in view.pair_of(host)]
            subject = aaaa(view, None, host)
            yield subject.says("fail", "addr.none_declared", {"addresses": literals})
    for vantage, host in _names(view):
        yield _aaaa(view, vantage, host)


def _aaaa(view: SystemView, vantage: str, host: Host) -> Finding:
    subject, fact = aaaa(view, vantage, host), view.name(vantage, host, 6)
    published = view.published(vantage, host, 6)
    evidence = published.evidence
    if published.answer == "yes":
        args = {**of_name(fact), "addresses": list(published.addresses), "by_tcp": fact.by_tcp}
        stranger = _anybody(view, vantage, host)
        if stranger is not None and set(stranger.addresses) >= set(published.addresses):
            args |= {"sibling": stranger.name}
            return subject.says("warn", "dns.wildcard", args, evidence=(*evidence, *stranger.evidence))
        return subject.says("pass", "ok", args, evidence=evidence)
    if published.answer == "no":
        root = resolves(view, vantage, host).id if published.reason in _BROKEN else None
        if published.reason == "dns.rfc4074_nxdomain":
            evidence = (*evidence, *view.name(vantage, host, 4).evidence)
        return subject.says("fail", published.reason, of_name(fact), evidence=evidence, root=root)
    return _unknown_name(view, subject, vantage, host, 6)


def _anybody(view: SystemView, vantage: str, host: Host) -> NameFact | None:
    """Return what is published for a name beside it that nobody made, None if nothing is."""
    name = sibling(host.name or host.declared, view.run.began(vantage))
    fact = None if name is None else view.dns.lookup(vantage, name, 6)
    return fact if fact is not None and fact.answer == "yes" else None


def _unknown_name(view: SystemView, subject: Subject, vantage: str, host: Host, family: Family) -> Finding:
    """Say that a record is unknown; a name that does not exist is the other check's finding."""
    published, fact = view.published(vantage, host, family), view.name(vantage, host, family)
    if published.reason != "dns.nxdomain":
        return subject.says("unknown", published.reason, of_name(fact), evidence=published.evidence)
    if view.known_elsewhere(vantage, host):
        return subject.says("not_applicable", "not.published", evidence=published.evidence)
    root = resolves(view, vantage, host).id
    return subject.says("unknown", published.reason, of_name(fact), evidence=published.evidence, root=root)


@check("naming.a", needs=("dns.query", "dns.tcp"), goals=DUAL_STACK)
def keeps_ipv4(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether a dual-stack name keeps its A record."""
    for vantage, host in _names(view):
        subject = of_host(view, "naming.a", vantage, host, 4)
        published, fact = view.published(vantage, host, 4), view.name(vantage, host, 4)
        if published.answer == "unknown":
            yield _unknown_name(view, subject, vantage, host, 4)
        elif published.answer == "yes":
            args: dict[str, JSON] = {"addresses": list(published.addresses)}
            yield subject.says("pass", "ok", args, evidence=published.evidence)
        else:
            root = resolves(view, vantage, host).id if published.reason in _BROKEN else None
            yield subject.says("warn", "naming.no_a", of_name(fact), evidence=published.evidence, root=root)
