"""app.greeting: the first words of an application over TCP, or over TLS; what they are is in `exchanges`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.net import Net
from ipv6check.net.remote_text import excerpt
from ipv6check.net.stream import Channel, Stream, drain
from ipv6check.net.tls import TlsStream
from ipv6check.probes.exchanges import Another, Exchange, Place, find

GREETING: Final = 10.0
"""Seconds a server may take to say its first byte."""

GOODBYE: Final = 1.0
"""Seconds to wait for the server to close after us."""

MOST: Final = 64 * 1024
"""Bytes of an answer that are looked at."""

_HUNG_UP: Final = frozenset({failure.EOF, failure.RESET})


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return `detail`, what a valid answer says in a few words.

    Raise Failed: `no_greeting` where not one byte came, `protocol` for another protocol's, `unwelcome`
    where the protocol lets a server turn a stranger away without a word, and what `Stream` raises.
    """
    place = Place(
        app=str(task.params.get("app")),
        transport="tcp",
        port=task.port or 0,
        name=str(task.params.get("name") or ""),
        address=task.address or "",
    )
    exchange = find(place)
    if exchange is None:
        raise ValueError(f"no exchange over TCP for {place.app}")
    stream = await Stream.connect(task, net)
    try:
        channel = await _channel(task, stream)
        if exchange.request:
            await channel.write(exchange.request)
        patience = net.policy(task.kind).patience
        detail = await _answer(channel, exchange, GREETING * net.policy_scale, patience)
        if exchange.goodbye:
            await channel.write(exchange.goodbye)
            await drain(channel, min(GOODBYE * net.policy_scale, stream.remaining))
        channel.close()
        return {"detail": detail}
    finally:
        stream.close()


async def _channel(task: Task, stream: Stream) -> Channel:
    if not task.params.get("tls"):
        return stream
    sni = task.params.get("sni")
    tls = TlsStream(stream, str(sni) if sni else None)
    await tls.handshake()
    return tls


async def _answer(channel: Channel, exchange: Exchange, seconds: float, patience: float) -> str:
    """Read until `exchange` has its answer; at most `seconds` for the first byte."""
    said = bytearray()
    try:
        said += await _first(channel, seconds, patience)
        while (detail := exchange.read(bytes(said))) is None:
            if len(said) >= MOST:
                raise Failed(failure.TOO_LARGE, {"received": len(said)})
            said += await _more(channel)
    except Another as error:
        raise Failed(failure.PROTOCOL, {"excerpt": excerpt(said)}) from error
    except Failed as failed:
        may = exchange.may_hang_up if failed.word in _HUNG_UP else exchange.may_ignore
        if may and not said and failed.word in (*_HUNG_UP, failure.NO_GREETING):
            raise Failed(failure.UNWELCOME, {**failed.data, "detail": failed.word}) from failed
        if said:
            raise Failed(failed.word, {**failed.data, "excerpt": excerpt(said)}) from failed
        raise
    return detail


async def _first(channel: Channel, seconds: float, patience: float) -> bytes:
    """Wait for the first bytes; when our own loop comes `patience` too late, that proves nothing."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    try:
        async with asyncio.timeout_at(until):
            return await _more(channel)
    except TimeoutError as error:
        late = loop.time() > until + patience
        raise Failed(failure.OVERLOADED if late else failure.NO_GREETING, {"banner": None}) from error


async def _more(channel: Channel) -> bytes:
    data = await channel.read()
    if not data:
        raise Failed(failure.EOF, {})
    return data
