"""What is fuzzed: the parsing edges, each a function of bytes that must raise nothing but an AssertionError.

Imported by tests/hostile/fuzz.py, so that what is imported here can be instrumented on its way in.
"""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable, Mapping

from ipv6check.net import certificate_hosts, dns_message, dns_wire, echo, page, page_sketch, remote_text
from ipv6check.net.dns_query import prepare
from tests.hostile import fuzz_talks

_QUERY = prepare("www.a.example", "AAAA")
_NONCE = b"0123456789abcdef"
_RECORD = b"\xc0\x0c\0\x1c\0\1\0\0\0\x3c\0\x10" + bytes.fromhex("20010db8" + "00" * 11 + "80")
_OFFER = b"\x14" + bytes(16) + b"\0\0\0\x11curve25519-sha256" + b"\0\0\0\x0bssh-ed25519"
_SSH = b"\xffSSH-2.0-a\r\n" + (len(_OFFER) + 5).to_bytes(4, "big") + b"\4" + _OFFER + bytes(4)


def dns(data: bytes) -> None:
    """Read flags, counts and records behind our question: where the fast reader reads, both agree."""
    head = data[:8].ljust(8, b"\0")
    wire = b"\0\7" + head[:2] + b"\0\1" + head[2:] + _QUERY.question + data[8:]
    fast = dns_wire.read_answer(wire, _QUERY) if dns_wire.is_answer(wire, _QUERY) else None
    try:
        slow = dns_message.read_answer(wire, _QUERY)
    except dns_message.Malformed:
        slow = None
    if fast is not None and fast != slow:
        raise AssertionError(f"{fast} is not {slow}")


def icmp(data: bytes) -> None:
    """Know our own echo reply and nothing else."""
    if echo.is_reply(data, socket.AF_INET6, _NONCE) and _NONCE not in data:
        raise AssertionError("a reply without our nonce")


def html(data: bytes) -> None:
    """Read a page's references, its shape and its title."""
    page.references(data, "text/html; charset=utf-8", "www.a.example")
    page_sketch.sketch(data)
    remote_text.title(data)


def certificate(data: bytes) -> None:
    """Read the revocation hosts of a chain of any bytes."""
    certificate_hosts.revocation_hosts([base64.b64encode(data).decode(), data.decode("latin-1")])


def text(data: bytes) -> None:
    """Make text of any bytes, that is UTF-8 again."""
    remote_text.decode(data, 512).encode("utf-8")
    remote_text.excerpt(data).encode("utf-8")


TARGETS: Mapping[str, tuple[Callable[[bytes], None], tuple[bytes, ...]]] = {
    "dns": (dns, (b"\x81\x80\0\1\0\0\0\0" + _RECORD, b"\x81\x83\0\0\0\0\0\0", b"\x83\x80" + bytes(6))),
    "icmp": (icmp, (bytes([129, 0, 0, 0, 0, 0, 0, 1]) + _NONCE,)),
    "html": (html, (b"<html><title>x</title><script src=//cdn.a.example/x.js></script>",)),
    "certificate": (certificate, (bytes.fromhex("3082010030820080a003020102"),)),
    "http": (
        fuzz_talks.http,
        (
            b"\xffHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            b"\x0fHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 301 M\r\nLocation: /x\r\n\r\n",
            b"\x1fHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n0\r\n\r\n",
        ),
    ),
    "smtp": (
        fuzz_talks.smtp,
        (b"\xff220 a.example ESMTP\r\n250-a.example\r\n250 STARTTLS\r\n", b"\x04554-no\r\n554 go away\r\n"),
    ),
    "ssh": (fuzz_talks.ssh_offer, (_SSH,)),
    "text": (text, ("tiếng Việt \x1b[2J\u202e".encode(), b"\xff\xfe\0")),
}
"""Functions by name, and bytes to begin from."""
