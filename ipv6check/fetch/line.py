"""One TCP or TLS connection with a deadline over everything: connecting, the handshake, each read."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ipv6check.fetch import RemoteTrouble

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Whom to talk to. `context` None: no TLS."""

    host: str
    port: int
    context: ssl.SSLContext | None = None

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Line:
    """An open connection; every operation ends by the deadline (seconds, monotonic)."""

    def __init__(self, connection: socket.socket, server: Server, deadline: float) -> None:
        self._connection = connection
        self._server = server
        self._deadline = deadline

    def send(self, content: bytes) -> None:
        """Send everything."""
        with _told(self._server):
            self._connection.settimeout(remaining(self._deadline))
            self._connection.sendall(content)

    def receive(self) -> bytes:
        """Return what comes next; empty at the end."""
        with _told(self._server):
            self._connection.settimeout(remaining(self._deadline))
            return self._connection.recv(CHUNK)

    def receive_exactly(self, size: int) -> bytes:
        """Return that many bytes; RemoteTrouble if the server hangs up before."""
        found = bytearray()
        while len(found) < size:
            with _told(self._server):
                self._connection.settimeout(remaining(self._deadline))
                piece = self._connection.recv(min(CHUNK, size - len(found)))
            if not piece:
                raise RemoteTrouble(f"{self._server} hung up in the middle of its answer")
            found += piece
        return bytes(found)


@contextmanager
def open_line(server: Server, deadline: float) -> Iterator[Line]:
    """Connect; whatever fails is a RemoteTrouble."""
    with _told(server):
        connection = socket.create_connection((server.host, server.port), remaining(deadline))
    try:
        if server.context is not None:
            with _told(server):
                connection.settimeout(remaining(deadline))
                connection = server.context.wrap_socket(connection, server_hostname=server.host)
        yield Line(connection, server, deadline)
    finally:
        connection.close()


def remaining(deadline: float) -> float:
    """Return the seconds left; TimeoutError if there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@contextmanager
def _told(server: Server) -> Iterator[None]:
    """Turn what sockets and TLS raise into one line."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message or "it is not valid"
        raise RemoteTrouble(
            f"{server}: its certificate is refused: {why}; name its root with --ca FILE"
        ) from error
    except TimeoutError as error:
        raise RemoteTrouble(f"{server} does not answer in time") from error
    except ssl.SSLError as error:
        raise RemoteTrouble(
            f"{server}: the TLS handshake failed ({error.reason or 'no reason given'})"
        ) from error
    except OSError as error:
        raise RemoteTrouble(f"{server}: {error.strerror or type(error).__name__}") from error
