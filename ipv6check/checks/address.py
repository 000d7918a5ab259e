"""Addresses: what is published suits the exposure of the system."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.absence import unpublished
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, address_class
from ipv6check.facts import SystemView
from ipv6check.facts.published import Published
from ipv6check.inventory.addresses import AddressClass, classify
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Host
from ipv6check.model.text import JSON

_EXCUSED_BY_SCOPE = frozenset({"addr.documentation", "addr.loopback"})


@check("address.class", needs=("dns.query", "dns.tcp"))
def suits_exposure(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether a published address suits the exposure."""
    for host in view.ipv6_hosts():
        # A literal, or the lack of one, is the same from everywhere.
        for vantage in view.vantages if host.address is None else view.vantages[:1]:
            subject = address_class(view, vantage, host)
            missing = unpublished(view, vantage, host)
            if missing is not None:
                yield missing.of(subject)
            else:
                yield _judge(view, subject, vantage, host, view.published(vantage, host, 6))


def _judge(view: SystemView, subject: Subject, vantage: str, host: Host, published: Published) -> Finding:
    """Judge a host by the worst of its addresses; the first of equal ones is named."""
    beside_ipv4 = view.published(vantage, host, 4).answer == "yes"
    judged = [(a, *_class(view, a, beside_ipv4=beside_ipv4)) for a in published.addresses]
    for verdict in ("fail", "warn"):
        bad = [(address, code) for address, grade, code in judged if grade == verdict]
        if bad:
            address, code = bad[0]
            found = classify(address)
            args: dict[str, JSON] = {
                "address": address,
                "addresses": [each for each, _ in bad],
                "prefix": found.prefix,
                "range": found.name,
                "rfc": found.rfc,
                "exposure": view.system.exposure,
            }
            grade: Verdict = "fail" if verdict == "fail" else "warn"
            return subject.says(grade, code, args, evidence=published.evidence, address=address)
    args = {"addresses": list(published.addresses)}
    if published.left_out:
        args["left_out"] = published.left_out
    only = published.addresses[0] if len(published.addresses) == 1 else None
    return subject.says("pass", "ok", args, evidence=published.evidence, address=only)


def _class(view: SystemView, address: str, *, beside_ipv4: bool) -> tuple[str, str]:
    """Return the verdict on one address, and its reason code."""
    found = classify(address)
    explicit = view.explicit(address)
    if found.kind == "ula":
        return _ula(view, explicit=explicit, beside_ipv4=beside_ipv4)
    if found.code is None or (explicit and found.code in _EXCUSED_BY_SCOPE):
        return "pass", "ok"
    if _neighbour(view, address, found):
        return "pass", "ok"
    return "fail", found.code


def _ula(view: SystemView, *, explicit: bool, beside_ipv4: bool) -> tuple[str, str]:
    if view.system.exposure == "internet" and not explicit:
        return "fail", "addr.ula_public"
    # RFC 6724 §2.1: ULAs have a lower precedence than IPv4, so a ULA beside an A stays unused.
    return ("warn", "addr.ula_prefers_v4") if beside_ipv4 else ("pass", "ok")


def _neighbour(view: SystemView, address: str, found: AddressClass) -> bool:
    """Whether it is a link-local address with its zone, of a system that only neighbours use."""
    return found.kind == "linklocal" and "%" in address and view.system.exposure == "internal"
