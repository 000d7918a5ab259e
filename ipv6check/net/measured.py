"""A stream that is watched while a large exchange runs over it: sizes of segments, and the longest wait.

What is measured goes into the data of `path.mtu`; a failure half-way has it too.
"""

from __future__ import annotations

import asyncio
from typing import Final

from ipv6check.model.text import JSON
from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.routes import read_routes
from ipv6check.net.stream import CHUNK, Stream
from ipv6check.net.tcp_info import TcpInfo, link_mtu, tcp_info

SMALL_CHUNK: Final = 4 * 1024
_LARGE: Final = 1440  # bytes: what no packet of an ordinary link holds
_GLANCE: Final = 0.02  # seconds between two looks at what is acknowledged


class MeasuredStream(Stream):
    """A `Stream` that remembers how long it waited for the peer, and how large its segments were."""

    _longest = 0.0
    _largest = 0
    _first: TcpInfo | None = None
    _before: int | None = None

    async def read(self, limit: int = CHUNK) -> bytes:
        """Return what is there, as `Stream.read` does; the wait for it is measured."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._look()
        try:
            return await super().read(min(limit, SMALL_CHUNK))
        finally:
            self._longest = max(self._longest, loop.time() - began)
            self._look()

    async def write(self, data: bytes) -> None:
        """Send all of `data`; what is acknowledged from the first large piece on is progress."""
        if self._before is None and len(data) > _LARGE and (info := self._look()) is not None:
            self._before = info.acked
        await super().write(data)

    async def delivered(self) -> None:
        """Wait until the peer's kernel has acknowledged everything we sent; raise Failed `slow`, `local`."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout_at(self.deadline):
                # An acknowledgement makes no socket ready: it can only be looked for.
                while (info := self._look()) is not None and info.unacked:  # noqa: ASYNC110
                    await asyncio.sleep(_GLANCE)
        except TimeoutError as error:
            raise Failed(failure.SLOW, {"received": self.received}) from error
        finally:
            self._longest = max(self._longest, loop.time() - began)

    def _look(self) -> TcpInfo | None:
        """Note the size of segments as the kernel estimates it now: the estimate may shrink again."""
        try:
            info = tcp_info(self.socket)
        except OSError:
            return None
        self._first = self._first or info
        self._largest = max(self._largest, info.seen)
        return info

    def measured(self, address: str) -> dict[str, JSON]:
        """Return what was seen of the connection so far.

        `announced` is our own MSS, `peer_mss` the peer's (null: the path's is no larger), `largest` the
        peer's largest segment (up to 536 that is only a guess), `pmtu` the path MTU as our kernel knows it,
        `progress` how many bytes of a large request were acknowledged.
        """
        info = self._look()
        data: dict[str, JSON] = {
            "stalled_ms": round(self._longest * 1000),
            "largest": self._largest,
            "link_mtu": link_mtu(self.socket, address, read_routes()),
        }
        if self._first is not None:
            data |= {"announced": self._first.announced, "peer_mss": self._first.peer_mss}
        if info is not None:
            data |= {
                "received": info.received,
                "acked": info.acked,
                "progress": None if self._before is None else info.acked - self._before,
                "unacked": info.unacked,
                "retransmits": info.retransmits,
                "pmtu": info.pmtu,
                "timestamps": info.timestamps,
            }
        return data
