"""The next free prefix: what it never is, where it begins, and the spread of RFC 3531."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netaddr import IPNetwork

from ipv6check.addressplan.free import next_free
from tests.unit.addressplan.making import ALLOCATION, prefixes

SITE = IPNetwork("2001:db8:1::/48")


def proposed(length: int, *taken: str, inside: IPNetwork = SITE, sparse: bool = False) -> str | None:
    found = next_free(inside, length, [IPNetwork(each) for each in taken], sparse=sparse)
    return None if found is None else str(found.network)


@given(st.lists(prefixes(), max_size=15), st.integers(32, 128), st.booleans())
def test_a_proposal_lies_inside_and_overlaps_nothing_taken(
    taken: list[str], length: int, sparse: bool
) -> None:
    inside = IPNetwork(ALLOCATION)
    blocks = [IPNetwork(each) for each in taken]
    found = next_free(inside, length, blocks, sparse=sparse)
    if found is None:
        # Where it finds nothing there is nothing: not one slot of that size is without a taken part.
        assert blocks
        assert length < 128 or sum(block.size for block in blocks) >= inside.size
        return
    network = found.network
    assert network.prefixlen == length
    assert network.cidr == network
    assert inside.first <= network.first <= network.last <= inside.last
    for block in blocks:
        assert network.last < block.first or block.last < network.first, f"{network} meets {block}"


@given(st.lists(prefixes("2001:db8::/32", 40), max_size=12), st.integers(32, 40), st.booleans())
def test_it_finds_one_if_and_only_if_there_is_one(taken: list[str], length: int, sparse: bool) -> None:
    inside = IPNetwork(ALLOCATION)
    blocks = [IPNetwork(each) for each in taken]
    free = [
        each
        for each in inside.subnet(length)
        if all(each.last < block.first or block.last < each.first for block in blocks)
    ]
    found = next_free(inside, length, blocks, sparse=sparse)
    assert (found is not None) == bool(free)
    if found is not None:
        assert found.network in free


@given(st.lists(prefixes("2001:db8::/32", 40), max_size=8))
def test_proposals_taken_one_after_the_other_never_meet(taken: list[str]) -> None:
    inside = IPNetwork(ALLOCATION)
    blocks = [IPNetwork(each) for each in taken]
    for _ in range(5):
        found = next_free(inside, 40, blocks, sparse=True)
        if found is None:
            break
        assert all(found.network.last < b.first or b.last < found.network.first for b in blocks)
        blocks.append(found.network)


def test_in_order_is_the_lowest() -> None:
    assert proposed(64) == "2001:db8:1::/64"
    assert proposed(64, "2001:db8:1::/64", "2001:db8:1:2::/64") == "2001:db8:1:1::/64"


def test_a_single_address_in_use_takes_its_subnet() -> None:
    assert proposed(64, "2001:db8:1::80/128") == "2001:db8:1:1::/64"


def test_a_size_off_the_nibble_begins_on_one_so_that_it_can_grow() -> None:
    assert proposed(62, "2001:db8:1::/64") == "2001:db8:1:10::/62"
    assert proposed(58, "2001:db8:1::/64") == "2001:db8:1:100::/58"


def test_off_the_nibble_where_there_is_no_other_room() -> None:
    inside = IPNetwork("2001:db8:1::/60")
    found = next_free(inside, 62, [IPNetwork("2001:db8:1::/64")])
    assert found is not None
    assert str(found.network) == "2001:db8:1:4::/62"
    assert not found.aligned


def test_sparse_is_the_leftmost_order_of_rfc_3531() -> None:
    taken: list[str] = []
    for _ in range(6):
        found = proposed(64, *taken, sparse=True)
        assert found is not None
        taken.append(found)
    assert taken == [
        "2001:db8:1::/64",
        "2001:db8:1:8000::/64",
        "2001:db8:1:4000::/64",
        "2001:db8:1:c000::/64",
        "2001:db8:1:2000::/64",
        "2001:db8:1:a000::/64",
    ]


def test_nothing_is_left_of_what_is_taken_whole() -> None:
    assert proposed(64, "2001:db8:1::/49", "2001:db8:1:8000::/49") is None
    assert proposed(64, "2001:db8::/32") is None


def test_a_prefix_may_be_the_whole() -> None:
    assert proposed(48) == "2001:db8:1::/48"
    assert proposed(48, "2001:db8:1::80/128") is None


def test_a_wider_one_does_not_fit() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        next_free(SITE, 47, [])


def test_ipv4_works_the_same() -> None:
    inside = IPNetwork("198.51.100.0/24")
    taken = ("198.51.100.0/26", "198.51.100.64/28")
    assert proposed(28, *taken, inside=inside) == "198.51.100.80/28"
    assert proposed(28, *taken, inside=inside, sparse=True) == "198.51.100.128/28"
