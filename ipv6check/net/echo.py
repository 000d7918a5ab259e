"""One ICMP echo over a datagram socket, which needs no privilege where the system permits it.

The kernel writes the identifier; sequence, a nonce and the very address asked tell our reply from
any other. `net.ipv4.ping_group_range` decides who may (by default nobody, not even root).
"""

from __future__ import annotations

import asyncio
import errno
import secrets
import socket
import struct
from typing import Final

from ipv6check.net.failure import LOCAL, NO_ANSWER, NO_PRIVILEGE, Failed, classify_oserror, errno_name
from ipv6check.net.routes import sockaddr
from ipv6check.net.sources import refusal

_HEADER: Final = struct.Struct(
    "!BBHHH"
)  # type, code, checksum (the kernel's), identifier (the kernel's), sequence
_REQUEST: Final = {socket.AF_INET: 8, socket.AF_INET6: 128}  # RFC 792, RFC 4443 §4.1
_REPLY: Final = {socket.AF_INET: 0, socket.AF_INET6: 129}
_NONCE_BYTES: Final = 16
_LARGEST_MTU: Final = 9216  # a jumbo frame; loopback's is larger and never fragments
_REQUESTS: Final = 6
_MORE: Final = 100  # bytes by which a request does not fit into a packet
_IPV6_MTU: Final = 24  # IPV6_MTU; not named by the socket module


async def ask(address: str, seconds: float, form: str = "plain") -> None:
    """Return when `address` has answered one echo request; asked again after a sixth of the time.

    `form` is `plain` or `fragment` (more than a packet of the path's MTU holds).

    Raises Failed: `no_privilege` where the system permits no such socket, `local` where it could not
    be sent, `no_answer` when nothing valid came back in time.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with _open(family) as sock:
        try:
            size = _fragmented(sock, address) if form == "fragment" else 0
            async with asyncio.timeout(seconds):
                await _converse(sock, family, address, seconds / _REQUESTS, size)
        except TimeoutError:
            raise Failed(NO_ANSWER, {"detail": "no echo reply"}) from None
        except OSError as error:
            raise refusal(error, address) from error


def _open(family: int) -> socket.socket:
    protocol = socket.IPPROTO_ICMPV6 if family == socket.AF_INET6 else socket.IPPROTO_ICMP
    try:
        return socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC, protocol)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EPROTONOSUPPORT):
            detail = "sysctl net.ipv4.ping_group_range does not include this group"
            raise Failed(NO_PRIVILEGE, {"errno": errno_name(error.errno), "detail": detail}) from error
        raise classify_oserror(error, sync=True) from error


def _fragmented(sock: socket.socket, address: str) -> int:
    """Return how many bytes are more than one packet to an address holds."""
    sock.connect(sockaddr(address, 0))
    mtu = sock.getsockopt(socket.IPPROTO_IPV6, _IPV6_MTU)
    if mtu > _LARGEST_MTU:
        raise Failed(LOCAL, {"detail": f"nothing is fragmented on a link with an MTU of {mtu}"})
    return mtu + _MORE


async def _converse(sock: socket.socket, family: int, address: str, interval: float, size: int) -> None:
    loop = asyncio.get_running_loop()
    where = sockaddr(address, 0)
    expected = socket.inet_pton(family, address.partition("%")[0])
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sequence = 0
    while True:
        sequence += 1
        request = _HEADER.pack(_REQUEST[socket.AddressFamily(family)], 0, 0, 0, sequence) + nonce.ljust(
            size, b"\0"
        )
        await loop.sock_sendto(sock, request, where)
        try:
            async with asyncio.timeout(interval):
                while True:
                    reply, sender = await loop.sock_recvfrom(sock, 2 * _LARGEST_MTU)
                    source = socket.inet_pton(family, str(sender[0]).partition("%")[0])
                    if source == expected and is_reply(reply, family, nonce):
                        return
        except TimeoutError:
            continue


def is_reply(packet: bytes, family: int, nonce: bytes) -> bool:
    """Say whether a packet from the socket is the echo reply that carries our nonce."""
    if len(packet) < _HEADER.size:
        return False
    kind, code, *_ = _HEADER.unpack_from(packet)
    body = packet[_HEADER.size :]
    return (kind, code) == (_REPLY[socket.AddressFamily(family)], 0) and body.rstrip(b"\0") == nonce.rstrip(
        b"\0"
    )
