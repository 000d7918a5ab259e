"""The DNS service: the resolver that clients are given can be reached over IPv6."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.details import written
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import of_vantage
from ipv6check.facts import SystemView
from ipv6check.facts.resolvers import Server
from ipv6check.model.finding import Finding
from ipv6check.model.text import JSON


@check("resolver.ipv6", needs=("dns.query", "dns.tcp"))
def resolver_has_ipv6(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the resolvers that the inventory names for a vantage have IPv6 transport."""
    if any(service.app == "dns" for service in view.system.services):
        for vantage in view.vantages:
            if servers := view.dns.named_resolvers(vantage):
                yield _judge(view, vantage, servers)


def _judge(view: SystemView, vantage: str, servers: tuple[Server, ...]) -> Finding:
    subject = of_vantage(view, "resolver.ipv6", vantage)
    six = [server for server in servers if ":" in server.endpoint.address]
    shown: dict[str, JSON] = {
        "servers": [written(each.endpoint.address, each.endpoint.port) for each in six or servers]
    }
    evidence = view.dns.asked_of(vantage, {each.endpoint for each in six or servers})
    if not six:
        return subject.says("warn", "resolver.v4_only", shown, evidence=evidence)
    if any(server.alive for server in six):
        return subject.says("pass", "ok", shown, evidence=evidence)
    return subject.says(
        "unknown", view.dns.blindness(vantage, 6) or "vantage.resolver", shown, evidence=evidence
    )
