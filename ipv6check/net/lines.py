"""Lines of text from a peer that may never end one: bounded in length, number and bytes."""

from __future__ import annotations

import asyncio
from typing import Final

from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.stream import Channel

LINE: Final = 2048
"""Longest line in bytes; RFC 5321 §4.5.3.1.5 allows 512, RFC 4253 §4.2 255."""

LINES: Final = 128
BYTES: Final = 32 * 1024


class Lines:
    """Reads a channel line by line. `seen` holds the first bytes that came, as evidence."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.seen = bytearray()
        self._buffer = bytearray()
        self._count = 0
        self._bytes = 0

    async def begin(self, seconds: float, patience: float) -> None:
        """Wait for the first bytes; raise Failed `no_greeting` if there is not one within `seconds`.

        When our own loop comes more than `patience` seconds late, that proves nothing: `overloaded`.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        try:
            async with asyncio.timeout_at(until):
                await self._fill()
        except TimeoutError as error:
            late = loop.time() > until + patience
            raise Failed(failure.OVERLOADED if late else failure.NO_GREETING, {"banner": None}) from error

    def rest(self) -> bytes:
        """Return what was read beyond the last line, for who goes on in another form."""
        found = bytes(self._buffer)
        self._buffer.clear()
        return found

    async def _fill(self) -> None:
        data = await self.channel.read(LINE)
        if not data:
            raise Failed(failure.EOF, {"received": self._bytes})
        self._bytes += len(data)
        self._buffer += data
        if len(self.seen) < LINE:
            self.seen += data[: LINE - len(self.seen)]

    async def line(self) -> bytes:
        """Return the next line without its end (CR LF, or LF alone); raise Failed (`eof`, `too_large`, …)."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            if len(self._buffer) > LINE or self._bytes > BYTES:
                raise Failed(failure.TOO_LARGE, {"received": self._bytes})
            searched = len(self._buffer)
            await self._fill()
        self._count += 1
        if self._count > LINES or self._bytes > BYTES:
            raise Failed(failure.TOO_LARGE, {"received": self._bytes})
        found = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return found.removesuffix(b"\r")
