"""HTTP and TLS probes against hostile peers: distinct outcomes, bounded reading, data or Failed only."""

from __future__ import annotations

import gzip
import ssl
from pathlib import Path

import pytest

from ipv6check.net.stream import MOST_RECEIVED
from ipv6check.probes import http_get, tls_handshake
from tests.hostile.conversations import peer
from tests.hostile.conversations.peer import Open, Seen
from tests.lab.certificates import LabAuthority

OK = b"HTTP/1.1 200 OK\r\n"
ALERT = b"\x15\x03\x03\x00\x02\x02\x28"  # fatal, handshake_failure
BODY = 64 * 1024
NAMED = {"host": "www.a.example", "path": "/", "sni": "www.a.example"}


def get(opened: Open) -> Seen:
    return peer.ask(http_get.probe, "http.get", opened, {**NAMED, "tls": False})


def get_secure(opened: Open) -> Seen:
    return peer.ask(http_get.probe, "http.get", opened, {**NAMED, "tls": True})


def shake(opened: Open) -> Seen:
    return peer.ask(tls_handshake.probe, "tls.handshake", opened, {"sni": "www.a.example", "app": "https"})


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        pytest.param(peer.backlog, {"slow"}, id="accepts and never speaks"),
        pytest.param(peer.endless(b"", b"H", 0.02), {"slow", "protocol"}, id="tarpit, a byte at a time"),
        pytest.param(peer.saying(), {"eof", "reset"}, id="closes at once"),
        pytest.param(peer.resetting(), {"reset"}, id="resets at once"),
        pytest.param(peer.full_queue, {"silent"}, id="drops the SYN"),
        pytest.param(peer.nobody, {"closed"}, id="nobody listens"),
        pytest.param(peer.endless(OK, b"X-Y: z\r\n" * 256), {"too_large"}, id="headers without end"),
        pytest.param(peer.endless(OK + b"X: ", b"y" * 1024), {"too_large"}, id="a header line without end"),
        pytest.param(peer.saying(b"220 mail.a.example ESMTP\r\n"), {"protocol"}, id="speaks SMTP"),
        pytest.param(peer.saying(b"SSH-2.0-x\r\n"), {"protocol"}, id="speaks SSH"),
        pytest.param(peer.saying(ALERT), {"protocol"}, id="answers with a TLS alert"),
        pytest.param(peer.saying(b"\x00" * 4096), {"protocol"}, id="zeros"),
        pytest.param(peer.answering(b"HTTP/1.1 99999 Nope\r\n\r\n"), {"malformed"}, id="no such status"),
        pytest.param(peer.answering(b"HTTP/1.1 200 OK"), {"eof", "protocol"}, id="ends inside the head"),
    ],
)
def test_each_way_not_to_speak_http_has_its_own_word(opened: Open, words: set[str]) -> None:
    assert get(opened).word in words


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n", id="chunked"
        ),
        pytest.param(OK + b"Content-Length: 10737418240\r\n\r\n", b"x" * 4096, id="ten GiB announced"),
        pytest.param(OK + b"\r\n", b"x" * 4096, id="until the connection closes"),
    ],
)
def test_a_body_without_end_is_cut_and_the_head_is_kept(answer: bytes, again: bytes) -> None:
    found = get(peer.endless(answer, again))
    assert found.word is None
    assert found.data["status"] == 200
    assert found.data["more"] is True
    length = found.data["length"]
    assert isinstance(length, int) and length <= BODY


def test_a_gzip_bomb_is_never_opened() -> None:
    bomb = gzip.compress(b"\0" * 30_000_000)
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    found = get(peer.answering(head + bomb))
    assert found.word is None
    length = found.data["length"]
    assert isinstance(length, int) and length <= len(bomb)


def test_an_empty_chunk_size_that_lies_is_no_crash() -> None:
    found = get(peer.answering(OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx"))
    assert found.word in {"protocol", "eof", "too_large"}


@pytest.mark.parametrize(
    "header",
    [
        b"Location: javascript:alert(1)",
        b"Location: \x1b]0;owned\x07",
        b"Server: =cmd|' /C calc'!A0",
        b"X: " + "\u202egnp.exe".encode(),
        b"X: \xff\xfe\x80",
    ],
)
def test_a_header_of_any_bytes_is_data_or_a_word(header: bytes) -> None:
    found = get(peer.answering(OK + header + b"\r\nContent-Length: 0\r\n\r\n"))
    assert found.word in {None, "protocol"}
    str(found.data).encode("utf-8")


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        pytest.param(peer.backlog, {"slow"}, id="stalls"),
        pytest.param(peer.endless(b"", b"\x16", 0.02), {"slow", "protocol"}, id="tarpit, a byte at a time"),
        pytest.param(peer.saying(b"\x16\x03\x03\x40\x00", then="stay"), {"slow"}, id="half a record"),
        pytest.param(peer.saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), {"protocol"}, id="plain text"),
        pytest.param(peer.saying(b"220 mail.a.example ESMTP\r\n"), {"protocol"}, id="SMTP"),
        pytest.param(peer.saying(ALERT, then="stay"), {"tls_alert"}, id="an alert only"),
        pytest.param(peer.saying(), {"eof", "reset"}, id="closes at once"),
        pytest.param(peer.resetting(), {"reset"}, id="resets"),
        pytest.param(peer.nobody, {"closed"}, id="nobody listens"),
        pytest.param(peer.full_queue, {"silent"}, id="drops the SYN"),
        pytest.param(
            peer.endless(b"", b"\x16\x03\x03\x40\x00" + b"\x0b\xff\xff\xff" + b"\0" * 16380),
            {"protocol", "malformed", "too_large"},
            id="records without end",
        ),
    ],
)
def test_each_way_not_to_speak_tls_has_its_own_word(opened: Open, words: set[str]) -> None:
    assert shake(opened).word in words
    assert get_secure(opened).word in words


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1 is deprecated")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_2", "TLSv1_3"])
def test_old_and_new_servers_are_seen_all_the_same(tmp_path: Path, version: str) -> None:
    pair = LabAuthority(tmp_path).leaf("www.a.example")
    context = peer.server_context(pair)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]

    async def idle(reader: object, writer: object) -> None:
        await reader.read(1)  # type: ignore[attr-defined]

    found = shake(peer.speaking(idle, context))
    assert found.word is None
    assert found.data["chain"]


def test_no_peer_makes_us_read_more_than_the_limit() -> None:
    sent = 0

    async def flood(reader: object, writer: object) -> None:
        nonlocal sent
        while True:
            writer.write(b"x" * 65536)  # type: ignore[attr-defined]
            sent += 65536
            await writer.drain()  # type: ignore[attr-defined]

    for probe, kind in ((http_get.probe, "http.get"), (tls_handshake.probe, "tls.handshake")):
        sent = 0
        peer.ask(probe, kind, peer.speaking(flood), {**NAMED, "tls": False})
        assert sent < MOST_RECEIVED + 16 * 1024 * 1024  # what both kernels' buffers may hold besides
