"""A proposal for a new prefix: the container that a site, unit or system has, and what is free in it.

Taken is every prefix of the plan but those it lies in, and every known address: what is in use though
nobody planned it is not free either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from netaddr import IPNetwork

from ipv6check.addressplan.free import next_free
from ipv6check.addressplan.known import Known
from ipv6check.addressplan.tree import Node, PlanTree
from ipv6check.model.inventory import Inventory, PlanEntry
from ipv6check.model.text import Text

For = Literal["prefix", "site", "unit", "system", "plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a prefix is wanted: in a prefix, or for a site, unit or system of that id."""

    kind: For = "plan"
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: a prefix of `length` bits at a place; `sparse` after RFC 3531."""

    length: int
    place: Place
    sparse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A free prefix, and the one it was found in; `aligned` as in `Free`."""

    prefix: str
    inside: str
    node: Node | None
    aligned: bool


class NoProposal(ValueError):
    """Nothing can be proposed; `said` is why, and what to ask for instead."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


def propose(inventory: Inventory, tree: PlanTree, known: Known, wish: Wish) -> Proposal:
    """Return the first free prefix in the containers of the place; raise NoProposal if there is none."""
    tried: list[str] = []
    for network, node in _containers(inventory, tree, wish.place):
        tried.append(str(network))
        if not network.prefixlen <= wish.length <= (32 if network.version == 4 else 128):
            continue
        found = next_free(network, wish.length, _taken(tree, known, network, node), sparse=wish.sparse)
        if found is not None:
            return Proposal(prefix=str(found.network), inside=str(network), node=node, aligned=found.aligned)
    where = ", ".join(tried[:8])
    raise NoProposal(
        Text(
            f"không còn chỗ trống cho /{wish.length} trong {where}: chọn tiền tố nhỏ hơn hoặc dùng --in",
            f"no room for a /{wish.length} in {where}: ask for a smaller one, or name a prefix with --in",
        )
    )


def _taken(tree: PlanTree, known: Known, inside: IPNetwork, node: Node | None) -> Iterator[IPNetwork]:
    """Yield what may not be proposed: prefixes, but for those around, and addresses that are in use."""
    around = set() if node is None else {id(node), *(id(each) for each in node.above)}
    for each in tree.nodes:
        if id(each) not in around:
            yield each.network
    for address in known.every:
        bare = address.partition("%")[0]
        if (":" in bare) == (inside.version == 6):
            yield IPNetwork(bare)


def _containers(inventory: Inventory, tree: PlanTree, place: Place) -> list[tuple[IPNetwork, Node | None]]:
    """Return the prefixes to look in, the fittest first; NoProposal if the plan has none for the place."""
    if place.kind == "prefix":
        return [_within(tree, IPNetwork(place.id))]
    steps = list(_steps(inventory, place))
    for kind, name in steps:
        own = [node for node in tree.nodes if _serves(node, kind, name)]
        if own:
            # A longer prefix is the one that was set aside for the place itself.
            own.sort(key=lambda node: (-node.network.prefixlen, node.network.first))
            return [(node.network, node) for node in own]
    raise NoProposal(_nothing(place))


def _within(tree: PlanTree, network: IPNetwork) -> tuple[IPNetwork, Node | None]:
    node = tree.around(network)
    if node is None:
        raise NoProposal(
            Text(
                f"{network} không thuộc vùng nào của quy hoạch: khai báo vùng đó trong address_plan",
                f"{network} lies in no prefix of the plan: declare it in address_plan first",
            )
        )
    if not node.container:
        use = node.entry.use
        raise NoProposal(
            Text(
                f"{network} thuộc {node.entry.prefix}, đã dùng làm {use}: chọn một vùng allocation hoặc site",
                f"{network} belongs to {node.entry.prefix}, which is a {use}: name an allocation or a site",
            )
        )
    return network, node


def _steps(inventory: Inventory, place: Place) -> Iterator[tuple[For, str]]:
    """Yield whose containers may serve the place: its own, then those of what it belongs to."""
    if place.kind == "plan":
        yield "plan", ""
        return
    yield place.kind, place.id
    unit: str | None = place.id if place.kind == "unit" else None
    if place.kind == "system":
        system = inventory.system(place.id)
        if system.site:
            yield "site", system.site
        unit = system.unit
        if unit:
            yield "unit", unit
    parents = {each.id: each.parent for each in inventory.units}
    while unit and (unit := parents.get(unit)):
        yield "unit", unit
    if place.kind != "site":
        yield "plan", ""


def _serves(node: Node, kind: For, name: str) -> bool:
    entry: PlanEntry = node.entry
    if not node.container or node.network.version != 6:
        return False
    if kind == "plan":
        return entry.use == "allocation" and entry.unit is None and entry.system is None
    return {"site": entry.site, "unit": entry.unit, "system": entry.system}.get(kind) == name


def _nothing(place: Place) -> Text:
    if place.kind == "plan":
        return Text(
            "quy hoạch không có vùng allocation nào: khai báo vùng địa chỉ được cấp trong address_plan",
            "the plan has no allocation: declare the block you were given in address_plan",
        )
    kind = {"site": "địa điểm", "unit": "đơn vị", "system": "hệ thống"}[place.kind]
    return Text(
        f"quy hoạch không có vùng allocation hoặc site nào cho {kind} {place.id}: chọn vùng bằng --in",
        f"the plan has no allocation or site for the {place.kind} {place.id}: name a prefix with --in",
    )
