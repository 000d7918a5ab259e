"""Fuzz targets of conversations: a peer of any bytes, read without a socket or a loop.

The first byte says how large the pieces are in which the rest arrives. Whatever comes, a conversation
ends with facts or with Failed, and what it keeps is text, bounded, that can be stored.
"""

from __future__ import annotations

import json
from collections.abc import Coroutine, Mapping
from typing import Any

from ipv6check.net import ssh
from ipv6check.net.failure import Failed
from ipv6check.net.http import BODY, HEAD, Response
from ipv6check.net.lines import BYTES, Lines
from ipv6check.net.stream import CHUNK
from ipv6check.probes import smtp_greeting, ssh_greeting

_MOST_JSON = 8 * (HEAD + BODY)


class Peer:
    """A channel that delivers given bytes in pieces, and then the end."""

    source = "2001:db8::1"

    def __init__(self, data: bytes) -> None:
        self._piece = data[0] + 1 if data else 1
        self._left = data[1:]
        self.reads = 0

    async def read(self, limit: int = CHUNK) -> bytes:
        """Return the next piece; nothing after the last."""
        self.reads += 1
        piece = self._left[: min(limit, self._piece)]
        self._left = self._left[len(piece) :]
        return piece

    async def write(self, data: bytes) -> None:
        """Take what is said to it."""

    def close(self) -> None:
        """Nothing is held."""


def http(data: bytes) -> None:
    """Read a response: its head, its body, its end."""
    response = Response(Peer(data))

    async def talk() -> Mapping[str, Any]:
        await response.request("/", [("Host", "www.a.example")])
        await response.receive()
        return response.data

    found = _drive(talk())
    if len(response.body) > BODY:
        raise AssertionError(f"{len(response.body)} bytes of a body")
    if found is not None and not 200 <= found["status"] <= 999:
        raise AssertionError(f"an answer of status {found['status']}")


def smtp(data: bytes) -> None:
    """Read a greeting and the answer to EHLO."""

    async def talk() -> Mapping[str, Any]:
        lines = Lines(Peer(data))
        code, text = await smtp_greeting.read_reply(lines)
        if code == 220:
            code, text = await smtp_greeting.read_reply(lines)
        return {"code": code, "text": text}

    found = _drive(talk())
    if found is not None and (not 200 <= found["code"] <= 599 or sum(map(len, found["text"])) > BYTES):
        raise AssertionError(str(found)[:200])


def ssh_offer(data: bytes) -> None:
    """Read an identification, an offer and a host key."""

    async def talk() -> Mapping[str, Any]:
        peer = Peer(data)
        lines = Lines(peer)
        banner = await ssh_greeting.identification(lines)
        packets = ssh.Packets(peer, lines.rest())
        offer = await ssh.offers(packets)
        exchange = offer.exchange()
        key = await ssh.host_key(packets, exchange) if exchange else None
        return {"banner": banner.decode("latin-1"), "key": key and [key.type, key.fingerprint]}

    _drive(talk())


def _drive(talk: Coroutine[Any, Any, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Run a talk that never waits; return what it found, None if it Failed. Both can be stored."""
    found: Mapping[str, Any] | None = None
    try:
        talk.send(None)
    except StopIteration as end:
        found = end.value
        kept: Mapping[str, Any] = end.value
    except Failed as failed:
        kept = failed.data
    else:
        raise AssertionError("it waits for something else than its peer")
    stored = json.dumps(kept, allow_nan=False, ensure_ascii=False).encode("utf-8")
    if len(stored) > _MOST_JSON:
        raise AssertionError(f"{len(stored)} bytes are kept")
    return found
