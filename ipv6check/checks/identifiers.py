"""Addresses: a server's address is chosen, not made of the hardware address of a network card.

An interface identifier is taken for a modified EUI-64 (RFC 4291, appendix A) only if it holds `ff:fe`,
its universal bit is set, and the three bytes before are a manufacturer's: chance gives one of 65,536
random identifiers the first of the three.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ipv6check.checks.absence import unpublished
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_host
from ipv6check.facts import SystemView
from ipv6check.inventory.addresses import parse
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Host
from ipv6check.model.text import JSON


@check("address.stable", needs=("dns.query", "dns.tcp"))
def chosen_identifiers(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether servers publish EUI-64 identifiers."""
    for host in view.ipv6_hosts():
        # A literal is the same from everywhere.
        for vantage in view.vantages if host.address is None else view.vantages[:1]:
            where = vantage if host.address is None else None
            subject = of_host(view, "address.stable", where, host, 6)
            missing = unpublished(view, vantage, host)
            yield missing.of(subject) if missing else _judge(view, subject, vantage, host)


def _judge(view: SystemView, subject: Subject, vantage: str, host: Host) -> Finding:
    published = view.published(vantage, host, 6)
    for address in published.addresses:
        if made := hardware(address):
            card, maker = made
            args: dict[str, JSON] = {"address": address, "mac": card, "maker": maker}
            return subject.says("warn", "addr.eui64", args, evidence=published.evidence, address=address)
    args = {"addresses": list(published.addresses)}
    return subject.says("pass", "ok", args, evidence=published.evidence)


@lru_cache(maxsize=4096)
def hardware(address: str) -> tuple[str, str] | None:
    """Return the hardware address that an IPv6 address is made of, and its maker; None if of none."""
    family, value, _ = parse(address)
    identifier = value & (1 << 64) - 1
    if family != 6 or identifier >> 24 & 0xFFFF != 0xFFFE or not identifier >> 57 & 1:
        return None
    upper = identifier >> 40 ^ 0x020000
    maker = _maker(upper)
    if maker is None:
        return None
    number = upper << 24 | identifier & 0xFFFFFF
    return number.to_bytes(6, "big").hex("-"), maker


def _maker(upper: int) -> str | None:
    """Return who the IEEE gave three upper bytes to, by netaddr's copy of the register."""
    import netaddr  # slow to import, and rarely needed

    try:
        return str(netaddr.OUI(upper).registration()["org"])
    except netaddr.NotRegisteredError:
        return None
