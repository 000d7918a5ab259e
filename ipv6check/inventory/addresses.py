"""Addresses and prefixes: their canonical text, their value, and what range they belong to.

Text in, text out; standard library only. Canonical text is RFC 5952 with a zone kept behind `%`,
exactly as `inet_ntop` writes it, so that it equals what probes read from sockets and packets.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from ipv6check.inventory.problems import Refusal
from ipv6check.inventory.special_purpose import IPV4, IPV6, Range
from ipv6check.model.inventory import Family

BITS: dict[Family, int] = {4: 32, 6: 128}
_ZONE = re.compile(r"[A-Za-z0-9_.:-]{1,32}\Z")
# Kinds no packet of ours is ever addressed to: they are no single host, or (v4mapped) the kernel
# would speak IPv4 where the task says IPv6.
NEVER = frozenset({"multicast", "unspecified", "broadcast", "v4mapped"})
_WITHOUT_CODE = frozenset({"global", "private", "shared", "ula", "broadcast"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressClass:
    """What range an address lies in. `kind` is `global` for ordinary global unicast.

    `code` is the catalogue's reason (`addr.…`) for publishing it, None for global, private, shared and
    ULA (which depend on the exposure); `globally_reachable` is IANA's word, None where it gives none.
    """

    family: Family
    kind: str
    code: str | None
    prefix: str
    name: str
    rfc: str
    globally_reachable: bool | None


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """A prefix as integers: quick to ask whether it holds an address."""

    family: Family
    network: int
    length: int

    def holds(self, family: Family, value: int) -> bool:
        """Whether the address lies inside."""
        return self.family == family and (value ^ self.network) >> (BITS[family] - self.length) == 0

    def covers(self, other: Block) -> bool:
        """Whether the other prefix lies inside, or is the same."""
        return self.length <= other.length and self.holds(other.family, other.network)


def split_zone(text: str) -> tuple[str, str]:
    """Split `fe80::1%eth0` into address and zone (RFC 4007, section 11); no zone: an empty one."""
    address, mark, zone = text.partition("%")
    if mark and not _ZONE.match(zone):
        raise Refusal(f'"{text}" ends in an impossible zone: after % comes the name of an interface')
    return address, zone


@lru_cache(maxsize=65536)
def parse(text: str) -> tuple[Family, int, str]:
    """Return family, integer value and zone of an address; Refusal if it is none."""
    bare, zone = split_zone(text)
    try:
        if ":" in bare:
            return 6, int(ipaddress.IPv6Address(bare)), zone
        value = int(ipaddress.IPv4Address(bare))
    except ValueError:
        raise Refusal(f'"{text}" is not an IP address', instead=_repair(bare)) from None
    if zone:
        raise Refusal(f'"{text}": an IPv4 address has no zone', instead=bare)
    return 4, value, ""


def _repair(text: str) -> str:
    """Return what an address was probably meant to be, or nothing."""
    inner = text.removeprefix("[").removesuffix("]")
    if re.fullmatch(r"[0-9]+(\.[0-9]+){3}", inner):
        inner = ".".join(part.lstrip("0") or "0" for part in inner.split("."))
    try:
        return write(*_bare(inner)) if inner != text else ""
    except ValueError:
        return ""


def _bare(text: str) -> tuple[Family, int]:
    if ":" in text:
        return 6, int(ipaddress.IPv6Address(text))
    return 4, int(ipaddress.IPv4Address(text))


@lru_cache(maxsize=65536)
def canonical(text: str) -> str:
    """Return the canonical text of an address (RFC 5952; the zone kept); Refusal if it is none."""
    family, value, zone = parse(text)
    return write(family, value) + (f"%{zone}" if zone else "")


def write(family: Family, value: int) -> str:
    """Return the canonical text of an address given as an integer."""
    if family == 4:
        return str(ipaddress.IPv4Address(value))
    # RFC 5952, section 5: mapped and compatible addresses show their IPv4 part in dots.
    if value >> 32 == 0xFFFF:
        return f"::ffff:{ipaddress.IPv4Address(value & 0xFFFFFFFF)}"
    if 0xFFFF < value <= 0xFFFFFFFF:
        return f"::{ipaddress.IPv4Address(value)}"
    return str(ipaddress.IPv6Address(value))


@lru_cache(maxsize=65536)
def block(text: str) -> Block:
    """Read a prefix, or an address as the prefix of itself alone; Refusal if bits stand behind it."""
    bare, slash, length_text = text.partition("/")
    if "%" in bare:
        raise Refusal(f'"{text}": a prefix has no zone')
    try:
        family, value = _bare(bare)
    except ValueError:
        raise Refusal(f'"{text}" is not a prefix: write network/length, for instance 2001:db8::/32') from None
    length = BITS[family]
    if slash:
        if not re.fullmatch(r"0|[1-9][0-9]{0,2}", length_text) or int(length_text) > length:
            raise Refusal(f'"{text}" is not a prefix: its length must be a number from 0 to {length}')
        length = int(length_text)
    host_bits = BITS[family] - length
    network = value >> host_bits << host_bits
    if network != value:
        right = f"{write(family, network)}/{length}"
        raise Refusal(f'"{text}" has bits set behind its length; the prefix is {right}', instead=right)
    return Block(family, network, length)


def canonical_prefix(text: str) -> str:
    """Return `network/length` in canonical text; a lone address becomes its /128 or /32."""
    found = block(text)
    return f"{write(found.family, found.network)}/{found.length}"


@cache
def _ranges(family: Family) -> tuple[tuple[int, dict[int, AddressClass]], ...]:
    """Return the family's classes by network, a dict a length: (bits behind it, dict), longest first."""
    by_length: dict[int, dict[int, AddressClass]] = {}
    for row in IPV4 if family == 4 else IPV6:
        found = block(row.prefix)
        behind = BITS[family] - found.length
        by_length.setdefault(behind, {})[found.network >> behind] = _class(family, row)
    return tuple(sorted(by_length.items()))


def _class(family: Family, row: Range) -> AddressClass:
    return AddressClass(
        family=family,
        kind=row.kind,
        code=None if row.kind in _WITHOUT_CODE else f"addr.{row.kind}",
        prefix=row.prefix,
        name=row.name,
        rfc=row.rfc,
        globally_reachable=row.globally_reachable,
    )


@lru_cache(maxsize=65536)
def classify(address: str) -> AddressClass:
    """Return the range an address lies in, by the longest matching prefix of the table."""
    family, value, _ = parse(address)
    for behind, networks in _ranges(family):
        found = networks.get(value >> behind)
        if found is not None:
            return found
    raise AssertionError("the tables cover both families whole")


def embedded_ipv4(address: str) -> str | None:
    """Return the IPv4 address that a well-known NAT64 address leads to (RFC 6052, section 2.2)."""
    family, value, _ = parse(address)
    if family == 6 and value >> 32 == 0x64FF9B << 64:
        return write(4, value & 0xFFFFFFFF)
    return None
