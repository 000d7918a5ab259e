"""Which target addresses a scan may contact, by the inventory alone (interface.md §1, "Who is contacted").

An explicit `scope` decides; without one, the literals listed, and what DNS answers give if it is global
unicast. `exclude` always wins, and some addresses are nobody's. Standard library only; fast for 100,000 asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ipv6check.inventory.addresses import BITS, NEVER, Block, block, classify, embedded_ipv4, parse, write
from ipv6check.inventory.nat64 import every_embedded
from ipv6check.model.inventory import Inventory

OUTSIDE = "scope.outside"
NEVER_CONTACTED = "address.never"


class Prefixes:
    """A set of prefixes: quick to ask whether any holds an address, however many there are."""

    def __init__(self, prefixes: Iterable[str]) -> None:
        self._networks: dict[tuple[int, int], set[int]] = {}
        for prefix in prefixes:
            found = block(prefix)
            shift = BITS[found.family] - found.length
            self._networks.setdefault((found.family, shift), set()).add(found.network >> shift)

    def hold(self, address: str) -> bool:
        """Whether any prefix holds the address (its zone does not matter)."""
        family, value, _ = parse(address)
        return any(
            of == family and value >> shift in networks for (of, shift), networks in self._networks.items()
        )

    def covering(self, prefix: Block) -> bool:
        """Whether one prefix covers another whole."""
        return any(
            of == prefix.family and BITS[of] - shift <= prefix.length and prefix.network >> shift in networks
            for (of, shift), networks in self._networks.items()
        )


def literals(inventory: Inventory) -> frozenset[str]:
    """Return the literal target addresses that the inventory lists: of hosts, foreign hosts, management."""
    found = {host.address for system in inventory.systems for host in system.hosts if host.address}
    needs = [d for system in inventory.systems for d in system.depends_on]
    needs += [d for device in inventory.equipment for d in device.depends_on]
    foreign = {need.target for need in needs if need.kind == "host"}
    found |= {address for device in inventory.equipment for address in device.management}
    return frozenset(found | {target for target in foreign if ":" in target or _is_ipv4(target)})


def _is_ipv4(text: str) -> bool:
    return text.replace(".", "").isdecimal()


def in_explicit_scope(inventory: Inventory) -> Callable[[str], bool]:
    """Return a function that says whether an address lies in the `scope` that was given.

    Such an address is never `addr.documentation`, `addr.loopback` or `addr.ula_public`.
    """
    prefixes = Prefixes(inventory.scope or ())
    return prefixes.hold


def permitted(inventory: Inventory) -> Callable[[str, bool], str | None]:
    """Return `(address, by_dns) -> None | reason`: whether a target address may be contacted.

    `by_dns`: the address is known from the answer to a listed name alone. The reason is `address.never`
    for what is no single host (multicast, unspecified, broadcast, IPv4-mapped, link-local without a zone),
    else `scope.outside`. An answer may be a DNS64's: what may lead to an excluded IPv4 address through a
    translator is excluded too. Resolvers, canaries and controls are not targets: ask elsewhere.
    """
    excluded = Prefixes(inventory.exclude)
    hidden = any(":" not in prefix for prefix in inventory.exclude)
    scope = None if inventory.scope is None else Prefixes(inventory.scope)
    listed = literals(inventory)

    def why_not(address: str, by_dns: bool) -> str | None:
        try:
            kind = classify(address).kind
        except ValueError:
            return NEVER_CONTACTED
        if kind in NEVER or (kind == "linklocal" and ":" in address and "%" not in address):
            return NEVER_CONTACTED
        if excluded.hold(address) or (hidden and any(map(excluded.hold, _behind(address, by_dns)))):
            return OUTSIDE
        if scope is not None:
            return None if scope.hold(address) else OUTSIDE
        return None if address in listed or (by_dns and kind == "global") else OUTSIDE

    return why_not


def _behind(address: str, by_dns: bool) -> Iterator[str]:
    """Yield the IPv4 addresses that an IPv6 address may lead to through a translator."""
    if by_dns:
        yield from (write(4, value) for value in every_embedded(address))
    elif (behind := embedded_ipv4(address)) is not None:
        yield behind
