"""The host's own resolver settings: the name servers of resolv.conf, and nothing else of it.

Names are always asked absolute and by ourselves, so search domains, /etc/hosts, nsswitch.conf and
the options that hide AAAA (`no-aaaa`, `inet6`) have no say. In: the file. Out: endpoints, in its order.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ipv6check.inventory.delegation import DNS_PORT
from ipv6check.model.inventory import Endpoint
from ipv6check.net.dns_wire import address_text

RESOLV_CONF = Path("/etc/resolv.conf")
MAX_SERVERS = 3  # resolv.conf(5), MAXNS: further ones are never asked by anybody
MAX_BYTES = 65536
LOOPBACK = (Endpoint("127.0.0.1", DNS_PORT),)  # resolv.conf(5): where there is no nameserver line


class ResolverError(OSError):
    """The host's resolver settings cannot be read; its text says which file and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverSettings:
    """What the host's settings name: `servers` in order; `refused` holds words that are no address."""

    servers: tuple[Endpoint, ...]
    refused: tuple[str, ...] = ()


def system_resolvers(path: Path = RESOLV_CONF) -> ResolverSettings:
    """Read the host's settings; a missing file means the name server on this host, as for everybody.

    Raise ResolverError if the file is there and cannot be read.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise ResolverError(f"{path}: not a regular file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES)
    except FileNotFoundError:
        content = b""
    except ResolverError:
        raise
    except OSError as error:
        raise ResolverError(f"{path}: {error.strerror}") from error
    return parse(content.decode("utf-8", "backslashreplace"))


def parse(text: str, interface_exists: Callable[[str], bool] | None = None) -> ResolverSettings:
    """Read the text of a resolv.conf; `interface_exists` says whether a zone id is known here."""
    exists = interface_exists or _interface_exists
    servers: list[Endpoint] = []
    refused: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if len(words) < 2 or words[0] != "nameserver":  # comments, options, search, domain, sortlist
            continue
        address = canonical(words[1], exists)
        if address is None:
            refused.append(words[1][:64])
        elif (server := Endpoint(address, DNS_PORT)) not in servers:
            servers.append(server)
    if not servers and not refused:
        return ResolverSettings(servers=LOOPBACK)
    return ResolverSettings(servers=tuple(servers[:MAX_SERVERS]), refused=tuple(refused))


def canonical(word: str, interface_exists: Callable[[str], bool]) -> str | None:
    """Return an address in canonical text with its zone id, or None if it can be no name server's."""
    host, percent, zone = word.partition("%")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if percent and (address.version == 4 or not zone or not interface_exists(zone)):
        return None
    return address_text(address.packed) + percent + zone


def _interface_exists(zone: str) -> bool:
    if zone.isascii() and zone.isdecimal():
        return int(zone) in {index for index, _ in socket.if_nameindex()}
    return zone in {name for _, name in socket.if_nameindex()}
