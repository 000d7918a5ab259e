"""The tree of prefixes, and figures whose parts make up the whole."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given

from ipv6check.addressplan import Known, PlanTree, Usage, usages
from ipv6check.model.inventory import PlanEntry
from tests.unit.addressplan.making import addresses, entry, plans


def by_prefix(plan: tuple[PlanEntry, ...], *known: str) -> dict[str, Usage]:
    found = usages(PlanTree(plan), Known(declared=frozenset(known)))
    return {usage.node.entry.prefix: usage for usage in found}


@given(plans(), addresses(), addresses())
def test_the_parts_make_up_the_whole(
    plan: tuple[PlanEntry, ...], declared: frozenset[str], observed: frozenset[str]
) -> None:
    tree = PlanTree(plan)
    known = Known(declared=declared, observed=observed)
    found = {id(usage.node): usage for usage in usages(tree, known)}
    assert len(found) == len(plan)
    for usage in found.values():
        below = [found[id(child)] for child in usage.node.children]
        assert usage.known == usage.direct + sum(each.known for each in below)
        whole = not usage.node.container and not below and usage.node.entry.use != "reserved"
        if not usage.node.children or usage.node.container:
            assert usage.subnets == int(whole) + sum(each.subnets for each in below)
        for sort, count in usage.addresses.items():
            assert count >= sum(each.addresses[sort] for each in below)
        if usage.planned is not None and usage.reserved is not None:
            assert usage.planned + usage.reserved + (usage.free or 0) == 1
            assert 0 <= usage.planned <= 1
    inside = {each for each in known.every if tree.smallest(each) is not None}
    assert sum(found[id(root)].known for root in tree.roots) == len(inside)


@given(plans())
def test_each_prefix_lies_in_the_smallest_that_holds_it(plan: tuple[PlanEntry, ...]) -> None:
    tree = PlanTree(plan)
    assert len(tree.nodes) == len(plan)
    for node in tree.nodes:
        holding = [
            each
            for each in tree.nodes
            if each.holds(node.network) and each.network.prefixlen < node.network.prefixlen
        ]
        longest = max((each.network.prefixlen for each in holding), default=None)
        parents = [each for each in node.above if each.network != node.network]
        assert longest == (parents[0].network.prefixlen if parents else None)


@given(plans(), addresses())
def test_an_address_lies_in_the_smallest_prefix_that_holds_it(
    plan: tuple[PlanEntry, ...], known: frozenset[str]
) -> None:
    tree = PlanTree(plan)
    for address in known:
        holding = [node for node in tree.nodes if address in node.network]
        found = tree.smallest(address)
        assert (found is None) == (not holding)
        if found is not None:
            assert found.network.prefixlen == max(node.network.prefixlen for node in holding)


def test_shares_are_of_the_space_and_subnets_are_counted_at_any_depth() -> None:
    found = by_prefix(
        (
            entry("2001:db8::/48", "allocation"),
            entry("2001:db8:0:1000::/52", "site"),
            entry("2001:db8:0:1000::/64"),
            entry("2001:db8:0:1001::/64"),
            entry("2001:db8:0:8000::/49", "reserved"),
        ),
        "2001:db8:0:1000::80",
        "2001:db8:0:5::80",
    )
    whole, site, lan = (
        found[name] for name in ("2001:db8::/48", "2001:db8:0:1000::/52", "2001:db8:0:1000::/64")
    )
    assert (whole.planned, whole.reserved, whole.free) == (
        Fraction(1, 16),
        Fraction(1, 2),
        Fraction(7, 16),
    )
    assert (whole.room, site.room, lan.room) == (65536, 4096, 1)
    assert (whole.subnets, site.subnets, lan.subnets) == (2, 2, 1)
    assert site.planned == Fraction(2, 4096)
    assert lan.planned is None
    assert (whole.known, whole.direct, site.known, lan.known) == (2, 1, 1, 1)


def test_of_equal_prefixes_the_coarser_is_the_outer() -> None:
    tree = PlanTree(
        (
            entry("2001:db8::/48"),
            entry("2001:db8::/48", "site"),
            entry("2001:db8::/48", "allocation"),
        )
    )
    assert [node.entry.use for node in tree.nodes] == ["allocation", "site", "subnet"]
    assert [node.depth for node in tree.nodes] == [0, 1, 2]
    found = tree.smallest("2001:db8::1")
    assert found is not None
    assert found.entry.use == "subnet"


def test_families_stay_apart() -> None:
    tree = PlanTree((entry("::/0", "allocation"), entry("198.51.100.0/24")))
    assert len(tree.roots) == 2
    assert tree.smallest("198.51.101.1") is None
    assert tree.has(4)
    assert tree.has(6)
    assert not PlanTree(()).has(6)
