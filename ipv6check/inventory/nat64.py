"""IPv4 addresses inside IPv6 ones: how a DNS64 resolver's prefix is found, and what lies behind it.

RFC 6052 section 2.2 says where the four bytes stand for each length of prefix; RFC 7050 section 3 how
`ipv4only.arpa` gives a network's own prefix away. Pure, integers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ipv6check.inventory.addresses import Block, block, parse

DISCOVERY_NAME = "ipv4only.arpa"
LENGTHS = (96, 64, 56, 48, 40, 32)
WELL_KNOWN = (block("64:ff9b::/96"), block("64:ff9b:1::/48"))  # RFC 6052, RFC 8215
_WELL_KNOWN_IPV4 = frozenset({0xC00000AA, 0xC00000AB})  # 192.0.0.170 and .171, RFC 7050 section 2.2


def embedded(value: int, length: int) -> int | None:
    """Return the IPv4 address that an IPv6 one holds behind a prefix of that length, None if it cannot.

    Bits 64 to 71 and the suffix must be zero (RFC 6052, section 2.2).
    """
    if length == 96:
        return value & 0xFFFFFFFF
    if value >> 56 & 0xFF:
        return None
    without = value >> 64 << 56 | value & (1 << 56) - 1  # the address without bits 64 to 71: 120 bits
    behind = 120 - length - 32
    if without & (1 << behind) - 1:
        return None
    return without >> behind & 0xFFFFFFFF


def every_embedded(address: str) -> Iterator[int]:
    """Yield the IPv4 address at each place of RFC 6052 where an IPv6 address can hold one."""
    family, value, _ = parse(address)
    if family == 6:
        for length in LENGTHS:
            found = embedded(value, length)
            if found is not None:
                yield found


def prefixes(answers: Iterable[str]) -> tuple[Block, ...]:
    """Return the NAT64 prefixes that AAAA answers for `ipv4only.arpa` give away, sorted."""
    found = set()
    for address in answers:
        _, value, _ = parse(address)
        for length in LENGTHS:
            if embedded(value, length) in _WELL_KNOWN_IPV4:
                found.add(Block(6, value >> (128 - length) << (128 - length), length))
                break
    return tuple(sorted(found))


def behind(address: str, known: Iterable[Block]) -> Block | None:
    """Return the NAT64 prefix that an address is made of, None if it is made of none."""
    family, value, _ = parse(address)
    for prefix in known:
        if prefix.holds(family, value) and embedded(value, prefix.length) is not None:
            return prefix
    return None
