"""What the kernel knows of one TCP connection's segments (TCP_INFO), and the MTU of our own link.

Linux's `struct tcp_info` only ever grows at its end: a shorter answer leaves the later fields at 0.
"""

from __future__ import annotations

import fcntl
import socket
import struct
from dataclasses import dataclass
from typing import Final

from ipv6check.net.routes import RouteTable

_BYTES: Final = 192
_WORDS: Final = struct.Struct("=8B24I2Q2Q6I")  # up to tcpi_data_segs_out
_TIMESTAMPS: Final = 0x01  # TCPI_OPT_TIMESTAMPS
TIMESTAMP_BYTES: Final = 12
"""What the timestamp option takes from every segment (RFC 7323 §3)."""

_SIOCGIFMTU: Final = 0x8921
_IFREQ: Final = struct.Struct("=16si20x")


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpInfo:
    """Sizes are bytes of TCP payload, but `pmtu` counts the whole packet.

    `sending` is the largest segment we may send, timestamps taken off; `seen` the kernel's estimate of the
    peer's (up to 536 only a guess); `announced` our own MSS option; `unacked` segments on their way.
    """

    sending: int
    seen: int
    announced: int
    pmtu: int
    unacked: int
    retransmits: int
    timestamps: bool
    acked: int
    received: int

    @property
    def peer_mss(self) -> int | None:
        """The MSS the peer announced, None where the path MTU hides it (RFC 9293 §3.7.1)."""
        whole = self.sending + (TIMESTAMP_BYTES if self.timestamps else 0)
        return whole if whole < self.pmtu - _HEADERS else None


_HEADERS: Final = 60  # IPv6 and TCP, without options


def tcp_info(sock: socket.socket) -> TcpInfo:
    """Return what the kernel knows of a connection; OSError where it is none any more."""
    raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _BYTES)
    return read(raw)


def read(raw: bytes) -> TcpInfo:
    """Read `struct tcp_info`; what is missing at its end counts as 0."""
    fields = _WORDS.unpack(raw[: _WORDS.size].ljust(_WORDS.size, b"\0"))
    words = fields[8:32]
    timestamps = bool(fields[5] & _TIMESTAMPS)
    return TcpInfo(
        sending=words[2],
        seen=words[3],
        announced=words[19] + (TIMESTAMP_BYTES if timestamps else 0),
        pmtu=words[13],
        unacked=words[4],
        retransmits=words[23],
        timestamps=timestamps,
        acked=fields[34],
        received=fields[35],
    )


def link_mtu(sock: socket.socket, address: str, routes: RouteTable) -> int | None:
    """Return the MTU of the interface that packets to an address leave by, None if that is not known."""
    for route in routes.lookup(address):
        request = _IFREQ.pack(route.interface.encode()[:15], 0)
        try:
            return int(_IFREQ.unpack(fcntl.ioctl(sock, _SIOCGIFMTU, request))[1])
        except OSError:
            continue
    return None
