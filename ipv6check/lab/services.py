"""What listens on the lab's ports: web pages, mail, SSH-like greetings, and servers that misbehave.

Each `Behaviour` starts on one bound socket and returns what must be closed at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html import escape
from typing import Protocol

from ipv6check.lab import ssh as ssh_server
from ipv6check.lab.authority import Authority

_LONGEST_WAIT = 120  # seconds a server keeps a silent client, far beyond any probe's patience
Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Behaviour(Protocol):
    """How one port behaves on one family."""

    async def start(
        self, bound: socket.socket, authority: Authority, stack: contextlib.AsyncExitStack
    ) -> None:
        """Begin to serve on a bound TCP socket; `stack` closes it at the end."""


async def _listen(
    bound: socket.socket,
    talk: Conversation,
    stack: contextlib.AsyncExitStack,
    context: ssl.SSLContext | None = None,
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError):
            async with asyncio.timeout(_LONGEST_WAIT):
                await talk(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError, TimeoutError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, sock=bound, ssl=context, backlog=128)
    stack.callback(server.close)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The certificate a TLS server shows; see `Authority.context`."""

    name: str
    days: int = 200
    self_signed: bool = False
    client_certificate: bool = False

    def context(self, authority: Authority) -> ssl.SSLContext:
        """Have the authority make it."""
        return authority.context(
            self.name,
            days=self.days,
            self_signed=self.self_signed,
            client_certificate=self.client_certificate,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """A web server: one answer to every GET. No `certificate`: plain HTTP."""

    certificate: Certificate | None = None
    title: str = "Trang mẫu"
    status: int = 200
    location: str | None = None

    def response(self) -> bytes:
        """Return the whole response, the same every time."""
        title = escape(self.title)
        body = (
            f'<!doctype html>\n<html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head>'
            f"<body><h1>{title}</h1></body></html>\n"
        ).encode()
        head = [
            f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Status')}",
            "Server: lab",
            "Content-Type: text/html; charset=utf-8",
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        if self.location is not None:
            head.append(f"Location: {self.location}")
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body

    async def start(
        self, bound: socket.socket, authority: Authority, stack: contextlib.AsyncExitStack
    ) -> None:
        """Serve the answer, over TLS if there is a certificate."""
        response = self.response()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if await reader.read(1) == b"\x16":  # a TLS ClientHello at a plain port: answer as nginx does
                writer.write(_BAD_REQUEST)
            else:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(response)
            await writer.drain()

        await _listen(bound, talk, stack, self.certificate.context(authority) if self.certificate else None)


_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nServer: lab\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_REASONS = {200: "OK", 302: "Found", 403: "Forbidden", 503: "Service Unavailable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An SMTP server that greets, lists its extensions, turns to TLS where asked, and says goodbye."""

    name: str

    async def start(
        self, bound: socket.socket, authority: Authority, stack: contextlib.AsyncExitStack
    ) -> None:
        """Serve SMTP (RFC 5321, RFC 3207) as far as EHLO, STARTTLS, NOOP and QUIT."""
        context = Certificate(name=self.name).context(authority)

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(f"220 {self.name} ESMTP lab\r\n".encode())
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb in (b"EHLO", b"HELO"):
                    writer.write(f"250-{self.name}\r\n250-STARTTLS\r\n250 SIZE 10240000\r\n".encode())
                elif verb == b"STAR":
                    writer.write(b"220 2.0.0 Ready to start TLS\r\n")
                    await writer.drain()
                    await writer.start_tls(context)
                elif verb == b"QUIT":
                    writer.write(b"221 2.0.0 Bye\r\n")
                    await writer.drain()
                    return
                else:
                    writer.write(b"250 2.0.0 Ok\r\n")
                await writer.drain()

        await _listen(bound, talk, stack)


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """A server that sends one line and waits to be left: SSH-like, or any `tcp` service.

    `key` is the word that an SSH server's host key is made of.
    """

    line: str = "SSH-2.0-OpenSSH_9.2p1 lab"
    key: str = "lab"

    async def start(
        self, bound: socket.socket, authority: Authority, stack: contextlib.AsyncExitStack
    ) -> None:
        """Serve the line."""

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(f"{self.line}\r\n".encode())
            await writer.drain()
            if self.line.startswith("SSH-"):
                await ssh_server.serve(reader, writer, self.key)
            else:
                await reader.read(1024)

        await _listen(bound, talk, stack)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Accepts, and says nothing at all."""

    async def start(
        self, bound: socket.socket, authority: Authority, stack: contextlib.AsyncExitStack
    ) -> None:
        """Accept and wait for the client to go."""

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.read(1024):
                pass

        await _listen(bound, talk, stack)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Drops every SYN as a filter would: a listener whose accept queue is full, without root."""

    async def start(
        self, bound: socket.socket, authority: Authority, stack: contextlib.AsyncExitStack
    ) -> None:
        """Fill the queue with connections that nobody ever accepts."""
        bound.listen(0)
        loop = asyncio.get_running_loop()
        for _ in range(4):
            filler = socket.socket(bound.family, socket.SOCK_STREAM)
            filler.setblocking(False)
            stack.callback(filler.close)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await loop.sock_connect(filler, bound.getsockname())


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Answers with RST: the port is reserved, nobody listens."""

    note: str = field(default="")

    async def start(
        self, bound: socket.socket, authority: Authority, stack: contextlib.AsyncExitStack
    ) -> None:
        """Do nothing: a bound socket that does not listen is a closed port."""
