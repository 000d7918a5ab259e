"""The special-purpose address ranges of both families, as IANA listed them on `REGISTRY_DATE`.

One row a range: prefix, kind, name, RFC, and what the registry says of "Globally Reachable"
(None: not applicable, or a block it calls deprecated). `kind` is ours: the word after `addr.` in
the catalogue where a published address of that range is judged, else `private`, `shared`, `ula`
or `global`. Ranges after the comment "not in the registry" come from the RFCs named.
"""

from __future__ import annotations

from typing import Final, NamedTuple

REGISTRY_DATE: Final = "2025-05-16"


class Range(NamedTuple):
    """One range of addresses and what it is for."""

    prefix: str
    kind: str
    name: str
    rfc: str
    globally_reachable: bool | None


IPV4: Final = (
    Range("0.0.0.0/8", "reserved", "This network", "RFC 791", False),
    Range("0.0.0.0/32", "unspecified", "This host on this network", "RFC 1122", False),
    Range("10.0.0.0/8", "private", "Private-Use", "RFC 1918", False),
    Range("100.64.0.0/10", "shared", "Shared Address Space", "RFC 6598", False),
    Range("127.0.0.0/8", "loopback", "Loopback", "RFC 1122", False),
    Range("169.254.0.0/16", "linklocal", "Link Local", "RFC 3927", False),
    Range("172.16.0.0/12", "private", "Private-Use", "RFC 1918", False),
    Range("192.0.0.0/24", "reserved", "IETF Protocol Assignments", "RFC 6890", False),
    Range("192.0.0.0/29", "reserved", "IPv4 Service Continuity Prefix", "RFC 7335", False),
    Range("192.0.0.8/32", "reserved", "IPv4 dummy address", "RFC 7600", False),
    Range("192.0.0.9/32", "global", "Port Control Protocol Anycast", "RFC 7723", True),
    Range("192.0.0.10/32", "global", "Traversal Using Relays around NAT Anycast", "RFC 8155", True),
    Range("192.0.0.170/32", "reserved", "NAT64/DNS64 Discovery", "RFC 8880", False),
    Range("192.0.0.171/32", "reserved", "NAT64/DNS64 Discovery", "RFC 8880", False),
    Range("192.0.2.0/24", "documentation", "Documentation (TEST-NET-1)", "RFC 5737", False),
    Range("192.31.196.0/24", "global", "AS112-v4", "RFC 7535", True),
    Range("192.52.193.0/24", "global", "AMT", "RFC 7450", True),
    Range("192.88.99.0/24", "reserved", "Deprecated (6to4 Relay Anycast)", "RFC 7526", None),
    Range("192.168.0.0/16", "private", "Private-Use", "RFC 1918", False),
    Range("192.175.48.0/24", "global", "Direct Delegation AS112 Service", "RFC 7534", True),
    Range("198.18.0.0/15", "reserved", "Benchmarking", "RFC 2544", False),
    Range("198.51.100.0/24", "documentation", "Documentation (TEST-NET-2)", "RFC 5737", False),
    Range("203.0.113.0/24", "documentation", "Documentation (TEST-NET-3)", "RFC 5737", False),
    Range("240.0.0.0/4", "reserved", "Reserved", "RFC 1112", False),
    Range("255.255.255.255/32", "broadcast", "Limited Broadcast", "RFC 919", False),
    # not in the registry
    Range("0.0.0.0/0", "global", "Global unicast", "RFC 791", True),
    Range("224.0.0.0/4", "multicast", "Multicast", "RFC 5771", None),
)

IPV6: Final = (
    Range("::1/128", "loopback", "Loopback Address", "RFC 4291", False),
    Range("::/128", "unspecified", "Unspecified Address", "RFC 4291", False),
    Range("::ffff:0:0/96", "v4mapped", "IPv4-mapped Address", "RFC 4291", False),
    Range("64:ff9b::/96", "nat64", "IPv4-IPv6 Translat.", "RFC 6052", True),
    Range("64:ff9b:1::/48", "nat64", "IPv4-IPv6 Translat.", "RFC 8215", False),
    Range("100::/64", "discard", "Discard-Only Address Block", "RFC 6666", False),
    Range("100:0:0:1::/64", "reserved", "Dummy IPv6 Prefix", "RFC-ietf-mpls-p2mp-bfd-11", False),
    Range("2001::/23", "reserved", "IETF Protocol Assignments", "RFC 2928", False),
    Range("2001::/32", "teredo", "TEREDO", "RFC 4380", None),
    Range("2001:1::1/128", "global", "Port Control Protocol Anycast", "RFC 7723", True),
    Range("2001:1::2/128", "global", "Traversal Using Relays around NAT Anycast", "RFC 8155", True),
    Range("2001:1::3/128", "global", "DNS-SD Service Registration Protocol Anycast",
          "RFC-ietf-dnssd-srp-25", True),
    Range("2001:2::/48", "reserved", "Benchmarking", "RFC 5180", False),
    Range("2001:3::/32", "global", "AMT", "RFC 7450", True),
    Range("2001:4:112::/48", "global", "AS112-v6", "RFC 7535", True),
    Range("2001:10::/28", "reserved", "Deprecated (previously ORCHID)", "RFC 4843", None),
    # The registry calls the next two reachable, but they name keys and drones, not hosts that
    # answer: RFC 7343 section 4 forbids routing them as addresses.
    Range("2001:20::/28", "reserved", "ORCHIDv2", "RFC 7343", True),
    Range("2001:30::/28", "reserved", "Drone Remote ID Protocol Entity Tags (DETs) Prefix", "RFC 9374", True),
    Range("2001:db8::/32", "documentation", "Documentation", "RFC 3849", False),
    Range("2002::/16", "6to4", "6to4", "RFC 3056", None),
    Range("2620:4f:8000::/48", "global", "Direct Delegation AS112 Service", "RFC 7534", True),
    Range("3fff::/20", "documentation", "Documentation", "RFC 9637", False),
    Range("5f00::/16", "reserved", "Segment Routing (SRv6) SIDs", "RFC 9602", False),
    Range("fc00::/7", "ula", "Unique-Local", "RFC 4193", False),
    Range("fe80::/10", "linklocal", "Link-Local Unicast", "RFC 4291", False),
    # not in the registry
    Range("::/0", "reserved", "Unallocated", "RFC 4291", None),
    Range("::/96", "reserved", "IPv4-compatible (deprecated)", "RFC 4291", None),
    Range("2000::/3", "global", "Global Unicast", "RFC 3587", True),
    Range("3ffe::/16", "reserved", "6bone (returned)", "RFC 3701", None),
    Range("fec0::/10", "site_local", "Site-Local Unicast (deprecated)", "RFC 3879", None),
    Range("ff00::/8", "multicast", "Multicast", "RFC 4291", None),
)  # fmt: skip
