"""One TCP connection to a literal address: bounded reads, one deadline, failures in our vocabulary.

A conversation opens at most one. Before the connection stands, a deadline that runs out means
`silent`; after it, `slow`. No name is resolved here, and no proxy setting is looked at.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol, Self

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import connect, errqueue, failure
from ipv6check.net.failure import Failed
from ipv6check.net.net import Net
from ipv6check.net.readiness import Watch
from ipv6check.net.routes import Neighbourhood, sockaddr

CHUNK: Final = 16 * 1024
MOST_RECEIVED: Final = 1024 * 1024
"""Bytes of one connection after which nothing more is read, whatever the protocol above allows."""

# ENOTCONN: it was reset before we could say a word, and connect has taken the error.
_RESET: Final = frozenset({errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE, errno.ENOTCONN})
# What the kernel says when an established connection's packets are no longer answered or delivered.
_STALLED: Final = frozenset(
    {errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EACCES}
)


class Channel(Protocol):
    """What a conversation is spoken through: a `Stream`, or TLS over one."""

    @property
    def source(self) -> str:
        """Our own address on this connection."""
        ...

    async def read(self, limit: int = CHUNK) -> bytes:
        """Return what is there, at most `limit` bytes; `b""` at the end."""
        ...

    async def write(self, data: bytes) -> None:
        """Send all of `data`."""
        ...

    def close(self) -> None:
        """Close the connection without waiting for anybody."""
        ...


class Stream:
    """A connected TCP stream. Make it with `connect`, and close it.

    `deadline` is the moment (the event loop's time) at which the whole conversation must be over.
    """

    def __init__(
        self, sock: socket.socket, watch: Watch, source: str, deadline: float, patience: float
    ) -> None:
        self.deadline = deadline
        self.received = 0
        self.source = source
        self._sock = sock
        self._watch = watch
        self._patience = patience
        self._write_failed = False

    @classmethod
    async def connect(cls, task: Task, net: Net, mss: int | None = None) -> Self:
        """Connect to the task's address and port; the deadline is that of its kind's policy.

        `mss` bounds the segments of both directions, in bytes.

        Raise Failed: `not_permitted`, `closed`, `rejected`, `silent`, `unreachable`, `local` or `overloaded`.
        """
        if task.address is None or task.port is None:
            raise ValueError(f"{task.kind} needs an address and a port")
        net.permit(task.address, task.port)
        policy = net.policy(task.kind)
        began = asyncio.get_running_loop().time()
        until = began + min(policy.deadline, net.policy("tcp.connect").deadline)
        sock, number = _begin(task.address, task.port, mss)
        watch = Watch(sock.fileno())
        try:
            source = await _finish(sock, watch, number, task.address, until, policy.patience)
        except BaseException:
            watch.close()
            sock.close()
            raise
        return cls(sock, watch, source, began + policy.deadline, policy.patience)

    @property
    def socket(self) -> socket.socket:
        """The connection's socket, for questions to the kernel about it."""
        return self._sock

    def timing(self) -> dict[str, JSON]:
        """Return `rtt_ms`, the shortest round trip so far as the kernel timed it; nothing if it did not."""
        found = connect.rtt_ms(self._sock)
        return {} if found is None else {"rtt_ms": found}

    @property
    def remaining(self) -> float:
        """Seconds until the deadline; never negative."""
        return max(0.0, self.deadline - asyncio.get_running_loop().time())

    async def read(self, limit: int = CHUNK) -> bytes:
        """Return what is there, at most `limit` bytes; `b""` when the peer has closed.

        Raise Failed: `slow`, `reset`, `local`, or `too_large` after a megabyte.
        """
        if self.received >= MOST_RECEIVED:
            raise Failed(failure.TOO_LARGE, {"received": self.received})
        while True:
            try:
                data = self._sock.recv(limit)
                break
            except (BlockingIOError, InterruptedError):
                await self._ready()
            except OSError as error:
                raise self._failed(error) from error
        if not data and self._write_failed:
            raise Failed(failure.RESET, {"received": self.received})
        self.received += len(data)
        return data

    async def write(self, data: bytes) -> None:
        """Send all of `data`. A peer that has reset the connection is noticed by the next read.

        What it said before (an alert, an early answer) is thus not lost.
        """
        left: bytes | memoryview = data
        while left:
            try:
                sent = self._sock.send(left)
                if sent == len(left):
                    return
                left = memoryview(left)[sent:]
            except (BlockingIOError, InterruptedError):
                await self._ready()
            except OSError as error:
                if error.errno not in _RESET:
                    raise self._failed(error) from error
                self._write_failed = True
                return

    def send_at_once(self, data: bytes) -> None:
        """Send what the socket takes without waiting; for goodbyes, whose loss does not matter."""
        try:
            self._sock.send(data)
        except OSError:
            self._write_failed = True

    def end_writing(self) -> None:
        """Tell the peer that we shall say nothing more (FIN)."""
        try:
            self._sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._write_failed = True  # it was quicker

    def close(self) -> None:
        """Close the connection without waiting for anybody."""
        self._watch.close()
        self._sock.close()

    async def _ready(self) -> None:
        """Wait until the socket may be ready again; raise Failed at the deadline."""
        if await self._watch.ready(self.deadline):
            return
        if _was_late(self.deadline, self._patience):
            raise Failed(failure.OVERLOADED, {"detail": "late", "received": self.received})
        raise Failed(failure.SLOW, {"received": self.received})

    def _failed(self, error: OSError) -> Failed:
        """Say what an error of an established connection means."""
        if error.errno in _RESET:
            word = failure.RESET
        elif error.errno in _STALLED:
            word = failure.SLOW
        else:
            word = failure.OVERLOADED if failure.is_overload(error.errno or 0) else failure.LOCAL
        return Failed(word, {"errno": failure.errno_name(error.errno or 0), "received": self.received})


async def drain(channel: Channel, seconds: float, most: int = CHUNK) -> None:
    """Read and drop what still comes, for at most `seconds` and `most` bytes: closing is then no RST.

    Nothing that goes wrong here matters any more.
    """
    try:
        async with asyncio.timeout(seconds):
            while most > 0 and (data := await channel.read()):
                most -= len(data)
    except (TimeoutError, Failed):
        return


@contextmanager
def seen(data: Mapping[str, JSON]) -> Iterator[None]:
    """Add what had been seen so far to a failure that ends the conversation.

    `data` is looked at when it fails, so it may grow inside.
    """
    try:
        yield
    except Failed as failed:
        raise Failed(failed.word, {**data, **failed.data}) from failed


def _begin(address: str, port: int, mss: int | None) -> tuple[socket.socket, int]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return connect.begin(family, sockaddr(address, port), mss)
    except OSError as error:
        raise failure.local_failure(error) from error


async def _finish(
    sock: socket.socket, watch: Watch, number: int, address: str, until: float, patience: float
) -> str:
    """Wait for the connection to stand and return our own address, or raise Failed saying why it does not."""
    near = Neighbourhood()
    if number not in (0, errno.EINPROGRESS):
        raise connect.failure_of(sock, number, address, near, sync=True)
    if not await watch.ready(until):
        if _was_late(until, patience):
            raise Failed(failure.OVERLOADED, {"detail": "late"})
        raise connect.silence_of(sock, address)
    source = connect.outcome_of(sock, address, near)
    errqueue.disable(sock)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return source


def _was_late(deadline: float, patience: float) -> bool:
    """Say whether our own loop came to a deadline so late that the silence before it proves nothing."""
    return asyncio.get_running_loop().time() > deadline + patience
