"""UDP sockets for questions to name servers: random ports, random ids, and who sent what.

A `Channel` is one unconnected non-blocking socket with the questions it has open, by id. `Channels`
replaces it now and then, so that nobody off the path can guess port and id. ICMP errors come over
the socket's error queue, which quotes the datagram they are about.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
from collections.abc import Iterator, Sequence
from typing import Generic, TypeAlias, TypeVar

from ipv6check.net import errqueue
from ipv6check.net.errqueue import IcmpError

MAX_DATAGRAM = 4096  # bytes: three times what we announce; more is no DNS answer to us
CHANNEL_SENDS = 4096  # questions one port is used for
MAX_CHANNELS = 16  # sockets a family, with those that only wait for late answers
MAX_OPEN = 16384  # questions open on one socket: beyond that an id no longer tells much
RECEIVE_BUFFER = 1 << 20  # bytes; the kernel gives what it may

MAX_GROUP = 64  # datagrams the kernel takes in one call (UDP_MAX_SEGMENTS)
# What a kernel or a device without segmentation of datagrams says to them.
NO_GROUPS = frozenset({errno.EINVAL, errno.EIO, errno.EMSGSIZE, errno.ENOPROTOOPT, errno.EOPNOTSUPP})

_SOL_UDP, _UDP_SEGMENT = 17, 103  # linux/udp.h; Python has no name for the second
_SIZE = struct.Struct("=H")

Peer: TypeAlias = "tuple[str, int] | tuple[str, int, int, int]"
Open = TypeVar("Open")


def answers_from(send_to: Peer) -> Peer:
    """Return what recvfrom calls the peer at a socket address that `routes.sockaddr` made.

    Of a link-local one it gives the interface's name with the host; of others it gives no index.
    OSError if the interface has gone.
    """
    if len(send_to) == 2:
        return send_to
    host, port, _, index = send_to
    if not host.startswith("fe80:"):
        return host, port, 0, 0
    return f"{host}%{socket.if_indextoname(index)}", port, 0, index


class Channel(Generic[Open]):
    """One socket and the questions open on it: `questions` maps an id's two bytes to what was kept."""

    def __init__(self, family: int) -> None:
        """Open the socket on a random port; OSError if there is none to be had."""
        self.family = family
        self.sent = 0
        self.questions: dict[bytes, Open] = {}
        self._ids: list[bytes] = []
        v6 = family == 6
        self.socket = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self.socket.setblocking(False)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            if v6:
                self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            errqueue.enable(self.socket)
            self.socket.bind(("::" if v6 else "0.0.0.0", 0))  # noqa: S104 - a client's port: answers are checked
        except OSError:
            self.socket.close()
            raise

    def fresh_ids(self, number: int) -> list[bytes]:
        """Return different ids that no open question of this socket has, from the kernel's randomness."""
        fresh: list[bytes] = []
        while len(fresh) < number:
            if not self._ids:
                random = os.urandom(4096)
                self._ids = [random[at : at + 2] for at in range(0, 4096, 2)]
            ident = self._ids.pop()
            if ident not in self.questions and ident not in fresh:
                fresh.append(ident)
        return fresh

    def send(self, wires: Sequence[bytes], to: Peer) -> None:
        """Send datagrams, several of one length in one call (UDP_SEGMENT); OSError: none has left."""
        if len(wires) == 1:
            self.socket.sendto(wires[0], to)
        else:
            size = _SIZE.pack(len(wires[0]))
            self.socket.sendmsg(wires, [(_SOL_UDP, _UDP_SEGMENT, size)], 0, to)

    def errors(self) -> Iterator[tuple[bytes, Peer, IcmpError]]:
        """Take ICMP errors off the queue: what each quotes of our datagram, whom that was for, the error."""
        while True:
            try:
                payload, control, _, peer = self.socket.recvmsg(MAX_DATAGRAM, 512, socket.MSG_ERRQUEUE)
            except OSError:  # the queue is empty
                return
            for level, kind, content in control:
                error = errqueue.parse(level, kind, content)
                if error is not None:
                    yield payload, peer, error


class Channels(Generic[Open]):
    """The sockets in use: one a family to send from, and older ones until their questions are answered."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._alarm = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._poll.register(self._alarm, select.EPOLLIN)
        self._all: dict[int, Channel[Open]] = {}  # by file descriptor
        self._current: dict[int, Channel[Open]] = {}  # by family
        self._retired: list[Channel[Open]] = []

    def channel(self, family: int) -> Channel[Open]:
        """Return the socket to send from; OSError if a new one is due and cannot be had."""
        channel = self._current.get(family)
        if channel is not None and channel.sent < CHANNEL_SENDS:
            return channel
        if channel is not None:
            of_family = sum(kept.family == family for kept in self._all.values())
            if of_family >= MAX_CHANNELS and len(channel.questions) < MAX_OPEN:
                return channel
            self._retired.append(channel)
        fresh: Channel[Open] = Channel(family)
        self._all[fresh.socket.fileno()] = self._current[family] = fresh
        self._poll.register(fresh.socket.fileno(), select.EPOLLIN)
        return fresh

    def ready(self, wait: float) -> Iterator[tuple[Channel[Open], bool]]:
        """Wait up to `wait` seconds; yield the sockets with something to read, and whether with errors."""
        if self._retired:
            self._close_answered()
        for descriptor, events in self._poll.poll(wait):
            if descriptor == self._alarm:
                os.eventfd_read(self._alarm)
            else:
                yield self._all[descriptor], bool(events & select.EPOLLERR)

    def wake(self) -> None:
        """Let a waiting `ready` return early; safe on any thread."""
        os.eventfd_write(self._alarm, 1)

    def _close_answered(self) -> None:
        """Close the sockets that are neither sent from nor waited for any more."""
        for channel in self._retired:
            if not channel.questions:
                del self._all[channel.socket.fileno()]
                channel.socket.close()
        self._retired = [channel for channel in self._retired if channel.questions]

    def close(self) -> None:
        """Close everything."""
        for channel in self._all.values():
            channel.socket.close()
        self._all.clear()
        self._current.clear()
        self._poll.close()
        os.close(self._alarm)
