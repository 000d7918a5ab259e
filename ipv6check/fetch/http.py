"""One GET over HTTP/1.1 with h11: bounded, uncompressed, never redirected, no proxy."""

from __future__ import annotations

import time

import h11

from ipv6check import __version__
from ipv6check.fetch import RemoteTrouble
from ipv6check.fetch.line import Line, Server, open_line

MAX_BODY = 64 * 1024 * 1024
SECONDS = 60.0
"""How long one answer may take, from connecting to its last byte."""


def get(server: Server, target: str, headers: list[tuple[str, str]]) -> tuple[int, str, bytes]:
    """Return status, content type and body of a GET; raise RemoteTrouble for anything but an answer."""
    name = f"[{server.host}]" if ":" in server.host else server.host
    standard = 443 if server.context is not None else 80
    sent = [
        ("Host", name if server.port == standard else f"{name}:{server.port}"),
        ("User-Agent", f"ipv6check/{__version__}"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        *headers,
    ]
    connection = h11.Connection(h11.CLIENT)
    with open_line(server, time.monotonic() + SECONDS) as line:
        try:
            line.send(connection.send(h11.Request(method="GET", target=target, headers=sent)) or b"")
            connection.send(h11.EndOfMessage())
            return _receive(connection, line, server)
        except h11.RemoteProtocolError as error:
            raise RemoteTrouble(
                f"{server} does not speak HTTP as it should, or broke off: {error}"
            ) from error
        except h11.LocalProtocolError as error:
            raise RemoteTrouble(f"{server}: this request cannot be sent: {error}") from error


def _receive(connection: h11.Connection, line: Line, server: Server) -> tuple[int, str, bytes]:
    status, kind = 0, ""
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(line.receive())
        elif isinstance(event, h11.Response):
            status = event.status_code
            found = {name: value for name, value in event.headers}
            kind = found.get(b"content-type", b"").decode("ascii", "replace")
            coding = found.get(b"content-encoding", b"identity").decode("ascii", "replace")
            if coding.lower() != "identity":
                raise RemoteTrouble(f"{server} sends its answer compressed ({coding}), though asked not to")
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MAX_BODY:
                raise RemoteTrouble(f"{server}: an answer of more than {MAX_BODY >> 20} MiB")
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return status, kind, bytes(body)
