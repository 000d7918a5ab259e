"""Peers on loopback for the conversation probes: each serves one coroutine, or one raw socket's misbehaviour.

A peer lives in the event loop of the probe that talks to it and is gone, with all its connections,
when the question has been asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from ipv6check.model.task import Task, make_task
from ipv6check.model.text import JSON
from ipv6check.net.failure import OVERLOADED, WORDS, Failed
from ipv6check.net.limits import Limits
from ipv6check.net.net import Net
from ipv6check.net.permission import anyone
from tests.lab.certificates import Pair

Probe = Callable[[Task, Net], Awaitable[Mapping[str, JSON]]]
Speech = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Open = Callable[[], contextlib.AbstractAsyncContextManager[int]]

ADDRESS = "::1"
TRIES = 8
SCALE = 0.02  # 15 s of patience become 0.3 s
LINGER_NOT = struct.pack("ii", 1, 0)  # closing sends a RST


@dataclass(frozen=True)
class Seen:
    """How a probe ended: `word` is None where it answered."""

    word: str | None
    data: Mapping[str, JSON] = field(default_factory=dict)


def net(scale: float = SCALE) -> Net:
    return Net(permitted=anyone, limits=Limits.lifted(), policy_scale=scale)


def task(kind: str, port: int, params: Mapping[str, JSON] | None = None, address: str = ADDRESS) -> Task:
    transport = "udp" if kind == "udp.exchange" else "tcp"
    family: int = 6 if ":" in address else 4
    return make_task(
        kind,
        vantage="local",
        family=6 if family == 6 else 4,
        address=address,
        port=port,
        transport=transport,
        params=params,
    )


async def put(probe: Probe, question: Task, scale: float = SCALE) -> Seen:
    """Run a probe as the engine does; anything but data or Failed fails the test.

    A machine that is too busy to be sure of a silence is asked again, as the engine would.
    """
    for _ in range(TRIES):
        try:
            return Seen(None, await probe(question, net(scale)))
        except Failed as failed:
            assert failed.word in WORDS
            seen = Seen(failed.word, failed.data)
        if seen.word != OVERLOADED:
            break
    return seen


def ask(
    probe: Probe, kind: str, peer: Open, params: Mapping[str, JSON] | None = None, scale: float = SCALE
) -> Seen:
    """Open the peer, ask it, close it."""

    async def run() -> Seen:
        async with peer() as port:
            return await put(probe, task(kind, port, params), scale)

    return asyncio.run(run())


def speaking(speech: Speech, context: ssl.SSLContext | None = None) -> Open:
    """Return a peer that holds `speech` with everybody who connects, over TLS if there is a context."""

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[int]:
        running: set[asyncio.Task[None]] = set()
        writers: set[asyncio.StreamWriter] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            current = asyncio.current_task()
            assert current
            running.add(current)
            writers.add(writer)
            try:
                await speech(reader, writer)
            except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass  # the probe has gone, or the question is over
            finally:
                writer.close()

        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        server = await asyncio.start_server(serve, ADDRESS, 0, ssl=context)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for each in running:
                each.cancel()
            for writer in writers:
                writer.transport.abort()
            await asyncio.gather(*running, return_exceptions=True)
            await server.wait_closed()

    return opened


def saying(*pieces: bytes, pause: float = 0.0, then: str = "close") -> Open:
    """Return a peer that says its pieces unasked; then it closes, or stays (`stay`)."""

    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        if then == "stay":
            await asyncio.sleep(60)

    return speaking(speech)


def endless(first: bytes, again: bytes, pause: float = 0.0) -> Open:
    """Return a peer that says `first`, and then `again` until nobody listens any more."""

    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    return speaking(speech)


def answering(answer: bytes, then: str = "close", context: ssl.SSLContext | None = None) -> Open:
    """Return a peer that waits for a request's end (an empty line), answers, and closes or stays."""

    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if then == "stay":
            await asyncio.sleep(60)

    return speaking(speech, context)


def resetting(first: bytes = b"", after: float = 0.02) -> Open:
    """Return a peer that accepts, perhaps says something, and resets the connection."""

    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        await writer.drain()
        await asyncio.sleep(after)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        writer.transport.abort()

    return speaking(speech)


@contextlib.asynccontextmanager
async def backlog() -> AsyncIterator[int]:
    """A peer whose kernel accepts (SYN-ACK) and whose program never does."""
    with socket.socket(socket.AF_INET6) as sock:
        sock.bind((ADDRESS, 0))
        sock.listen(8)
        yield sock.getsockname()[1]


@contextlib.asynccontextmanager
async def full_queue() -> AsyncIterator[int]:
    """A peer whose accept queue is full: SYNs are dropped, silence without a firewall."""
    with socket.socket(socket.AF_INET6) as sock, contextlib.ExitStack() as stack:
        sock.bind((ADDRESS, 0))
        sock.listen(0)
        for _ in range(4):
            filler = stack.enter_context(socket.socket(socket.AF_INET6))
            filler.setblocking(False)
            filler.connect_ex(sock.getsockname()[:2])
        await asyncio.sleep(0.05)
        yield sock.getsockname()[1]


@contextlib.asynccontextmanager
async def nobody() -> AsyncIterator[int]:
    """A port at which nobody listens, kept from others while we ask."""
    with socket.socket(socket.AF_INET6) as sock:
        sock.bind((ADDRESS, 0))
        yield sock.getsockname()[1]


def server_context(
    pair: Pair,
    *,
    lowest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
    highest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED,
    alpn: tuple[str, ...] = (),
) -> ssl.SSLContext:
    """Return a TLS server's context with a certificate of the lab's authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.chain, pair.key)
    context.minimum_version = lowest
    context.maximum_version = highest
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context
