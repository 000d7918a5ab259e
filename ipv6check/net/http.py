"""One HTTP/1.1 response read with h11, bounded in every direction; nothing is decompressed or followed.

In: a channel on which a GET was sent. Out: the data of `http.get` (docs/observations.md), filled in as
the response arrives, so that a failure half-way still has what came before.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Final

import h11

from ipv6check.model.text import JSON
from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.page_sketch import sketch
from ipv6check.net.remote_text import EXCERPT, decode, excerpt, title
from ipv6check.net.stream import CHUNK, Channel

HEAD: Final = 16 * 1024
"""Most bytes of response heads, those of 1xx responses included."""

BODY: Final = 64 * 1024
"""Most bytes of the body that are read and kept."""

WIRE: Final = 4 * BODY
"""Most bytes of a response altogether: chunk extensions are neither head nor body, and cheap to send."""

_START: Final = b"HTTP/"

# How nginx says on a page that it wants a client certificate; others say it with a TLS alert.
_NO_CERTIFICATE_PAGE: Final = b"No required SSL certificate was sent"


class Response:
    """One response to the GET that `request` writes. `data` fills up while `receive` runs."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.data: dict[str, JSON] = {}
        self._connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD)
        self._first = bytearray()
        self._body = bytearray()
        self._received = 0
        self._cut = False

    @property
    def body(self) -> bytes:
        """What was kept of the body."""
        return bytes(self._body)

    async def request(self, target: str, headers: list[tuple[str, str]]) -> None:
        """Send a GET for a request target (RFC 9112 §3.2)."""
        wire = self._connection.send(h11.Request(method="GET", target=target, headers=headers)) or b""
        self._connection.send(h11.EndOfMessage())
        await self.channel.write(wire)

    async def receive(self) -> None:
        """Read the response to its end, or to the bound of its body (`more`).

        Raise Failed: `protocol` (it is no HTTP/1), `malformed`, `too_large` (the head), `eof`, `slow`, …
        """
        while not self._cut:
            try:
                event = self._connection.next_event()
            except h11.RemoteProtocolError as error:
                raise self._unreadable(error) from error
            if event is h11.NEED_DATA:
                await self._more()
            elif isinstance(event, h11.Response):
                self._head(event)
            elif isinstance(event, h11.Data):
                self._content(bytes(event.data))
            elif not isinstance(event, h11.InformationalResponse):
                break
        self._summary()

    async def _more(self) -> None:
        """Hand on the next bytes, or the end; heads, and the whole, only up to their bounds."""
        if self._received >= (WIRE if self.data else HEAD):
            if not self.data:
                raise Failed(failure.TOO_LARGE, {"received": self._received})
            self._cut = True
            return
        chunk = await self.channel.read(CHUNK)
        if not chunk and not self.data:
            raise Failed(failure.EOF, {"received": self._received})
        self._received += len(chunk)
        if len(self._first) < EXCERPT:
            self._first += chunk[: EXCERPT - len(self._first)]
            if self._first[: len(_START)] != _START[: len(self._first)]:
                raise Failed(failure.PROTOCOL, {"excerpt": excerpt(self._first)})
        self._connection.receive_data(chunk)

    def _head(self, response: h11.Response) -> None:
        headers = [(decode(name, HEAD).lower(), decode(value, HEAD)) for name, value in response.headers]
        self.data |= {
            "status": response.status_code,
            "reason": decode(response.reason, HEAD),
            "headers": [[name, value] for name, value in headers],
            "location": next((value for name, value in headers if name == "location"), None),
        }

    def _content(self, piece: bytes) -> None:
        room = BODY - len(self._body)
        self._body += piece[:room]
        self._cut = len(piece) > room

    def _summary(self) -> None:
        body = bytes(self._body)
        self.data |= {
            **_content(body),
            "client_certificate": self.data["status"] == 400 and _NO_CERTIFICATE_PAGE in body,
        }
        if self._cut:
            self.data["more"] = True

    def _unreadable(self, error: h11.RemoteProtocolError) -> Failed:
        """Say what h11's refusal means: it has one exception for the end, for size, and for form."""
        data: dict[str, JSON] = {"received": self._received}
        if self._connection.trailing_data[1]:  # the peer had closed
            return Failed(failure.EOF, data)
        data["detail"] = str(error)
        if error.error_status_hint == 431:
            return Failed(failure.TOO_LARGE, data)
        return Failed(failure.MALFORMED, {**data, "excerpt": excerpt(self._first)})


@functools.lru_cache(maxsize=64)
def _content(body: bytes) -> dict[str, JSON]:
    """Return what a body shows: the same page comes over both families, and over IPv4 twice."""
    return {
        "length": len(body),
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "title": title(body),
        "content": sketch(body),
    }
