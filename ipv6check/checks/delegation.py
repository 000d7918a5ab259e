"""The DNS service: delegation works without IPv4, from the roots down to the zone and its glue."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.details import of_name
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_zone
from ipv6check.facts import SystemView
from ipv6check.facts.authority import NameServer
from ipv6check.facts.chain import Glue
from ipv6check.inventory.delegation import below
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.text import JSON

NEEDS = ("dns.query", "dns.tcp", "dns.authority", "dns.glue")


@check("ns.chain", needs=("dns.query", "dns.tcp", "dns.walk"))
def resolves_without_ipv4(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether each declared zone resolves over IPv6 transport alone, from the roots down."""
    if any(":" in root for root in view.inventory.dns_roots):
        for vantage in view.vantages:
            for zone, service in view.dns.zones():
                yield _chain(view, of_zone(view, "ns.chain", vantage, zone, service), vantage, zone)


def _chain(view: SystemView, subject: Subject, vantage: str, zone: str) -> Finding:
    if vantage not in view.dns.present:
        return subject.says("unknown", view.facts.absent)
    found = view.dns.walk(vantage, zone)
    args: dict[str, JSON] = {"name": zone, "zone": found.zone or ".", "servers": list(found.servers)}
    if found.answer == "yes":
        return subject.says("pass", "ok", args, evidence=found.evidence)
    verdict: Verdict = "fail" if found.answer == "no" else "unknown"
    return subject.says(verdict, found.reason, args, evidence=found.evidence)


@check("ns.glue", needs=NEEDS)
def glue_matches(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the IPv6 glue of name servers inside their own zone exists at the parent and matches."""
    for vantage in view.vantages:
        for zone, service in view.dns.zones():
            subject = of_zone(view, "ns.glue", vantage, zone, service)
            yield _glue(subject, zone, view.dns.name_servers(vantage, zone)[1], view.dns.glue(vantage, zone))


def _glue(subject: Subject, zone: str, servers: tuple[NameServer, ...], glue: Glue | None) -> Finding:
    evidence = tuple(i for each in servers for i in each.six.evidence)
    inside = [each for each in servers if below(each.name, zone)]
    args: dict[str, JSON] = {"zone": zone, "servers": [each.name for each in inside]}
    if servers and not inside:
        return subject.says("not_applicable", "not.declared", args, evidence=evidence)
    if glue is None:
        return subject.says("unknown", "scope.outside", args, evidence=evidence)
    evidence = (*evidence, *glue.evidence)
    if not glue.servers:
        return subject.says("not_applicable", "glue.same_server", args, evidence=evidence)
    given = dict(glue.servers)
    for each in inside:
        if each.six.answer == "unknown":
            return subject.says("unknown", each.six.failure, {**of_name(each.six), **args}, evidence=evidence)
        real, parents = set(each.six.addresses), set(given.get(each.name, ()))
        about: dict[str, JSON] = {
            **args,
            "name": each.name,
            "addresses": sorted(real),
            "glue": sorted(parents),
        }
        if real and not parents:
            return subject.says("fail", "glue.missing", about, evidence=evidence)
        if real != parents:
            return subject.says("fail", "glue.mismatch", about, evidence=evidence)
    if not any(each.six.addresses for each in inside):
        return subject.says("not_applicable", "not.declared", args, evidence=evidence)
    return subject.says("pass", "ok", args, evidence=evidence)
