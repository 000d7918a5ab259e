"""One UDP exchange with one literal address: a datagram out, and the first valid one back.

In: address, port, datagram and who says what is valid. Out: the valid datagram, or Failed. The
socket is connected, so the kernel drops what others send, and ICMP errors reach us with their offender.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from typing import Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import connect, errqueue, failure
from ipv6check.net.failure import Failed
from ipv6check.net.net import Net
from ipv6check.net.routes import Neighbourhood, sockaddr
from ipv6check.net.sources import refusal

LARGEST: Final = 4096  # bytes of a datagram that are looked at
MOST_IGNORED: Final = 256  # datagrams: a flood of nonsense must not cost us the whole deadline

# "Port unreachable" from the target itself is UDP's RST (RFC 4443 §3.1, RFC 1122 §3.2.2.1).
_PORT_UNREACHABLE: Final = frozenset({(6, 1, 4), (4, 3, 3)})


async def exchange(task: Task, net: Net, request: bytes, is_valid: Callable[[bytes], bool]) -> bytes:
    """Send `request` once and return the first datagram that `is_valid`.

    Raise Failed: `closed`, `rejected`, `unreachable`, `local`, `overloaded`, or `no_answer`, which counts
    in `ignored` what came but was no answer.
    """
    if task.address is None or task.port is None:
        raise ValueError(f"{task.kind} needs an address and a port")
    net.permit(task.address, task.port)
    policy = net.policy(task.kind)
    loop = asyncio.get_running_loop()
    until = loop.time() + policy.deadline
    with _connected(task.address, task.port) as sock:
        waiting = _Waiting(sock, task.address)
        try:
            async with asyncio.timeout_at(until):
                waiting.send(request)
                return await waiting.answer(is_valid)
        except TimeoutError as error:
            late = loop.time() > until + policy.patience
            word = failure.OVERLOADED if late else failure.NO_ANSWER
            raise Failed(word, waiting.data()) from error


def _connected(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        sock = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    except OSError as error:
        raise failure.local_failure(error) from error
    try:
        errqueue.enable(sock)
        sock.connect(sockaddr(address, port))
    except OSError as error:
        sock.close()
        raise refusal(error, address) from error
    return sock


class _Waiting:
    """One socket's exchange under way."""

    def __init__(self, sock: socket.socket, address: str) -> None:
        self._sock = sock
        self._address = address
        self._ignored = 0

    def data(self) -> dict[str, JSON]:
        source = connect.source_of(self._sock)
        data: dict[str, JSON] = {"ignored": self._ignored}
        return {**data, "source": source} if source else data

    def send(self, request: bytes) -> None:
        try:
            self._sock.send(request)
        except OSError as error:
            raise refusal(error, self._address) from error

    async def answer(self, is_valid: Callable[[bytes], bool]) -> bytes:
        while self._ignored < MOST_IGNORED:
            await self._readable()
            datagram = self._receive()
            if datagram is None:
                continue
            if is_valid(datagram):
                return datagram
            self._ignored += 1
        raise Failed(failure.NO_ANSWER, {**self.data(), "more": True})

    def _receive(self) -> bytes | None:
        """Return a datagram, or None for a wake-up without one; raise Failed for an error."""
        try:
            return self._sock.recv(LARGEST)
        except BlockingIOError:
            number = 0  # perhaps an entry of the error queue alone, which would wake us for ever
        except OSError as error:
            number = error.errno or 0
        failed = connect.failure_of(self._sock, number, self._address, Neighbourhood())
        icmp = failed.data.get("icmp")
        if number == 0 and icmp is None:
            return None
        word = failure.CLOSED if self._is_from_target(icmp) else failed.word
        raise Failed(word, {**self.data(), **failed.data})

    def _is_from_target(self, icmp: JSON) -> bool:
        """Whether it is the target itself that says: nobody listens at this port."""
        if not isinstance(icmp, Mapping):
            return False
        what = (6 if ":" in self._address else 4, icmp["type"], icmp["code"])
        offender = str(icmp["offender"]).partition("%")[0]
        return what in _PORT_UNREACHABLE and offender == self._address.partition("%")[0]

    async def _readable(self) -> None:
        """Wait until there is a datagram or an error."""
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        loop.add_reader(self._sock, woken.set)
        try:
            await woken.wait()
        finally:
            loop.remove_reader(self._sock)
