"""NAT64 prefixes: the examples of RFC 6052 section 2.4, and what RFC 7050 finds."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.inventory import nat64
from ipv6check.inventory.addresses import Block, block

# RFC 6052 section 2.4: 192.0.2.33 behind prefixes of each length.
EXAMPLES = {
    32: "2001:db8:c000:221::",
    40: "2001:db8:1c0:2:21::",
    48: "2001:db8:122:c000:2:2100::",
    56: "2001:db8:122:3c0:0:221::",
    64: "2001:db8:122:344:c0:2:2100:0",
    96: "2001:db8:122:344::192.0.2.33",
}
LENGTHS = st.sampled_from(nat64.LENGTHS)


def place(network: int, length: int, four: int) -> str:
    """Put four bytes behind a prefix as RFC 6052 says, bit by bit."""
    value = network >> (128 - length) << (128 - length)
    position = length
    for bit in range(31, -1, -1):
        if 64 <= position < 72 and length != 96:
            position = 72
        value |= (four >> bit & 1) << (127 - position)
        position += 1
    return str(ipaddress.IPv6Address(value))


@pytest.mark.parametrize(("length", "text"), EXAMPLES.items())
def test_the_examples_of_the_rfc(length: int, text: str) -> None:
    assert nat64.embedded(int(ipaddress.IPv6Address(text)), length) == int(
        ipaddress.IPv4Address("192.0.2.33")
    )


@given(st.integers(0, 2**128 - 1), LENGTHS, st.integers(0, 2**32 - 1))
def test_what_is_put_in_comes_out(network: int, length: int, four: int) -> None:
    network &= ~(0xFF << 56)
    assert nat64.embedded(int(ipaddress.IPv6Address(place(network, length, four))), length) == four


@pytest.mark.parametrize("length", nat64.LENGTHS)
def test_the_discovery_name_gives_the_prefix_away(length: int) -> None:
    network = int(ipaddress.IPv6Address("2001:db8:122:3344::"))
    answers = [place(network, length, four) for four in (0xC00000AA, 0xC00000AB)]
    expected = Block(6, network >> (128 - length) << (128 - length), length)
    assert nat64.prefixes(answers) == (expected,)
    assert nat64.behind(place(network, length, 0xC6336407), (expected,)) == expected


def test_an_address_that_holds_no_well_known_one_gives_nothing_away() -> None:
    assert nat64.prefixes(["2001:db8::1", "64:ff9b::c633:6407"]) == ()


def test_a_native_address_beside_the_prefix_is_no_translators() -> None:
    assert nat64.behind("2001:db8:65::1", (block("2001:db8:64::/96"),)) is None


@given(st.integers(0, 2**128 - 1))
def test_any_address_can_be_looked_into(value: int) -> None:
    found = list(nat64.every_embedded(str(ipaddress.IPv6Address(value))))
    assert all(0 <= four < 2**32 for four in found)
