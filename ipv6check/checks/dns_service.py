"""The DNS service: each declared server answers over IPv6, by UDP and TCP, as its role says."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.absence import absence
from ipv6check.checks.details import written
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_host
from ipv6check.facts import SystemView
from ipv6check.facts.dns_service import Served
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Host
from ipv6check.model.text import JSON

_GRAVITY = ("no", "unknown", "yes")


@check("ns.answers", needs=("dns.query", "dns.tcp", "dns.answers"))
def serves_over_ipv6(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether each declared name server answers over IPv6, authoritatively or usefully."""
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            if view.dns.serves(host):
                subject = of_host(view, "ns.answers", vantage, host, 6)
                missing = absence(view, vantage, host)
                yield missing.of(subject) if missing else _judge(view, subject, vantage, host)


def _judge(view: SystemView, subject: Subject, vantage: str, host: Host) -> Finding:
    """Judge a server by the worst of its addresses and zones."""
    found = view.dns.served(vantage, host)
    if not found:
        return subject.says("unknown", view.dns.blindness(vantage, 6) or "not.asked")
    worst: Served = min(found, key=lambda each: _GRAVITY.index(each.answer))
    evidence = tuple(i for each in found for i in each.evidence)
    args: dict[str, JSON] = {
        "server": written(worst.address, worst.port),
        "endpoint": written(worst.address, worst.port),
        "address": worst.address,
        "port": worst.port,
        "zone": worst.zone or ".",
        "error": worst.detail,
        "offender": "-",
        "servers": sorted({written(each.address, each.port) for each in found}),
    }
    if worst.answer == "yes":
        return subject.says("pass", "ok", args, evidence=evidence)
    if worst.answer == "unknown":
        return subject.says("unknown", worst.reason, args, evidence=evidence, address=worst.address)
    if host.standby and worst.reason == "ns.silent":
        return subject.says("not_applicable", "host.standby", args, evidence=evidence)
    return subject.says("fail", worst.reason, args, evidence=evidence, address=worst.address)
