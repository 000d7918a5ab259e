"""Proposals for a site, unit, system or prefix: the container that is chosen, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netaddr import IPNetwork

from ipv6check.addressplan import Known, NoProposal, Place, PlanTree, Wish, propose
from ipv6check.model.inventory import Inventory, PlanEntry, Unit
from ipv6check.model.text import Text
from tests.unit.addressplan.making import ALLOCATION, HERE, addresses, entry, plans
from tests.unit.judge.cases import inventory, system

PLAN = (
    entry("2001:db8:100::/48", "allocation"),
    entry("2001:db8:100:1000::/52", "site", site="dc1"),
    entry("2001:db8:100:1000::/64", site="dc1"),
    entry("2001:db8:100:2000::/56", "site", unit="so-khcn"),
    entry("2001:db8:100:3000::/60", "site", system="portal"),
    entry("2001:db8:100:f000::/52", "reserved"),
)


def estate(plan: tuple[PlanEntry, ...] = PLAN) -> Inventory:
    return inventory(
        system("portal", site="dc1"),
        system("mail", site="dc1", unit="phong"),
        system("ioc", unit="phong"),
        system("alone"),
        address_plan=plan,
        units=(
            Unit(id="so-khcn", name=Text.same("Sở"), source=HERE),
            Unit(id="phong", name=Text.same("Phòng"), parent="so-khcn", source=HERE),
            Unit(id="ubnd", name=Text.same("UBND"), source=HERE),
        ),
    )


def proposed(place: Place, length: int = 64, known: tuple[str, ...] = ()) -> tuple[str, str]:
    declared = estate()
    tree = PlanTree(declared.address_plan)
    wish = Wish(length=length, place=place)
    found = propose(declared, tree, Known(declared=frozenset(known)), wish)
    return found.prefix, found.inside


@given(plans(), addresses(), st.integers(32, 128), st.booleans())
def test_it_never_proposes_what_is_used_planned_or_reserved(
    plan: tuple[PlanEntry, ...], known: frozenset[str], length: int, sparse: bool
) -> None:
    declared = estate(plan)
    tree = PlanTree(plan)
    try:
        found = propose(
            declared, tree, Known(observed=known), Wish(length=length, place=Place(), sparse=sparse)
        )
    except NoProposal:
        return
    network = IPNetwork(found.prefix)
    for each in plan:
        other = IPNetwork(each.prefix)
        apart = network.last < other.first or other.last < network.first
        assert apart or (each.use == "allocation" and network in other), f"{network} meets {each}"
    assert not [address for address in known if address in network]
    assert network in IPNetwork(ALLOCATION)


@pytest.mark.parametrize(
    ("place", "prefix", "inside"),
    [
        (Place(), "2001:db8:100::/64", "2001:db8:100::/48"),
        (Place(kind="site", id="dc1"), "2001:db8:100:1001::/64", "2001:db8:100:1000::/52"),
        (Place(kind="unit", id="so-khcn"), "2001:db8:100:2000::/64", "2001:db8:100:2000::/56"),
        (Place(kind="unit", id="phong"), "2001:db8:100:2000::/64", "2001:db8:100:2000::/56"),
        (Place(kind="unit", id="ubnd"), "2001:db8:100::/64", "2001:db8:100::/48"),
        (Place(kind="system", id="portal"), "2001:db8:100:3000::/64", "2001:db8:100:3000::/60"),
        (Place(kind="system", id="mail"), "2001:db8:100:1001::/64", "2001:db8:100:1000::/52"),
        (Place(kind="system", id="ioc"), "2001:db8:100:2000::/64", "2001:db8:100:2000::/56"),
        (Place(kind="system", id="alone"), "2001:db8:100::/64", "2001:db8:100::/48"),
        (Place(kind="prefix", id="2001:db8:100:400::/56"), "2001:db8:100:400::/64", "2001:db8:100:400::/56"),
    ],
)  # fmt: skip
def test_the_nearest_container_is_used(place: Place, prefix: str, inside: str) -> None:
    assert proposed(place) == (prefix, inside)


def test_an_address_in_use_that_nobody_planned_is_not_free() -> None:
    place = Place(kind="site", id="dc1")
    assert proposed(place, known=("2001:db8:100:1001::80",))[0] == "2001:db8:100:1002::/64"


@pytest.mark.parametrize(
    ("place", "length", "why"),
    [
        (Place(kind="prefix", id="2001:db8:999::/48"), 64, "lies in no prefix of the plan"),
        (Place(kind="prefix", id="2001:db8:100:1000::/64"), 80, "which is a subnet"),
        (Place(kind="prefix", id="2001:db8:100:f000::/56"), 64, "which is a reserved"),
        (Place(kind="site", id="dc2"), 64, "no allocation or site for the site dc2"),
        (Place(kind="site", id="dc1"), 48, "no room for a /48"),
        (Place(kind="system", id="portal"), 56, "no room for a /56"),
    ],
)
def test_what_cannot_be_proposed_says_why(place: Place, length: int, why: str) -> None:
    with pytest.raises(NoProposal, match=why):
        proposed(place, length)


def test_a_plan_without_an_allocation_says_what_to_declare() -> None:
    declared = estate((entry("2001:db8:100::/64"),))
    tree = PlanTree(declared.address_plan)
    with pytest.raises(NoProposal, match="no allocation"):
        propose(declared, tree, Known(), Wish(length=64, place=Place()))
