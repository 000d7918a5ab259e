"""How full each prefix of a plan is: shares of its space, subnets, and known addresses.

The parts make up the whole: a container's planned, reserved and free shares are 1 together, its
subnets and addresses those of its children and its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ipv6check.addressplan.known import SORTS, Known
from ipv6check.addressplan.tree import Node, PlanTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One prefix's figures.

    `planned` and `reserved` are shares of a container's space, None for what is taken whole;
    `room` is how many /64s it has (None if it is smaller, or IPv4); `subnets` counts the prefixes
    below it (or itself) that are taken whole, without what is only reserved; `addresses` counts
    known addresses in it by how they are known, and `known` each once; `direct` are those in none
    of its children.
    """

    node: Node
    planned: Fraction | None
    reserved: Fraction | None
    room: int | None
    subnets: int
    addresses: Mapping[str, int]
    known: int
    direct: int

    @property
    def free(self) -> Fraction | None:
        """The share that nothing is planned for."""
        if self.planned is None or self.reserved is None:
            return None
        return 1 - self.planned - self.reserved


def usages(tree: PlanTree, known: Known) -> tuple[Usage, ...]:
    """Return the figures of every prefix, in the order of `tree.nodes`."""
    own = {sort: _counts(tree, getattr(known, sort)) for sort in SORTS}
    direct = _counts(tree, known.every)
    found: dict[int, Usage] = {}
    for node in reversed(tree.nodes):
        below = [found[id(child)] for child in node.children]
        found[id(node)] = _usage(
            node,
            below,
            {sort: own[sort].get(id(node), 0) for sort in SORTS},
            direct.get(id(node), 0),
        )
    return tuple(found[id(node)] for node in tree.nodes)


def _counts(tree: PlanTree, addresses: Iterable[str]) -> dict[int, int]:
    """Count the addresses by the smallest prefix each lies in."""
    found: dict[int, int] = {}
    for address in addresses:
        node = tree.smallest(address)
        if node is not None:
            found[id(node)] = found.get(id(node), 0) + 1
    return found


def _usage(node: Node, below: list[Usage], own: Mapping[str, int], direct: int) -> Usage:
    size = node.network.size
    shares: dict[bool, Fraction] = {True: Fraction(0), False: Fraction(0)}
    for child in node.children:
        shares[child.entry.use == "reserved"] += Fraction(child.network.size, size)
    divided = node.container or bool(node.children)
    length = node.network.prefixlen
    whole = not divided and node.entry.use != "reserved"
    return Usage(
        node=node,
        planned=shares[False] if divided else None,
        reserved=shares[True] if divided else None,
        room=2 ** (64 - length) if node.network.version == 6 and length <= 64 else None,
        subnets=int(whole) + sum(usage.subnets for usage in below),
        addresses={sort: own[sort] + sum(usage.addresses[sort] for usage in below) for sort in SORTS},
        known=direct + sum(usage.known for usage in below),
        direct=direct,
    )
