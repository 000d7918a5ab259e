"""From declared hosts and the addresses found for them to the spots that are asked."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.model.inventory import Endpoint, Family
from ipv6check.model.task import Task
from ipv6check.plan import targets
from ipv6check.plan.index import Declared, Index
from ipv6check.plan.targets import Spot

MAX_ADDRESSES = 16  # of one name and family


def contacted(index: Index, name: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of a name's addresses that are contacted: permitted, and not more than the bound."""
    return tuple(a for a in found if index.permitted(a, True) is None)[:MAX_ADDRESSES]


def of_name(index: Index, name: str, found: tuple[str, ...]) -> Iterator[Task]:
    """Yield what is asked of a declared name's addresses, for every system that declares it."""
    for address in contacted(index, name, found):
        for declared in index.names.get(name, ()):
            yield from _tasks(index, declared, address, name)


def of_literals(index: Index) -> Iterator[Task]:
    """Yield what is asked of the addresses that the inventory itself names."""
    for address, declarations in index.literals.items():
        if index.permitted(address, False) is None:
            for declared in declarations:
                yield from _tasks(index, declared, address, None)


def possible(index: Index) -> Iterator[Task]:
    """Yield what is asked of the inventory's IPv4 addresses if IPv6 opens an audit port; for estimates."""
    for address, declarations in index.literals.items():
        if ":" in address or index.permitted(address, False) is not None:
            continue
        for system, host in declarations:
            if system.probe != "dns-only":
                spot = Spot(index, system, host, address, 4, index.condition(address))
                yield from (spot.ask("tcp.connect", port, {}) for port in targets.audited(spot))


def unresolved(index: Index, name: str, family: Family) -> Iterator[Task]:
    """Yield what would be asked of one address of a name, the name standing for the address.

    For estimates only: nothing can be connected to what these tasks name.
    """
    for system, host in index.names.get(name, ()):
        if system.probe != "dns-only":
            yield from targets.tasks(Spot(index, system, host, name, family, index.condition(name)))


def _tasks(index: Index, declared: Declared, address: str, name: str | None) -> Iterator[Task]:
    system, host = declared
    if system.probe != "dns-only":
        family = Endpoint(address, 0).family
        condition = index.condition(address, name)
        yield from targets.tasks(Spot(index, system, host, address, family, condition))
