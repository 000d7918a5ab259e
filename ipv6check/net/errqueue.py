"""The socket's error queue: which ICMP error came, from whom, and what it amounts to.

errno alone cannot tell a router's refusal from our own (docs/observations.md); the entry that
IP_RECVERR and IPV6_RECVERR queue can: type, code and offender. Read SO_ERROR first and the queue
second: reading the queue clears SO_ERROR, and a dead target then looks connected.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ipv6check.model.text import JSON
from ipv6check.net.failure import LOCAL, REJECTED, UNREACHABLE

_IP_RECVERR: Final = 11  # linux/in.h; the socket module does not name them
_IPV6_RECVERR: Final = 25  # linux/in6.h
_ORIGIN_ICMP: Final = 2
_ORIGIN_ICMP6: Final = 3
_ENTRY: Final = struct.Struct("=IBBBxII")  # struct sock_extended_err, linux/errqueue.h
_MOST_ENTRIES: Final = 16
_ADDRESS_UNREACHABLE: Final = frozenset({(6, 1, 3), (4, 3, 1)})

# (family, type, code) of the ICMP errors that say "prohibited" or "port unreachable": RFC 4443 §3.1,
# RFC 792 and RFC 1812 §5.2.7.1. Every other error means that the path ends before the target.
_REJECTIONS: Final = frozenset(
    {
        (6, 1, 1),  # administratively prohibited
        (6, 1, 4),  # port unreachable
        (6, 1, 5),  # source address failed ingress/egress policy
        (6, 1, 6),  # reject route
        (4, 3, 2),  # protocol unreachable
        (4, 3, 3),  # port unreachable
        (4, 3, 9),  # network administratively prohibited
        (4, 3, 10),  # host administratively prohibited
        (4, 3, 13),  # communication administratively prohibited
        (4, 3, 14),  # host precedence violation
        (4, 3, 15),  # precedence cutoff
    }
)

# Errors that blame our source address, whoever says so.
_OUR_SOURCE: Final[Mapping[tuple[int, int, int], str]] = MappingProxyType(
    {(6, 1, 2): "no_source"}  # beyond scope of source address
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IcmpError:
    """One ICMP error as the kernel queued it. `errno` is what it made of it; `offender` who sent it."""

    family: int
    errno: int
    type: int
    code: int
    offender: str | None

    def as_data(self) -> dict[str, JSON]:
        """Return `data.icmp` of docs/observations.md."""
        return {"type": self.type, "code": self.code, "offender": self.offender}


def enable(sock: socket.socket, family: int | None = None) -> None:
    """Let the kernel queue ICMP errors for this socket; needs no privilege.

    `family` is the socket's, where the caller has it at hand (asking the socket takes a microsecond).
    """
    if (sock.family if family is None else family) == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)


def disable(sock: socket.socket) -> None:
    """Queue no more ICMP errors, and drop those that are queued.

    For a connection that stands: an entry that nobody takes would wake an event loop for ever.
    """
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 0)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 0)


def read(sock: socket.socket) -> tuple[IcmpError, ...]:
    """Take the queued ICMP errors, oldest first, at most 16; needs `enable` before. Never waits."""
    found: list[IcmpError] = []
    for _ in range(_MOST_ENTRIES):
        try:
            _, ancillary, _, _ = sock.recvmsg(0, 512, socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT)
        except OSError:  # EAGAIN: empty; anything else: this socket has no queue
            break
        for level, kind, content in ancillary:
            entry = parse(level, kind, content)
            if entry is not None:
                found.append(entry)
    return tuple(found)


def parse(level: int, kind: int, content: bytes) -> IcmpError | None:
    """Read one control message; None if it is no ICMP error, or too short to be one."""
    if (level, kind) not in ((socket.IPPROTO_IPV6, _IPV6_RECVERR), (socket.IPPROTO_IP, _IP_RECVERR)):
        return None
    if len(content) < _ENTRY.size:
        return None
    number, origin, icmp_type, code, _, _ = _ENTRY.unpack_from(content)
    if origin not in (_ORIGIN_ICMP, _ORIGIN_ICMP6):
        return None
    return IcmpError(
        family=6 if origin == _ORIGIN_ICMP6 else 4,
        errno=number,
        type=icmp_type,
        code=code,
        offender=_offender(content[_ENTRY.size :]),
    )


def _offender(sockaddr: bytes) -> str | None:
    """Return the address of a struct sockaddr_in or sockaddr_in6, with its zone where it has one."""
    if len(sockaddr) < 8:
        return None
    family = struct.unpack_from("=H", sockaddr)[0]
    if family == socket.AF_INET:
        return socket.inet_ntop(socket.AF_INET, sockaddr[4:8])
    if family != socket.AF_INET6 or len(sockaddr) < 24:
        return None
    address = socket.inet_ntop(socket.AF_INET6, sockaddr[8:24])
    index = struct.unpack_from("=I", sockaddr, 24)[0] if len(sockaddr) >= 28 else 0
    if index and address.startswith("fe80:"):
        try:
            return f"{address}%{socket.if_indextoname(index)}"
        except OSError:  # the interface has gone since
            return f"{address}%{index}"
    return address


def matching(entries: tuple[IcmpError, ...], number: int) -> IcmpError | None:
    """Return the newest entry that explains this errno (0: any).

    An older error that did not end the connection must not explain a later RST.
    """
    for entry in reversed(entries):
        if number in (0, entry.errno):
            return entry
    return None


def classify(error: IcmpError, *, own: bool, onlink: bool) -> tuple[str, str | None]:
    """Return the failure word, and for `local` the detail, that an ICMP error amounts to.

    `own` says that the offender is one of our own addresses, `onlink` that the target is on our own
    link. Our own "address unreachable" is neighbour discovery giving up: the target's fault when it
    is on our link, our gateway's when it is not.
    """
    what = (error.family, error.type, error.code)
    if what in _OUR_SOURCE:
        return LOCAL, _OUR_SOURCE[what]
    if own:
        if what not in _ADDRESS_UNREACHABLE:
            return LOCAL, "own_icmp"
        return (UNREACHABLE, None) if onlink else (LOCAL, "gateway_silent")
    return (REJECTED, None) if what in _REJECTIONS else (UNREACHABLE, None)
