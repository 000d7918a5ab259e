"""SMTP, SSH and DNS over TCP against hostile peers: each misbehaviour its word, every answer bounded."""

from __future__ import annotations

import asyncio
import json

import pytest

from ipv6check.model.text import JSON
from ipv6check.probes import dns_tcp, smtp_greeting, ssh_greeting
from tests.hostile.conversations import peer
from tests.hostile.conversations.peer import Open, Seen

QUESTION: dict[str, JSON] = {
    "name": "www.a.example.",
    "type": "AAAA",
    "view": "internal",
    "rd": True,
    "cd": False,
    "edns": True,
}
LARGEST = 64 * 1024  # characters of an observation's data that a stranger may fill


def smtp(opened: Open) -> Seen:
    return bounded(peer.ask(smtp_greeting.probe, "smtp.greeting", opened, {"tls": False}))


def ssh(opened: Open) -> Seen:
    return bounded(peer.ask(ssh_greeting.probe, "ssh.greeting", opened))


def dns(opened: Open) -> Seen:
    return bounded(peer.ask(dns_tcp.probe, "dns.tcp", opened, QUESTION))


def bounded(found: Seen) -> Seen:
    """Whatever came is small, and JSON in UTF-8."""
    assert len(json.dumps(dict(found.data), ensure_ascii=False).encode("utf-8")) < LARGEST
    return found


SILENCE = [
    pytest.param(peer.full_queue, {"silent"}, id="drops the SYN"),
    pytest.param(peer.nobody, {"closed"}, id="nobody listens"),
    pytest.param(peer.resetting(), {"reset"}, id="resets"),
    pytest.param(peer.saying(), {"eof", "reset"}, id="closes at once"),
]
GREETINGS = [
    *SILENCE,
    pytest.param(peer.backlog, {"no_greeting"}, id="accepts and never speaks"),
    pytest.param(peer.endless(b"", b"x" * 4096), {"too_large", "protocol"}, id="a line without end"),
    pytest.param(peer.saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), {"protocol"}, id="speaks HTTP"),
    pytest.param(peer.saying(b"\x15\x03\x01\x00\x02\x02\x28"), {"protocol", "eof"}, id="speaks TLS"),
]


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        *GREETINGS,
        pytest.param(peer.endless(b"", b"220-more\r\n" * 16), {"too_large"}, id="a greeting without end"),
        pytest.param(peer.endless(b"220-", b"x", 0.02), {"slow", "too_large"}, id="a byte at a time"),
        pytest.param(peer.saying(b"220-one\r\n250 two\r\n"), {"protocol"}, id="codes that change"),
        pytest.param(peer.saying(b"\xff\xfe\x00\r\n" * 8), {"protocol"}, id="noise"),
    ],
)
def test_each_way_not_to_speak_smtp_has_its_own_word(opened: Open, words: set[str]) -> None:
    assert smtp(opened).word in words


@pytest.mark.parametrize("code", [220, 421, 450, 554])
def test_every_smtp_code_is_an_answer(code: int) -> None:
    found = smtp(peer.saying(b"%d mail.a.example \x1b[2J\r\n" % code, then="stay"))
    if code == 220:
        assert found.word == "slow"  # it never answers EHLO, but the greeting is kept
    else:
        assert found.word is None
    assert found.data["code"] == code


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        *GREETINGS,
        pytest.param(peer.endless(b"", b"before the banner\r\n" * 64), {"too_large"}, id="lines without end"),
        pytest.param(
            peer.endless(b"SSH-", b"x", 0.02), {"slow", "too_large", "protocol"}, id="a byte at a time"
        ),
        pytest.param(peer.saying(b"220 mail.a.example\r\n"), {"protocol"}, id="speaks SMTP"),
        pytest.param(peer.saying(b"\0" * 512), {"protocol"}, id="zeros"),
        pytest.param(peer.saying(b"Exceeded MaxStartups\r\n"), {"eof"}, id="a plain refusal"),
    ],
)
def test_each_way_not_to_speak_ssh_has_its_own_word(opened: Open, words: set[str]) -> None:
    assert ssh(opened).word in words


def test_an_identification_of_any_bytes_is_text() -> None:
    found = ssh(peer.saying(b"SSH-2.0-\x1b]0;owned\x07\xff\xfe\x80" + "\u202e".encode() + b"\r\n"))
    assert found.word is None
    banner = found.data["banner"]
    assert isinstance(banner, str) and banner.startswith("SSH-2.0-")
    assert len(banner) <= 2048


def framed(message: bytes, length: int | None = None) -> bytes:
    return (len(message) if length is None else length).to_bytes(2, "big") + message


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        *SILENCE,
        pytest.param(peer.backlog, {"slow"}, id="accepts and never speaks"),
        pytest.param(peer.saying(framed(b"", 0)), {"malformed"}, id="an empty message"),
        pytest.param(peer.saying(framed(b"short", 5)), {"malformed"}, id="shorter than a header"),
        pytest.param(peer.saying(framed(b"x" * 20, 65535)), {"eof"}, id="less than announced"),
        pytest.param(
            peer.saying(framed(b"x" * 20, 65535), then="stay"), {"slow"}, id="less, and then nothing"
        ),
        pytest.param(peer.endless(b"", b"\x00", 0.02), {"slow", "malformed"}, id="a byte at a time"),
        pytest.param(peer.endless(b"", framed(b"\0" * 64)), {"too_large"}, id="answers to other questions"),
        pytest.param(
            peer.saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), {"eof", "malformed"}, id="speaks HTTP"
        ),
    ],
)
def test_each_way_not_to_speak_dns_over_tcp_has_its_own_word(opened: Open, words: set[str]) -> None:
    assert dns(opened).word in words


BODIES = [
    pytest.param(b"\xff" * 60000, "malformed", id="64 KiB of noise"),
    pytest.param(
        b"\xc0\x0c\x00\x1c\x00\x01\x00\x00\x00\x05\xff\xff", "malformed", id="RDATA beyond the message"
    ),
    pytest.param(b"\xc0\x40" * 4, "malformed", id="a pointer into nothing"),
    # Told apart in the data: the record is there, and cannot be what it says it is.
    pytest.param(
        b"\xc0\x0c\x00\x1c\x00\x01\x00\x00\x00\x05\x00\x03abc", "bad_rdata", id="an AAAA of 3 bytes"
    ),
]


def answering(rest: bytes) -> Open:
    """Return a name server that answers a question with one record, `rest`."""

    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        query = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        question_end = query.index(b"\0", 12) + 5
        head = query[:2] + b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00"
        writer.write(framed((head + query[12:question_end] + rest)[:65535]))
        await writer.drain()
        await asyncio.sleep(60)

    return peer.speaking(speech)


@pytest.mark.parametrize(("rest", "expected"), BODIES)
def test_an_answer_that_cannot_be_is_never_an_empty_answer(rest: bytes, expected: str) -> None:
    found = dns(answering(rest))
    assert found.word == "malformed" if expected == "malformed" else found.data["bad_rdata"]


def test_64_kib_of_compression_pointers_end_in_time_and_are_no_empty_answer() -> None:
    assert dns(answering(b"\xc0\x0c" * 32000)).word == "malformed"
