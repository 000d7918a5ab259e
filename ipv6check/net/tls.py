"""One permissive TLS handshake over a connected stream, and what it showed; nothing is verified here.

In: a `Stream` and the name for SNI. Out: a channel to read and write through, and the facts of the
handshake. TLS 1.0 and up with every cipher of the library, because a fact that our own policy hides is
no fact; the chain is handed on as bytes, which the judging half parses. No key log is ever written.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import ssl
from concurrent import futures
from typing import Final

from ipv6check.model.text import JSON
from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.remote_text import EXCERPT, excerpt
from ipv6check.net.stream import CHUNK, Stream
from ipv6check.net.tls_alert import alert_name, clear_alert

CHAIN_CERTIFICATES: Final = 16
CHAIN_BYTES: Final = 64 * 1024
HANDSHAKE_BYTES: Final = 256 * 1024
SETTLE: Final = 1.0
"""Longest wait, in seconds, for what a TLS 1.3 server says of a missing client certificate."""

_FLIGHT: Final = 512  # bytes: a certificate is among them, and a signature to be looked at
_THREADS: Final = 2
_ENCODING_DER: Final = 2  # _ssl.ENCODING_DER
_LEGACY_SERVER_CONNECT: Final = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT; named by ssl since 3.12
_CONTENT_TYPES: Final = frozenset(
    {0x15, 0x16}
)  # alert, handshake: how a TLS server can begin (RFC 8446 §5.1)

# How servers refuse a client that shows no certificate (RFC 5246 §7.2.2, RFC 8446 §4.4.2.4). Before
# our second flight the same words mean something else: no common cipher or version.
_NO_CERTIFICATE_ALERTS: Final = frozenset(
    {"certificate_required", "handshake_failure", "bad_certificate", "certificate_unknown", "access_denied"}
)


@functools.cache
def permissive_context(alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
    """Return the client context of every handshake.

    Not by `ssl.create_default_context`, which honours SSLKEYLOGFILE.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= _LEGACY_SERVER_CONNECT
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


@functools.cache
def _beside() -> futures.ThreadPoolExecutor:
    """Return the threads in which flights of handshakes are worked on: enough for two processors."""
    return futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="tls")


