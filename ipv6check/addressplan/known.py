"""The addresses that an inventory names, and those that were seen: what fills a plan's prefixes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ipv6check.model.inventory import Inventory

SORTS = ("declared", "planned", "observed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All known addresses, canonical, by how they are known; an address may be known in several ways."""

    declared: frozenset[str] = frozenset()
    planned: frozenset[str] = frozenset()
    observed: frozenset[str] = frozenset()

    @property
    def every(self) -> frozenset[str]:
        """Every known address, once."""
        return self.declared | self.planned | self.observed

    @classmethod
    def of(cls, inventory: Inventory, observed: Iterable[str] = ()) -> Known:
        """Return what an inventory names, and what was observed."""
        return cls(
            declared=declared_addresses(inventory),
            planned=planned_addresses(inventory),
            observed=frozenset(observed),
        )


def declared_addresses(inventory: Inventory) -> frozenset[str]:
    """Return the literals of hosts, senders, equipment, resolvers, name servers and canaries."""
    found = {host.address for system in inventory.systems for host in system.hosts if host.address}
    found |= {sender for system in inventory.systems for sender in system.mail_senders}
    found |= {address for item in inventory.equipment for address in item.management}
    found |= {endpoint.address for view in inventory.resolvers.values() for endpoint in view}
    found |= set(inventory.dns_roots)
    for vantage in inventory.vantages:
        found |= {canary.address for canary in vantage.canaries}
        found |= {control.address for control in vantage.controls}
    return frozenset(found)


def planned_addresses(inventory: Inventory) -> frozenset[str]:
    """Return the addresses that the plan gives to systems."""
    return frozenset(address for system in inventory.systems for address in system.planned)
