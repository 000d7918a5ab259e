"""Whether a system can be used by somebody who has no IPv4 at all: natively, through NAT64, or not.

Works on what any vantage of the system measured. A name that has no IPv6 of its own may still be
reached through the address that a DNS64 made for it (RFC 6147), if such an address was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipv6check.facts.dns_answer import read
from ipv6check.inventory.addresses import embedded_ipv4
from ipv6check.model.fact import Answer, Fact
from ipv6check.model.inventory import Equipment, Host, Inventory, Service

if TYPE_CHECKING:
    from ipv6check.facts.view import SystemView

NATIVE, NAT64 = "native", "NAT64"
# What a device has to be able to do for the systems behind it; `management` is nobody's but its owner's.
_NOT_NEEDED = frozenset({"management"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that a system depends on, perhaps through another; yes: it does without IPv4."""

    target: str
    through: Need | None = None
    depth: int = 1
    answer: Answer
    reason: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The way there from the system, which is not named."""
        return (self.target,) if self.through is None else (*self.through.path, self.target)


def translated(view: SystemView, vantage: str, host: Host, service: Service) -> tuple[Fact, ...]:
    """Return the facts of a service at the addresses that a DNS64 made for a host."""
    if host.name is None or host.address is not None:
        return ()
    return tuple(
        fact
        for address in _synthesised(view, vantage, host.name)
        for port in service.ports.get(6, ())
        if (fact := view.connect(vantage, address, port, service.transport, by_dns=True)).evidence
    )


def _synthesised(view: SystemView, vantage: str, name: str) -> tuple[str, ...]:
    """Return the AAAA addresses of a name that lead to IPv4 through a translator."""
    declared = view.facts.names.lookup(vantage, name, 6).failure == "dns.synthesised"
    found = set[str]()
    for asked in view.facts.index.dns.get((vantage, name, "AAAA"), ()):
        for each in asked.tries:
            if each.outcome == "ok":
                found.update(read(each.data, name, "AAAA").addresses)
    return tuple(sorted(a for a in found if declared or embedded_ipv4(a) is not None))


def is_translated(fact: Fact) -> bool:
    """Whether a fact is about an address that leads to IPv4 through a translator."""
    return fact.address is not None and ":" in fact.address and embedded_ipv4(fact.address) is not None


def able(device: Equipment) -> tuple[Answer, str]:
    """Return whether a piece of equipment carries IPv6, by what the inventory says of it.

    One "no" is enough; what nobody assessed goes before what it does in part, for both leave it open.
    """
    values = {value for key, value in device.ipv6.items() if key not in _NOT_NEEDED}
    if "no" in values:
        return "no", "equipment.no_ipv6"
    if not values or "unknown" in values:
        return "unknown", "equipment.not_assessed"
    return ("unknown", "equipment.partial") if "partial" in values else ("yes", "")


def devices(inventory: Inventory, name: str) -> Iterator[Equipment]:
    """Yield the equipment of an id (none or one)."""
    yield from (device for device in inventory.equipment if device.id == name)
