"""Declared zones and their name servers: who is authoritative by the inventory, and who may be asked.

`scope_dns: named` lets a scan ask the name servers that are targets themselves; `delegation` also port 53
of the global unicast name servers on the delegation path of a declared zone (interface.md §1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ipv6check.inventory.addresses import NEVER, classify
from ipv6check.inventory.scope import NEVER_CONTACTED, OUTSIDE, Prefixes
from ipv6check.model.inventory import Host, Inventory, Service, System

_UNPROBED = ("none", "dns-only")
DNS_PORT = 53


@dataclass(frozen=True, slots=True)
class Authority:
    """A declared host of a declared zone."""

    system: System
    host: Host
    service: Service


def zones(inventory: Inventory) -> dict[str, list[Authority]]:
    """Return the declared zones with the hosts that serve them, those that nobody probes left out."""
    found: dict[str, list[Authority]] = {}
    for system in inventory.systems:
        for service in system.services:
            for zone in service.zones if service.app == "dns" and service.role != "recursive" else ():
                served = found.setdefault(zone, [])
                if system.probe not in _UNPROBED:
                    served += [
                        Authority(system, h, service) for h in system.hosts if service.id in h.services
                    ]
    return found


def zone_of(name: str, known: dict[str, list[Authority]]) -> str | None:
    """Return the deepest of the zones that a name lies in, None if it lies in none."""
    while name:
        if name in known:
            return name
        name = name.partition(".")[2]
    return None


def ancestors(zone: str) -> Iterator[str]:
    """Yield the names above a zone, the nearest first, the root ("") last."""
    while zone:
        zone = zone.partition(".")[2]
        yield zone


def server_refusal(inventory: Inventory) -> Callable[[str], str | None]:
    """Return a function that says why port 53 of an address may not be asked as a name server, or None.

    `scope.outside` for everybody unless the scope is `delegation`; then global unicast addresses may be
    asked, and those of an explicit scope; what is excluded never.
    """
    excluded, explicit = Prefixes(inventory.exclude), Prefixes(inventory.scope or ())

    def why_not(address: str) -> str | None:
        kind = classify(address).kind
        if kind in NEVER:
            return NEVER_CONTACTED
        if inventory.scope_dns != "delegation" or excluded.hold(address):
            return OUTSIDE
        return None if kind == "global" or explicit.hold(address) else OUTSIDE

    return why_not
