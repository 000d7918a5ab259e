"""The DNS service: authoritative servers answer AAAA as they answer A, and enough of them have IPv6."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.absence import unpublished
from ipv6check.checks.details import of_name, written
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_host, of_zone
from ipv6check.facts import SystemView
from ipv6check.facts.authority import NameServer, ServerSaid
from ipv6check.facts.names import NameFact
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Host
from ipv6check.model.text import JSON

ENOUGH = 2
NEEDS = ("dns.query", "dns.tcp", "dns.authority")


@check("ns.aaaa", needs=NEEDS)
def answers_aaaa(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether every authoritative server that answers A answers AAAA with NOERROR."""
    for vantage in view.vantages:
        for host in view.system.hosts:
            if host.address is None:
                yield _aaaa(view, of_host(view, "ns.aaaa", vantage, host), vantage, host)


def _aaaa(view: SystemView, subject: Subject, vantage: str, host: Host) -> Finding:
    name = host.name or host.declared
    zone, said = view.dns.zone_of(name), view.dns.authority(vantage, name)
    evidence = tuple(i for each in said for i in each.evidence)
    missing = unpublished(view, vantage, host)
    if missing is not None and missing.reason in ("not.published", "dns.nxdomain"):
        return missing.of(subject)
    args: dict[str, JSON] = {"name": name, "zone": zone or "-", "type": "AAAA"}
    wrong = [each for each in said if each.answer == "no"]
    if wrong:
        return subject.says("fail", wrong[0].reason, {**args, **_shown(wrong)}, evidence=evidence)
    blind = view.dns.blindness(vantage, 6) if vantage not in view.dns.present else ""
    if zone is None or blind:
        return subject.says("unknown", blind or "scope.outside", args)
    fact, servers = view.dns.name_servers(vantage, zone)
    if (left := _left_out(said, servers)) or not said:
        args |= {"server": left[0] if left else "-", "servers": list(left)}
        return subject.says("unknown", "scope.outside", args, evidence=(*evidence, *fact.evidence))
    doubtful = [each for each in said if each.answer == "unknown" and each.reason != "not.answering"]
    if doubtful or all(each.answer == "unknown" for each in said):
        worst = doubtful or list(said)
        return subject.says("unknown", worst[0].reason, {**args, **_shown(worst)}, evidence=evidence)
    good = [each for each in said if each.answer == "yes"]
    return subject.says("pass", "ok", {**args, **_shown(good)}, evidence=evidence)


def _shown(said: list[ServerSaid]) -> dict[str, JSON]:
    servers = [written(each.server.address, each.server.port) for each in said]
    return {"server": servers[0], "servers": list(servers), "rcode": said[0].rcode, "tries": said[0].tries}


def _left_out(said: tuple[ServerSaid, ...], servers: tuple[NameServer, ...]) -> list[str]:
    """Return the name servers of a zone of which no address was asked."""
    asked = {each.server.address for each in said}
    return [server.name for server in servers if not asked & set(server.addresses)]


@check("ns.ipv6", needs=NEEDS)
def servers_have_ipv6(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether at least two name servers of each declared zone have IPv6."""
    for vantage in view.vantages:
        for zone, service in view.dns.zones():
            fact, servers = view.dns.name_servers(vantage, zone)
            yield _ipv6(of_zone(view, "ns.ipv6", vantage, zone, service), zone, fact, servers)


def _ipv6(subject: Subject, zone: str, fact: NameFact, servers: tuple[NameServer, ...]) -> Finding:
    evidence = (*fact.evidence, *(i for each in servers for i in each.six.evidence))
    if fact.answer != "yes":
        # A zone whose NS records nobody sees may be declared by mistake, or hidden from this view.
        return subject.says("unknown", fact.failure, {**of_name(fact), "zone": zone}, evidence=evidence)
    able = [each.name for each in servers if each.has_ipv6 == "yes"]
    addresses = {address for each in servers for address in each.six.addresses}
    args: dict[str, JSON] = {
        "zone": zone,
        "servers": [each.name for each in servers],
        "able": list(able),
        "count": len(able),
    }
    if len(able) >= ENOUGH and len(addresses) >= ENOUGH:
        return subject.says("pass", "ok", args, evidence=evidence)
    doubtful = next((each.six for each in servers if each.has_ipv6 == "unknown"), None)
    if doubtful is not None:
        return subject.says("unknown", doubtful.failure, {**of_name(doubtful), **args}, evidence=evidence)
    if able:
        return subject.says("warn", "ns.single", args, evidence=evidence)
    return subject.says("fail", "ns.none", args, evidence=evidence)
