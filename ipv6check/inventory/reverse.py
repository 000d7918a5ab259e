"""Reverse names: which addresses can have a PTR record, and how many of its names are followed."""

from __future__ import annotations

from ipv6check.inventory.addresses import classify

MAX_POINTERS = 4
"""Names of one PTR answer that are looked up."""

_NONE = frozenset("v4mapped linklocal loopback unspecified multicast discard reserved nat64".split())


def can_have_pointer(address: str) -> bool:
    """Whether an address is an IPv6 one that a PTR record can be made for."""
    return ":" in address and "%" not in address and classify(address).kind not in _NONE
