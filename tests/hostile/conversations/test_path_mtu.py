"""path.mtu against peers on loopback: honest ones of each application, and those that wear one out."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ipv6check.model.text import JSON
from ipv6check.probes import path_mtu
from tests.hostile.conversations import peer
from tests.hostile.conversations.peer import Open, Seen, answering, ask, endless, resetting, saying, speaking
from tests.lab.certificates import LabAuthority

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000


def cross(app: str, open_: Open, direction: str = "response", mss: int | None = None) -> Seen:
    params: dict[str, JSON] = {
        "app": app,
        "sni": "host.example",
        "host": "host.example",
        "path": "/",
        "direction": direction,
        "mss": mss,
        "round": 1,
    }
    return ask(path_mtu.probe, "path.mtu", open_, params)


@pytest.mark.parametrize("direction", ["response", "request"])
def test_a_web_server_answers_and_is_measured(direction: str) -> None:
    seen = cross("http", answering(PAGE), direction)
    assert seen.word is None
    assert int(str(seen.data["received"])) > 5000
    assert int(str(seen.data["acked"])) > (4000 if direction == "request" else 0)


def test_small_segments_are_kept_to_when_they_are_asked_for() -> None:
    seen = cross("http", answering(PAGE), mss=1220)
    assert seen.word is None
    assert int(str(seen.data["largest"])) <= 1220


@pytest.mark.parametrize("app", ["https", "tls"])
def test_tls_servers_are_crossed_both_ways(app: str, tmp_path: Path) -> None:
    context = peer.server_context(LabAuthority(tmp_path).leaf("host.example"))
    for direction in ("response", "request"):
        assert cross(app, answering(PAGE, context=context), direction).word is None


def smtp(offers: bytes) -> Open:
    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            assert len(line) <= 512  # RFC 5321 §4.5.3.1.4
            writer.write(b"250-mail.example\r\n" + offers if verb == b"EHLO" else b"250 ok\r\n")
            await writer.drain()

    return speaking(speech)


@pytest.mark.parametrize(("offers", "large"), [(b"250 PIPELINING\r\n", True), (b"250 SIZE 1000\r\n", False)])
def test_a_mail_server_gets_more_than_a_line_at_once_only_where_it_permits_it(
    offers: bytes, large: bool
) -> None:
    seen = cross("smtp", smtp(offers), "request")
    assert seen.word is None
    assert (int(str(seen.data["acked"])) > 3000) is large


def test_an_ssh_server_needs_only_have_received_the_offer() -> None:
    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-x\r\n")
        await reader.readuntil(b"\n")
        await reader.read(8192)
        await asyncio.sleep(60)  # and never says another word

    assert cross("ssh", speaking(speech), "request").word is None


@pytest.mark.parametrize("app", ["http", "https", "smtp", "ssh", "tls"])
@pytest.mark.parametrize(
    "open_",
    [
        saying(b"\0" * 3000),
        saying(b"220 \r\n" * 300),
        saying(),
        resetting(),
        resetting(b"HTTP/1.1 2"),
        peer.backlog,
    ],
)
def test_strangers_end_in_a_word_with_what_was_measured(app: str, open_: Open) -> None:
    for direction in ("response", "request"):
        seen = cross(app, open_, direction)
        assert seen.word is None or "stalled_ms" in seen.data or seen.word in ("closed", "reset", "silent")


@pytest.mark.parametrize("app", ["http", "tls", "smtp"])
def test_endless_talk_is_cut(app: str) -> None:
    seen = cross(app, endless(b"220 x\r\n", b"220-again\r\n"))
    assert seen.word is not None


def test_a_stop_in_mid_answer_is_slow_and_says_how_long_it_lasted() -> None:
    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(PAGE[:1000])
        await asyncio.sleep(60)

    seen = cross("http", speaking(speech))
    assert seen.word == "slow"
    assert int(str(seen.data["stalled_ms"])) > 100
