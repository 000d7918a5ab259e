"""`PlanTree`: the prefixes of a plan, each below the smallest one that holds it.

Two prefixes are equal, nested or apart: there is no fourth case. Of equal ones the coarser use is the
outer: an allocation that is one site whole is a site in an allocation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from netaddr import IPNetwork

from ipv6check.inventory.addresses import parse
from ipv6check.model.inventory import PlanEntry

# Uses that exist to be divided; the others are taken whole.
CONTAINERS = frozenset({"allocation", "site"})
# From coarse to fine: of two equal prefixes the coarser one is the outer.
_ORDER = ("allocation", "site", "reserved", "subnet", "point-to-point", "loopback")


@dataclass(slots=True, eq=False)
class Node:
    """One prefix of the plan in its place. `children` lie in it and in none of each other."""

    entry: PlanEntry
    network: IPNetwork
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def container(self) -> bool:
        """Whether it is there to be divided."""
        return self.entry.use in CONTAINERS

    @property
    def above(self) -> Iterator[Node]:
        """The prefixes it lies in, the smallest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    @property
    def depth(self) -> int:
        """How many prefixes it lies in."""
        return sum(1 for _ in self.above)

    def holds(self, other: IPNetwork) -> bool:
        """Whether the other prefix lies in it, or is the same."""
        same = self.network.version == other.version
        return same and self.network.first <= other.first and other.last <= self.network.last


class PlanTree:
    """All prefixes of a plan. `nodes` are in the order of a listing: each before what lies in it."""

    def __init__(self, entries: Iterable[PlanEntry]) -> None:
        made = [Node(entry, IPNetwork(entry.prefix)) for entry in entries]
        self.nodes: tuple[Node, ...] = tuple(sorted(made, key=_place))
        self._by_length: dict[tuple[int, int], dict[int, Node]] = {}
        above: list[Node] = []
        for node in self.nodes:
            while above and not above[-1].holds(node.network):
                above.pop()
            if above:
                node.parent = above[-1]
                above[-1].children.append(node)
            above.append(node)
            key = (node.network.version, node.network.prefixlen)
            # Of equal prefixes the last is the innermost: it is the one an address lies in.
            self._by_length.setdefault(key, {})[node.network.first] = node
        self._lengths = sorted(self._by_length, reverse=True)

    @property
    def roots(self) -> tuple[Node, ...]:
        """The prefixes that lie in no other."""
        return tuple(node for node in self.nodes if node.parent is None)

    def smallest(self, address: str) -> Node | None:
        """Return the smallest prefix that an address lies in; None if it lies in none."""
        family, value, _ = parse(address)
        return self._find(family, value, 128)

    def around(self, network: IPNetwork) -> Node | None:
        """Return the smallest prefix that holds another, or is the same; None if there is none."""
        return self._find(network.version, network.first, network.prefixlen)

    def _find(self, version: int, value: int, longest: int) -> Node | None:
        bits = 32 if version == 4 else 128
        for family, length in self._lengths:
            if family == version and length <= longest:
                found = self._by_length[family, length].get(value >> (bits - length) << (bits - length))
                if found is not None:
                    return found
        return None

    def has(self, version: int) -> bool:
        """Whether the plan has a prefix of that family."""
        return any(family == version for family, _ in self._lengths)


def _place(node: Node) -> tuple[int, int, int, int, str, int]:
    network, source = node.network, node.entry.source
    order = _ORDER.index(node.entry.use) if node.entry.use in _ORDER else len(_ORDER)
    return (-network.version, network.first, network.prefixlen, order, source.file, source.line)
