"""What is said in a large exchange, application by application; each ends with one whole answer.

HTTP takes request headers nobody knows, TLS protocol names nobody speaks (RFC 7301), SSH algorithms
nobody has (RFC 4251 §6: a private name needs a domain), SMTP a NOOP with text (RFC 5321 §4.1.1.9).
"""

from __future__ import annotations

import secrets
import struct
from typing import Final

from ipv6check.model.task import Task
from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.http import Response
from ipv6check.net.lines import Lines
from ipv6check.net.measured import MeasuredStream
from ipv6check.net.stream import Channel
from ipv6check.net.tls import TlsStream
from ipv6check.probes.http_get import request_headers, request_target
from ipv6check.probes.smtp_greeting import address_literal, read_reply
from ipv6check.probes.ssh_greeting import IDENTIFICATION, identification

PADDING: Final = 4000
"""Bytes of padding in a large request: more than two full packets, and less than any server's bound."""

HEADERS: Final = 4
NAMES: Final = 20
NOOPS: Final = 9
_GREETING: Final = 12.0  # seconds: a slower greeting belongs to other checks


async def hold(stream: MeasuredStream, task: Task) -> None:
    """Hold the exchange that the task's parameters name; raise Failed as the conversation does."""
    app, large = str(task.params.get("app")), task.params.get("direction") == "request"
    if app in ("http", "https"):
        await _http(stream, task, app == "https", large)
    elif app == "smtp":
        await _smtp(stream, task, large)
    elif app == "ssh":
        await _ssh(stream)
    else:
        await _tls(stream, task, padding() if large else ())


def _sni(task: Task) -> str | None:
    sni = task.params.get("sni")
    return str(sni) if sni else None


async def _tls(stream: MeasuredStream, task: Task, names: tuple[str, ...] = ()) -> TlsStream:
    tls = TlsStream(stream, _sni(task), names)
    try:
        await tls.handshake()
    except Failed as failed:
        # An alert is an answer too: it came after our large hello, and says that it arrived.
        if failed.word != failure.TLS_ALERT:
            raise
    return tls


def padding() -> tuple[str, ...]:
    """Return protocol names that nobody speaks, about 4 kB of them."""
    return tuple(f"x-padding-{n:02}-".ljust(PADDING // NAMES, "0") for n in range(NAMES))


async def _http(stream: MeasuredStream, task: Task, tls: bool, large: bool) -> None:
    channel: Channel = await _tls(stream, task, ("http/1.1",)) if tls else stream
    response = Response(channel)
    headers = request_headers(task, tls=tls)
    if large:
        headers += [(f"X-Padding-{n}", "0" * (PADDING // HEADERS)) for n in range(HEADERS)]
    await response.request(request_target(str(task.params.get("path") or "/")), headers)
    await response.receive()


async def _ssh(stream: MeasuredStream) -> None:
    """Send our identification and a KEXINIT with algorithms nobody has; wait until they are delivered."""
    lines = Lines(stream)
    await stream.write(IDENTIFICATION)
    await lines.begin(_GREETING, 1.0)
    await identification(lines)
    await stream.write(kexinit())
    # What the server makes of it (no common algorithm: it closes) does not matter once it has it.
    await stream.delivered()


def kexinit() -> bytes:
    """Return an SSH binary packet with SSH_MSG_KEXINIT (RFC 4253 §6 and §7.1), about 4 kB."""
    name = "padding-{}@ipv6check.example"
    names = ",".join(name.format(n) for n in range(PADDING // len(name)))
    lists = [names] + ["none@ipv6check.example"] * 7 + ["", ""]
    payload = b"\x14" + secrets.token_bytes(16)
    payload += b"".join(struct.pack("!I", len(each)) + each.encode("ascii") for each in lists)
    payload += b"\0" + struct.pack("!I", 0)
    fill = 8 - (len(payload) + 5) % 8 + (8 if (len(payload) + 5) % 8 > 4 else 0)
    return struct.pack("!IB", len(payload) + fill + 1, fill) + payload + bytes(fill)


async def _smtp(stream: MeasuredStream, task: Task, large: bool) -> None:
    """Greet; then STARTTLS for a large answer, or NOOPs in one piece for a large request."""
    lines = Lines(stream)
    await lines.begin(_GREETING, 1.0)
    code, _ = await read_reply(lines)
    if code != 220:
        return
    await stream.write(f"EHLO {address_literal(stream.source)}\r\n".encode("ascii"))
    code, offered = await read_reply(lines)
    known = {line.strip().upper() for line in offered[1:]} if code == 250 else set()
    if large and "PIPELINING" in known:
        await stream.write(b"".join(b"NOOP " + b"0" * (PADDING // NOOPS) + b"\r\n" for _ in range(NOOPS)))
        for _ in range(NOOPS):
            await read_reply(lines)
    elif not large and "STARTTLS" in known:
        await stream.write(b"STARTTLS\r\n")
        code, _ = await read_reply(lines)
        if code == 220:
            await _tls(stream, task)
            return
    await stream.write(b"QUIT\r\n")
    await read_reply(lines)
