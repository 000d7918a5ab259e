"""One TCP connect to a literal address: begun without waiting, and told apart by the error queue.

`begin` sends the SYN, `outcome_of` reads what became of it once the socket is writable or in
error. Nothing is sent over the connection, and no name is ever resolved.
"""

from __future__ import annotations

import errno
import socket
import sys
from pathlib import Path
from typing import Final

from ipv6check.model.text import JSON
from ipv6check.net import errqueue
from ipv6check.net.failure import (
    CLOSED,
    LOCAL,
    OVERLOADED,
    SILENT,
    UNREACHABLE,
    Failed,
    errno_name,
    is_overload,
    local_detail,
)
from ipv6check.net.routes import Neighbourhood
from ipv6check.net.sources import refusal, suits

_SOCKET_TYPE: Final = socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
_ANSWERED: Final = frozenset({errno.ECONNRESET, errno.EPIPE})  # in SYN_SENT a RST is ECONNREFUSED
_TOTAL_RETRANS: Final = 100  # offset of tcpi_total_retrans in struct tcp_info, linux/tcp.h
_MIN_RTT: Final = 148  # offset of tcpi_min_rtt, in microseconds; all ones where nothing was measured
_FIRST_TIMEOUT: Final = 0.9  # seconds: the first SYN is sent again after one (RFC 6298 §2.1)
_ENOUGH_SYNS: Final = 6  # Linux's own default; fewer would end a try before its deadline


def _syn_count(path: Path = Path("/proc/sys/net/ipv4/tcp_syn_retries")) -> int | None:
    """Return the TCP_SYNCNT to set: None where the system's own number of SYNs is enough."""
    try:
        configured = int(path.read_text("ascii"))
    except (OSError, ValueError):
        return None
    return _ENOUGH_SYNS if configured < _ENOUGH_SYNS else None


_SYN_COUNT: Final = _syn_count()


def begin(
    family: int, where: tuple[str, int] | tuple[str, int, int, int], mss: int | None = None
) -> tuple[socket.socket, int]:
    """Open a socket and send the SYN; return the socket and the errno of connect().

    0 and EINPROGRESS mean that it is under way, anything else that it was refused at once (read it
    with `failure_of`). `where` comes from `sockaddr`; `mss` bounds the segments of both directions, in
    bytes of payload. Raises OSError if there is no socket to have.
    """
    sock = socket.socket(family, _SOCKET_TYPE)
    try:
        errqueue.enable(sock, family)
        if _SYN_COUNT is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, _SYN_COUNT)
        if mss is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, mss)
        return sock, sock.connect_ex(where)
    except BaseException:
        sock.close()
        raise


def outcome_of(sock: socket.socket, address: str, near: Neighbourhood, *, writable_only: bool = False) -> str:
    """Return our own address of an established connection; raise Failed if it is none.

    Call it when the socket is writable or in error. Established means: SO_ERROR is 0 and there is a
    peer, or the peer has already reset what it had accepted. An ICMP error that an earlier SYN left
    in the queue does not undo an answer. `writable_only`: epoll saw neither an error nor a hang-up,
    which means that SO_ERROR is 0 and the error queue empty, and saves asking.
    """
    number = 0 if writable_only else sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if number == 0:
        try:
            if not writable_only:
                sock.getpeername()
            return str(sock.getsockname()[0])
        except OSError:
            pass  # ENOTCONN: an ICMP error came while the socket was busy, and is in the queue only
    if number in _ANSWERED:
        return source_of(sock) or ""
    raise failure_of(sock, number, address, near)


def failure_of(
    sock: socket.socket, number: int, address: str, near: Neighbourhood, *, sync: bool = False
) -> Failed:
    """Classify a connect that failed with this errno (0: look at the error queue alone).

    `sync` says that connect() itself returned it. An errno with no ICMP error behind it is a RST
    (ECONNREFUSED), the kernel's own patience (ETIMEDOUT), or our own system's word.
    """
    icmp = errqueue.matching(errqueue.read(sock), number)
    source = source_of(sock)
    data: dict[str, JSON] = {"source": source} if source else {}
    if number:
        data["errno"] = errno_name(number)
    if icmp is not None:
        return _by_icmp(icmp, address, source, near, data)
    if number == errno.ECONNREFUSED:
        return Failed(CLOSED, data)
    if number == errno.ETIMEDOUT:
        return silence_of(sock, address)
    if number == errno.EADDRNOTAVAIL:
        failed = refusal(OSError(number, ""), address)
        return Failed(failed.word, {**data, **failed.data})
    if is_overload(number):
        return Failed(OVERLOADED, data)
    data["detail"] = local_detail(number)
    if sync:
        data["sync"] = True
    return Failed(LOCAL, data)


def _by_icmp(
    icmp: errqueue.IcmpError, address: str, source: str | None, near: Neighbourhood, data: dict[str, JSON]
) -> Failed:
    data["icmp"] = icmp.as_data()
    own = icmp.offender is not None and near.is_own(icmp.offender)
    word, detail = errqueue.classify(icmp, own=own, onlink=own and near.is_onlink(address))
    if word == UNREACHABLE and source and not suits(source, address):
        word, detail = LOCAL, "no_source"
    if detail is not None:
        data["detail"] = detail
    return Failed(word, data)


def silence_of(sock: socket.socket, address: str) -> Failed:
    """Classify a connect that nothing came back for: the target's silence, or a source of no use."""
    source = source_of(sock)
    if source and not suits(source, address):
        return Failed(LOCAL, {"source": source, "detail": "no_source"})
    return Failed(SILENT, {"source": source} if source else {})


def measured(sock: socket.socket, source: str, seconds: float) -> dict[str, JSON]:
    """Return the data of an established connection that took so many seconds: source, round trip, losses."""
    data: dict[str, JSON] = {"source": source}
    if (rtt := rtt_ms(sock)) is not None:
        data["rtt_ms"] = rtt
    if seconds >= _FIRST_TIMEOUT and (again := retransmits(sock)):
        data["retransmits"] = again
    return data


def retransmits(sock: socket.socket) -> int:
    """Return how many packets of an established connection had to be sent again, so far (`tcp_info`)."""
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TOTAL_RETRANS + 4)
    return int.from_bytes(info[_TOTAL_RETRANS:], sys.byteorder) if len(info) == _TOTAL_RETRANS + 4 else 0


def source_of(sock: socket.socket) -> str | None:
    """Return the local address a socket was bound to, or None before there is one."""
    try:
        source = str(sock.getsockname()[0])
    except OSError:
        return None
    return None if source in ("::", "0.0.0.0") else source  # noqa: S104 (compared, never bound)


def rtt_ms(sock: socket.socket) -> float | None:
    """Return the shortest round trip of a connection in milliseconds, as the kernel timed it (`tcp_info`).

    Our own loop's delays are no part of it. None where the kernel has no figure, for instance because
    every packet was sent twice.
    """
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _MIN_RTT + 4)
    micros = int.from_bytes(info[_MIN_RTT:], sys.byteorder) if len(info) == _MIN_RTT + 4 else 0
    return round(micros / 1000, 3) if 0 < micros < 0xFFFFFFFF else None
