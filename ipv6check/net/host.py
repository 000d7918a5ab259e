"""What this host can do, found out without sending a packet: for `doctor`."""

from __future__ import annotations

import ctypes
import errno
import resource
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ipv6check.model.inventory import FAMILIES, Endpoint, Family
from ipv6check.net.failure import Failed, errno_name
from ipv6check.net.interfaces import OwnAddress, own_addresses
from ipv6check.net.limits import descriptor_bound
from ipv6check.net.resolver import ResolverError, system_resolvers
from ipv6check.net.routes import read_routes
from ipv6check.net.sources import source_for

# Stand for "anywhere beyond": assigned to nobody, and nothing is sent there.
BEYOND: Final[dict[Family, str]] = {4: "1.0.0.0", 6: "2000::"}

_UNSYNCHRONISED: Final = 0x0040  # STA_UNSYNC, linux/timex.h
_STATUS: Final = 40  # offset of struct timex's status where a long has eight bytes
_TIMEX: Final = 208


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyState:
    """One family: addresses, way out, and the address that a packet would leave from, or why none would."""

    family: Family
    addresses: tuple[OwnAddress, ...]
    gateways: tuple[str, ...]
    source: str | None = None
    why_not: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """All that `doctor` judges. None: it could not be found out. `refused` are words of resolv.conf."""

    families: dict[Family, FamilyState]
    resolvers: tuple[Endpoint, ...]
    refused: tuple[str, ...] = ()
    resolver_error: str | None = None
    ping: dict[Family, str | None]
    raw: str | None = None
    descriptors: int
    at_once: int
    ports: tuple[int, int] | None = None
    synchronised: bool | None = None


def look() -> HostState:
    """Look at this host; in ping and raw, None means permitted, else the errno's name."""
    try:
        settings = system_resolvers()
        resolvers, refused, error = settings.servers, settings.refused, None
    except ResolverError as failure:
        resolvers, refused, error = (), (), str(failure)
    addresses = own_addresses()
    return HostState(
        families={family: _family(family, addresses) for family in FAMILIES},
        resolvers=resolvers,
        refused=refused,
        resolver_error=error,
        ping={family: _socket_error(family, socket.SOCK_DGRAM) for family in FAMILIES},
        raw=_socket_error(6, socket.SOCK_RAW),
        descriptors=resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        at_once=descriptor_bound(),
        ports=_ports(),
        synchronised=_synchronised(),
    )


def _family(family: Family, addresses: tuple[OwnAddress, ...]) -> FamilyState:
    source, why_not = None, None
    try:
        source = source_for(BEYOND[family])
    except Failed as failed:
        why_not = str(failed.data.get("detail") or failed.data.get("errno") or failed.word)
    return FamilyState(
        family=family,
        addresses=tuple(each for each in addresses if each.family == family),
        gateways=read_routes().gateways(BEYOND[family]),
        source=source,
        why_not=why_not,
    )


def _socket_error(family: Family, kind: int) -> str | None:
    """Open an ICMP socket and close it; return the name of the errno that refused it."""
    domain, protocol = (
        (socket.AF_INET6, socket.IPPROTO_ICMPV6) if family == 6 else (socket.AF_INET, socket.IPPROTO_ICMP)
    )
    try:
        socket.socket(domain, kind | socket.SOCK_CLOEXEC, protocol).close()
    except OSError as error:
        return errno_name(error.errno or errno.EPERM)
    return None


def _ports(path: Path = Path("/proc/sys/net/ipv4/ip_local_port_range")) -> tuple[int, int] | None:
    try:
        low, high = (int(word) for word in path.read_text("ascii").split())
    except (OSError, ValueError):
        return None
    return low, high


def _synchronised() -> bool | None:
    """Ask the kernel whether somebody keeps its clock (adjtimex(2), nothing is changed)."""
    if ctypes.sizeof(ctypes.c_long) != 8:
        return None
    buffer = ctypes.create_string_buffer(_TIMEX)
    try:
        if ctypes.CDLL(None, use_errno=True).adjtimex(buffer) < 0:
            return None
    except (OSError, AttributeError):
        return None
    return not int.from_bytes(buffer.raw[_STATUS : _STATUS + 4], sys.byteorder) & _UNSYNCHRONISED