class TlsStream:
    """TLS spoken through a `Stream`: `handshake` first, then `read` and `write`.

    `client_certificate` becomes true when the server said that it wants one of us.
    """

    def __init__(self, stream: Stream, sni: str | None, alpn: tuple[str, ...] = ()) -> None:
        self.stream = stream
        self.client_certificate = False
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._first = bytearray()  # the first bytes the peer sent: what it speaks
        self._flights = 0
        self._answered = False  # application data came: no alert after it is about certificates
        try:
            self._object = permissive_context(alpn).wrap_bio(
                self._incoming, self._outgoing, server_hostname=sni
            )
        except ValueError as error:  # an empty or over-long label; UnicodeError is one too
            raise Failed(failure.LOCAL, {"detail": f"no server name for TLS: {error}"}) from error

    @property
    def source(self) -> str:
        """Our own address on this connection."""
        return self.stream.source

    async def handshake(self) -> None:
        """Shake hands once; raise Failed (`tls_alert`, `protocol`, `eof`, `slow`, `malformed`, …).

        A TLS 1.2 server that refuses us for want of a client certificate has shown its own by then:
        `client_certificate` is true, and `facts` knows the chain although the handshake failed. What ends a
        TLS 1.3 handshake on our side goes out with what is written next, or at the next wait.
        """
        while True:
            try:
                await self._step()
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._fill():
                    raise Failed(failure.EOF, {"received": self.stream.received}) from None
                if self.stream.received > HANDSHAKE_BYTES:
                    raise Failed(failure.TOO_LARGE, {"received": self.stream.received}) from None
            except ssl.SSLError as error:
                await self._flush()  # our own alert, if there is one
                raise self._failed(error) from error
            else:
                return

    async def _step(self) -> None:
        """Let the library go on with the handshake; a server's flight is worked on beside the loop.

        Its keys and signatures are half of what a conversation costs, and the library lets go of the
        interpreter for them: another processor does that while the loop talks to somebody else.
        """
        if self._incoming.pending < _FLIGHT:
            self._object.do_handshake()
            return
        work = _beside().submit(self._object.do_handshake)
        try:
            await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            futures.wait((work,))  # nobody may close what is being worked on; it takes a millisecond
            raise

    async def settle(self, patience: float) -> None:
        """Wait up to `patience` seconds for a TLS 1.3 server's alert about a missing client certificate.

        With TLS 1.3 our handshake is over before the server has looked at our (empty) certificate; its
        next bytes are session tickets, or the alert (RFC 8446 §4.4.2.4). Both end the waiting.
        """
        if self._object.version() != "TLSv1.3":
            return
        await self._flush()
        try:
            async with asyncio.timeout(patience):
                self._step_read(await self._fill())
        except TimeoutError:
            return
        except Failed as failed:
            if not self.client_certificate and failed.word not in (failure.RESET, failure.TLS_ALERT):
                raise

    def _step_read(self, more: bool) -> None:
        """Let the library look at what came in after the handshake, and remember an alert."""
        if not more:
            return
        try:
            self._object.read(1)
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return
        except ssl.SSLError as error:
            raise self._failed(error) from error

    async def read(self, limit: int = CHUNK) -> bytes:
        """Return up to `limit` decrypted bytes; `b""` at the end, announced (close_notify) or not."""
        while True:
            try:
                data = self._object.read(limit)
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._fill():
                    return b""
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""
            except ssl.SSLError as error:
                raise self._failed(error) from error
            else:
                self._answered = True
                return data

    async def write(self, data: bytes) -> None:
        """Encrypt and send `data`."""
        try:
            self._object.write(data)
        except ssl.SSLError as error:
            raise self._failed(error) from error
        await self._flush()

    def close(self) -> None:
        """Say goodbye (close_notify) as far as the socket takes it at once, and close."""
        try:
            self._object.unwrap()
        except (ssl.SSLError, ValueError):
            pass  # close_notify is written, or there never was a session; nobody waits for the answer
        self.stream.send_at_once(self._outgoing.read())
        self.stream.close()

    def facts(self) -> dict[str, JSON]:
        """Return the data of `tls.handshake` (docs/observations.md)."""
        cipher = self._object.cipher()
        certificates, complete = presented(self._object)
        kept, more = bounded(certificates)
        data: dict[str, JSON] = {
            "version": self._object.version(),
            "cipher": cipher[0] if cipher else None,
            "alpn": self._object.selected_alpn_protocol(),
            "chain": [base64.b64encode(der).decode("ascii") for der in kept],
            "client_certificate": self.client_certificate,
        }
        if not complete:
            data["chain_complete"] = False
        if more:
            data["more"] = True
        return data

    async def _flush(self) -> None:
        if self._outgoing.pending:
            self._flights += 1
            await self.stream.write(self._outgoing.read())

    async def _fill(self) -> bool:
        """Hand the library more bytes; False at the end. The first ones tell whether it is TLS at all."""
        data = await self.stream.read(CHUNK)
        if not data:
            self._incoming.write_eof()
            return False
        if len(self._first) < EXCERPT:
            self._first += data[: EXCERPT - len(self._first)]
            self._require_tls()
        self._incoming.write(data)
        return True

    def _require_tls(self) -> None:
        first = self._first
        if first[0] not in _CONTENT_TYPES or (len(first) > 1 and first[1] != 3):
            raise Failed(failure.PROTOCOL, {"excerpt": excerpt(first)})

    def _failed(self, error: ssl.SSLError) -> Failed:
        alert = alert_name(error.reason) or clear_alert(self._first)
        if alert is not None:
            late = self._flights > 1 and not self._answered
            self.client_certificate |= late and alert in _NO_CERTIFICATE_ALERTS
            return Failed(failure.TLS_ALERT, {"alert": alert, "client_certificate": self.client_certificate})
        if isinstance(error, ssl.SSLEOFError):
            return Failed(failure.EOF, {"received": self.stream.received})
        reason = (error.reason or str(error)).lower().replace("_", " ")
        if error.reason == "EXCESSIVE_MESSAGE_SIZE":
            return Failed(failure.TOO_LARGE, {"detail": reason})
        return Failed(failure.MALFORMED, {"detail": reason})


def presented(connection: ssl.SSLObject) -> tuple[list[bytes], bool]:
    """Return the chain as the peer presented it, in DER, and whether it is all of it.

    Python 3.13 has a public method; before, the chain is only on the object inside, and where that is
    gone too the leaf alone is known.
    """
    public = getattr(connection, "get_unverified_chain", None)
    if public is not None:
        return list(public() or []), True
    private = getattr(getattr(connection, "_sslobj", None), "get_unverified_chain", None)
    if private is not None:
        return [bytes(one.public_bytes(_ENCODING_DER)) for one in private() or []], True
    leaf = connection.getpeercert(binary_form=True)
    return ([leaf] if leaf else []), False


def bounded(certificates: list[bytes]) -> tuple[list[bytes], bool]:
    """Return the certificates that fit 16 pieces and 64 KiB, in order, and whether any was left out."""
    kept: list[bytes] = []
    room = CHAIN_BYTES
    for der in certificates[:CHAIN_CERTIFICATES]:
        if len(der) > room:
            break
        kept.append(der)
        room -= len(der)
    return kept, len(kept) < len(certificates)
