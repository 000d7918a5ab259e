"""Declared zones and their name servers: who is authoritative by the inventory, and who may be asked.

`scope_dns: named` lets a scan ask the name servers that are targets themselves; `delegation` also port 53
of the global unicast name servers on the delegation path of a declared zone (interface.md §1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ipv6check.inventory.addresses import NEVER, classify
from ipv6check.inventory.scope import NEVER_CONTACTED, OUTSIDE, Prefixes
from ipv6check.model.inventory import Host, Inventory, Service, System
from ipv6check.model.text import JSON

_UNPROBED = ("none", "dns-only")
DNS_PORT = 53
ROUNDS = 3
"""How often a server that answers A has to err on AAAA (catalogue.md, `ns.aaaa`)."""
WALK_DEPTH = 2
"""How deep a walk goes for name servers of name servers."""
_MANY_ZONES = 4  # of one server that are asked for


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
            for zone in served_zones(service):
                served = found.setdefault(zone, [])
                if system.probe not in _UNPROBED:
                    served += [
                        Authority(system, h, service) for h in system.hosts if service.id in h.services
                    ]
    return found


def served_zones(service: Service) -> tuple[str, ...]:
    """Return the zones that a service is declared to be authoritative for."""
    return service.zones if service.app == "dns" and service.role != "recursive" else ()


def asked_zones(service: Service, server: str | None) -> tuple[str, ...]:
    """Return what a DNS service is asked for: its zones; one that only resolves, its own name or the root."""
    if service.zones or service.role != "recursive":
        return service.zones[:_MANY_ZONES]
    return (server or "",)


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


@dataclass(frozen=True, slots=True)
class Referral:
    """Where a server sends one on to: the zone, and the IPv6 glue of each of its name servers."""

    zone: str
    servers: tuple[tuple[str, tuple[str, ...]], ...]


def referral(data: Mapping[str, JSON], name: str) -> Referral | None:
    """Read an answer's data as a referral towards a name (RFC 1034 §4.3.2); None if it is none.

    The data are a stranger's: what has not the documented shape is as good as absent.
    """
    flags = data.get("flags")
    if (
        data.get("rcode") != "NOERROR"
        or data.get("answers")
        or not isinstance(flags, Sequence)
        or "AA" in flags
    ):
        return None
    found = [(owner, text) for owner, kind, text in _records(data.get("authority")) if kind == "NS"]
    zones = {owner for owner, _ in found}
    if len(zones) != 1 or (zone := zones.pop()) not in (name, *ancestors(name)):
        return None
    glue = [(owner, text) for owner, kind, text in _records(data.get("additional")) if kind == "AAAA"]
    servers = sorted({text.rstrip(".").lower() for _, text in found} - {""})
    return Referral(zone, tuple((s, tuple(sorted(t for owner, t in glue if owner == s))) for s in servers))


def below(name: str, zone: str) -> bool:
    """Whether a name lies in a zone."""
    return zone == "" or name == zone or name.endswith(f".{zone}")


def _records(section: JSON) -> Iterator[tuple[str, str, str]]:
    for record in section if isinstance(section, Sequence) and not isinstance(section, str) else ():
        if isinstance(record, Sequence) and not isinstance(record, str) and len(record) == 4:
            yield str(record[0]).lower().removesuffix("."), str(record[1]), str(record[3])
