"""The scan's side of the raw helper: starts it when it is first needed, and speaks its records.

One process a scan, and only for a scan that was asked for it. That it may not open raw sockets is
`no_privilege`, known once and for all; that it died is our own trouble (`local`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.sources import source_for
from ipv6check.raw import messages
from ipv6check.raw.messages import DONE, ECHO, FORGE, FROM_HELPER, READY, REPLY, WATCH, BadRecord, Record

_PATIENCE: Final = 10.0  # seconds for scapy to load
_ANSWER: Final = 2.0  # seconds for the helper to say what became of a record
_LOOKS: Final = 10
NOT_PERMITTED_EXIT: Final = 77
PERMIT: Final = "run as root, or grant CAP_NET_RAW (setcap cap_net_raw+ep on the Python of a copy of its own)"


class RawHelper:
    """One helper process, started by the first question; `close` ends it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._starting: asyncio.Lock | None = None
        self._refused: Failed | None = None
        self._waiting: dict[tuple[int, bytes], asyncio.Future[Record]] = {}
        self._reader: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The helper's process id while it runs."""
        return None if self._process is None else self._process.pid

    async def watch(self, address: str, port: int) -> None:
        """Have the sequence numbers of this server's SYN-ACKs noted, before connecting to it."""
        await self._ask(Record(operation=WATCH, theirs=messages.packed(address), their_port=port))

    async def forge(self, ours: str, our_port: int, theirs: str, their_port: int, mtu: int) -> None:
        """Send a Packet Too Big for a connection whose SYN-ACK was seen; raise Failed `local` otherwise."""
        record = Record(
            operation=FORGE,
            our_port=our_port,
            their_port=their_port,
            number=mtu,
            ours=messages.packed(ours),
            theirs=messages.packed(theirs),
        )
        for _ in range(_LOOKS):
            if await self._ask(record):
                return
            await asyncio.sleep(_ANSWER / _LOOKS / 2)  # the helper has not come to the SYN-ACK yet
        raise Failed(failure.LOCAL, {"detail": "raw helper saw no SYN-ACK of this connection"})

    async def echo(self, address: str, seconds: float, form: str = "plain") -> None:
        """Return when `address` has answered an echo request; raise Failed `no_answer` otherwise."""
        record = Record(
            operation=ECHO,
            form=messages.FORMS[form],
            our_port=os.getpid() & 0xFFFF,
            ours=messages.packed(source_for(address)),
            theirs=messages.packed(address),
            mark=secrets.token_bytes(16),
        )
        with self._awaited(REPLY, record.mark) as reply:
            try:
                async with asyncio.timeout(seconds):
                    while not reply.done():
                        await self._ask(record)
                        await asyncio.wait([reply], timeout=seconds / 6)
            except TimeoutError:
                raise Failed(failure.NO_ANSWER, {"detail": "no echo reply"}) from None
            if reply.result().theirs != record.theirs:
                raise Failed(failure.NO_ANSWER, {"detail": "an echo reply from elsewhere"})

    async def close(self) -> None:
        """End the helper."""
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        if self._socket is not None:
            self._socket.close()  # its `recv` ends, and so does it
        if self._process is not None:
            await asyncio.to_thread(_ended, self._process)

    async def _ask(self, record: Record) -> bool:
        """Send a record and wait until it is done; raise Failed where it could not be.

        False: the helper does not know the connection that it names.
        """
        await self._started()
        assert self._socket is not None  # noqa: S101 - `_started` has raised otherwise
        mark = record.mark if record.mark != messages.NOBODY else secrets.token_bytes(16)
        sent = Record(**{**{name: getattr(record, name) for name in record.__slots__}, "mark": mark})
        with self._awaited(DONE, mark) as done:
            try:
                await asyncio.get_running_loop().sock_sendall(self._socket, sent.pack())
                async with asyncio.timeout(_ANSWER):
                    answer = await done
            except TimeoutError:
                raise Failed(failure.OVERLOADED, {"detail": "raw helper"}) from None
            except OSError as error:
                raise Failed(failure.LOCAL, {"detail": "raw helper ended"}) from error
        if answer.operation == messages.FAILED:
            raise failure.local_failure(OSError(answer.number, os.strerror(answer.number)))
        return answer.operation == DONE

    @contextlib.contextmanager
    def _awaited(self, operation: int, mark: bytes) -> Iterator[asyncio.Future[Record]]:
        key = (REPLY if operation == REPLY else DONE, mark)
        future = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        try:
            yield future
        finally:
            del self._waiting[key]

    async def _started(self) -> None:
        """Start the helper once; raise what came of it, the same to everybody."""
        if self._starting is None:
            self._starting = asyncio.Lock()
        async with self._starting:
            if self._socket is None and self._refused is None:
                try:
                    await self._start()
                except Failed as failed:
                    self._refused = failed
        if self._refused is not None:
            raise self._refused

    async def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs:
            self._process = process = await asyncio.to_thread(_spawn, theirs.fileno())
        try:
            async with asyncio.timeout(_PATIENCE):
                first = await asyncio.get_running_loop().sock_recv(ours, messages.SIZE + 1)
                ready = bool(first) and messages.unpack(first, FROM_HELPER).operation == READY
        except (TimeoutError, OSError, BadRecord):
            ready = False
        if not ready:
            ours.close()
            code = await asyncio.to_thread(_ended, process)
            if code == NOT_PERMITTED_EXIT:
                raise Failed(failure.NO_PRIVILEGE, {"detail": PERMIT})
            raise Failed(failure.LOCAL, {"detail": f"raw helper ended with {code}"})
        self._socket = ours
        self._reader = asyncio.get_running_loop().create_task(self._listen(ours))

    async def _listen(self, ours: socket.socket) -> None:
        """Hand every record from the helper to who waits for it."""
        loop = asyncio.get_running_loop()
        while raw := await loop.sock_recv(ours, messages.SIZE + 1):
            try:
                record = messages.unpack(raw, FROM_HELPER)
            except BadRecord:
                continue
            key = (REPLY if record.operation == REPLY else DONE, record.mark)
            future = self._waiting.get(key)
            if future is not None and not future.done():
                future.set_result(record)


def _spawn(channel: int) -> subprocess.Popen[bytes]:
    """Start the helper with this socket as all it has."""
    return subprocess.Popen(  # noqa: S603 - our own module, no shell
        [sys.executable, "-s", "-B", "-m", "ipv6check.raw.helper", str(channel)],
        pass_fds=[channel],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONPATH": _where()},
    )


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Wait for the helper to end, make it end if it does not, and return its exit code."""
    try:
        return process.wait(2)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _where() -> str:
    """Return the folder this package is imported from: the helper runs the very same code."""
    return str(Path(__file__).parents[2])
