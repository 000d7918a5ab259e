"""The kernel's routing tables as /proc shows them: gateways, and what lies on our own link.

Pure readers of text, and one function that reads the files. Policy routing is not in these
files (IPv4: the main table only), which is why nothing is judged by them alone.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_RTF_UP: Final = 0x0001
_RTF_GATEWAY: Final = 0x0002
_RTF_REJECT: Final = 0x0200
_RTF_ANYCAST: Final = 0x00100000
_RTF_LOCAL: Final = 0x80000000


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One next hop. `gateway` None: on-link. `own`: the address is ours. A lower `metric` wins."""

    network: _Network
    interface: str
    gateway: str | None = None
    metric: int = 0
    reject: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class RouteTable:
    """Routes of both families."""

    routes: tuple[Route, ...]

    def lookup(self, address: str) -> tuple[Route, ...]:
        """Return the next hops for a literal address: longest prefix, then lowest metric; () if none.

        A zone restricts it to that interface.
        """
        bare, _, zone = address.partition("%")
        target = ipaddress.ip_address(bare)
        fits = [
            route
            for route in self.routes
            if route.network.version == target.version
            and target in route.network
            and (not zone or route.interface == zone)
        ]
        if not fits:
            return ()
        rank = min((-route.network.prefixlen, route.metric) for route in fits)
        return tuple(r for r in fits if (-r.network.prefixlen, r.metric) == rank)

    def is_onlink(self, address: str) -> bool:
        """Say whether the address is ours or a neighbour's: reached through no gateway."""
        bare, _, zone = address.partition("%")
        target = ipaddress.ip_address(bare)
        if zone or target.is_loopback or (target.version == 6 and target.is_link_local):
            return True
        found = self.lookup(address)
        return bool(found) and all(r.gateway is None and not r.reject for r in found)

    def gateways(self, address: str) -> tuple[str, ...]:
        """Return the gateways of the next hops for an address, link-local ones with their zone."""
        return tuple(dict.fromkeys(r.gateway for r in self.lookup(address) if r.gateway is not None))

    def links(self, family: int) -> tuple[str, ...]:
        """Return the on-link prefixes of a family, but link-local, single and multicast ones."""
        found = (
            str(r.network)
            for r in self.routes
            if r.network.version == family
            and r.gateway is None
            and not (r.reject or r.own or r.network.is_link_local or r.network.is_multicast)
            and 0 < r.network.prefixlen < r.network.max_prefixlen
        )
        return tuple(dict.fromkeys(found))


def parse_ipv4(text: str) -> tuple[Route, ...]:
    """Read /proc/net/route (addresses are hexadecimal in the machine's own byte order)."""
    routes = []
    for line in text.splitlines()[1:]:
        fields = line.split()
        try:
            interface, destination, gateway, flags = fields[0], fields[1], fields[2], int(fields[3], 16)
            metric, mask = int(fields[6]), int(fields[7], 16)
            length = mask.bit_count()
            network = ipaddress.IPv4Network((_native(destination), length), strict=False)
            via = str(ipaddress.IPv4Address(_native(gateway)))
        except (ValueError, IndexError, struct.error):
            continue  # a line of another kernel's form names no route of ours
        if not flags & _RTF_UP and not flags & _RTF_REJECT:
            continue
        routes.append(
            Route(
                network=network,
                interface=interface,
                gateway=via if flags & _RTF_GATEWAY else None,
                metric=metric,
                reject=bool(flags & _RTF_REJECT),
            )
        )
    return tuple(routes)


def _native(text: str) -> bytes:
    return struct.pack("=I", int(text, 16))


def parse_ipv6(text: str) -> tuple[Route, ...]:
    """Read /proc/net/ipv6_route (addresses are hexadecimal in network order, without colons)."""
    routes = []
    for line in text.splitlines():
        fields = line.split()
        try:
            network = ipaddress.IPv6Network((bytes.fromhex(fields[0]), int(fields[1], 16)), strict=False)
            gateway = ipaddress.IPv6Address(bytes.fromhex(fields[4]))
            metric, flags, interface = int(fields[5], 16), int(fields[8], 16), fields[9]
        except (ValueError, IndexError):
            continue
        if flags & _RTF_ANYCAST:
            continue
        via = f"{gateway}%{interface}" if gateway.is_link_local else str(gateway)
        routes.append(
            Route(
                network=network,
                interface=interface,
                gateway=via if flags & _RTF_GATEWAY else None,
                metric=metric,
                reject=bool(flags & _RTF_REJECT),
                own=bool(flags & _RTF_LOCAL),
            )
        )
    return tuple(routes)


def read_routes(proc: Path = Path("/proc/net")) -> RouteTable:
    """Read both tables of this network namespace; a missing file (no IPv6, say) counts as empty."""
    routes: list[Route] = []
    for name, parse in (("route", parse_ipv4), ("ipv6_route", parse_ipv6)):
        try:
            routes += parse((proc / name).read_text("ascii", "replace"))
        except OSError:
            continue
    return RouteTable(tuple(routes))


def is_own(address: str) -> bool:
    """Say whether a literal address is one of this host's: whether the kernel reaches it from itself.

    That a socket can be bound to it would prove nothing (`ip_nonlocal_bind`). Sends nothing.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        try:
            sock.connect(sockaddr(address, 53))
            source = str(sock.getsockname()[0])
        except OSError:
            return False
    return source.partition("%")[0] == address.partition("%")[0]


def sockaddr(address: str, port: int) -> tuple[str, int] | tuple[str, int, int, int]:
    """Return the socket address of a literal, its zone as the interface's index.

    OSError (ENODEV) if there is no such interface. Nothing is ever resolved.
    """
    if ":" not in address:
        return address, port
    bare, _, zone = address.partition("%")
    if not zone:
        return bare, port, 0, 0
    try:
        index = int(zone) if zone.isascii() and zone.isdigit() else socket.if_nametoindex(zone)
    except OSError as error:  # the C library's says no errno
        raise OSError(errno.ENODEV, "no such interface", zone) from error
    return bare, port, 0, index


class Neighbourhood:
    """What is ours and what is on our link, asked again at most every `lifetime` seconds."""

    def __init__(self, lifetime: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._read_at = -lifetime
        self._routes = RouteTable(())

    def is_own(self, address: str) -> bool:
        """Say whether an address is one of this host's."""
        return is_own(address)

    def is_onlink(self, address: str) -> bool:
        """Say whether an address is reached through no gateway."""
        now = self._clock()
        if not self._routes.routes or now - self._read_at >= self._lifetime:
            self._routes = read_routes()
            self._read_at = now
        return self._routes.is_onlink(address)
