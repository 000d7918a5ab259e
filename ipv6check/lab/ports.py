"""Sockets on loopback: the same free high port on both families, where there are both."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

from ipv6check.model.inventory import Family

LOOPBACK: dict[Family, str] = {4: "127.0.0.1", 6: "::1"}
_FAMILY: dict[Family, socket.AddressFamily] = {4: socket.AF_INET, 6: socket.AF_INET6}
_TRIES = 200


@dataclass(frozen=True, slots=True)
class Place:
    """One reserved port: a bound socket a family and transport, none of them listening yet."""

    port: int
    tcp: dict[Family, socket.socket]
    udp: dict[Family, socket.socket]


def has_loopback(family: Family) -> bool:
    """Whether the family's loopback address exists on this machine."""
    try:
        with socket.socket(_FAMILY[family], socket.SOCK_DGRAM) as trial:
            trial.bind((LOOPBACK[family], 0))
    except OSError:
        return False
    return True


def _bind(family: Family, kind: socket.SocketKind, port: int) -> socket.socket:
    bound = socket.socket(_FAMILY[family], kind)
    try:
        if family == 6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.setblocking(False)
        bound.bind((LOOPBACK[family], port))
    except OSError:
        bound.close()
        raise
    return bound


def reserve(families: tuple[Family, ...], wanted: int = 0) -> Place:
    """Bind one port, TCP and UDP, on every family's loopback: `wanted` if free, else any free one.

    A bound TCP socket that does not listen answers with RST, so a reserved port is a closed one.
    """
    for attempt in range(_TRIES):
        sockets: list[socket.socket] = []
        port = wanted if attempt == 0 else 0
        try:
            for family in families:
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    sockets.append(_bind(family, kind, port))
                    port = port or sockets[0].getsockname()[1]
        except OSError as error:
            for bound in sockets:
                bound.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        by_family = list(zip(families, range(0, len(sockets), 2), strict=True))
        return Place(
            port,
            tcp={family: sockets[i] for family, i in by_family},
            udp={family: sockets[i + 1] for family, i in by_family},
        )
    raise OSError(errno.EADDRINUSE, f"no port of {_TRIES} tried is free on loopback")
