"""app.greeting against peers on loopback: honest ones, strangers, and those that wear one out."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from ipv6check.model.text import JSON
from ipv6check.probes import app_greeting, udp_exchange
from tests.hostile.conversations import peer
from tests.hostile.conversations.peer import Open, Seen, ask, speaking
from tests.lab.certificates import LabAuthority
from tests.lab.honest import ANSWERS, SPEAK_FIRST

TCP = sorted(app for app, transport in ANSWERS if transport == "tcp" and not app.endswith("s"))
TLS = ("imaps", "pop3s", "ldaps", "mqtts", "sips")
UDP = sorted(app for app, transport in ANSWERS if transport == "udp")


def greet(app: str, open_: Open, *, tls: bool = False) -> Seen:
    params: dict[str, JSON] = {
        "app": app,
        "tls": tls,
        "sni": "host.example" if tls else None,
        "name": "host.example",
    }
    return ask(app_greeting.probe, "app.greeting", open_, params)


def honest(app: str, context: ssl.SSLContext | None = None, pieces: int = 1) -> Open:
    """Return a server of an app; its answer comes in so many pieces."""

    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = b"" if app in SPEAK_FIRST else await reader.read(4096)
        answer = ANSWERS[app, "tcp"](request)
        size = -(-len(answer) // pieces)
        for start in range(0, len(answer), size):
            writer.write(answer[start : start + size])
            await writer.drain()
            await asyncio.sleep(0)
        await reader.read(4096)

    return speaking(speech, context)


@pytest.mark.parametrize("app", TCP)
def test_an_honest_server_is_understood(app: str) -> None:
    seen = greet(app, honest(app))
    assert seen.word is None, seen
    assert seen.data["detail"]


@pytest.mark.parametrize("app", ["ldap", "mysql", "sip", "smb"])
def test_an_answer_in_pieces_is_put_together(app: str) -> None:
    assert greet(app, honest(app, pieces=7)).word is None


@pytest.mark.parametrize("app", TLS)
def test_an_honest_server_is_understood_through_tls(app: str, tmp_path: Path) -> None:
    context = peer.server_context(LabAuthority(tmp_path).leaf("host.example"))
    assert greet(app, honest(app, context), tls=True).word is None


@pytest.mark.parametrize("app", TCP)
def test_another_protocol_is_named_as_such(app: str) -> None:
    seen = greet(app, peer.saying(b"SSH-2.0-OpenSSH_9.2p1\r\n", then="stay"))
    assert seen.word == "protocol"
    assert str(seen.data["excerpt"]).startswith("SSH-2.0")


@pytest.mark.parametrize("app", TCP)
def test_silence_is_no_greeting_but_where_the_protocol_ignores_strangers(app: str) -> None:
    seen = greet(app, peer.saying(then="stay"))
    assert seen.word == ("unwelcome" if app == "openvpn" else "no_greeting")


@pytest.mark.parametrize("app", TCP)
def test_closing_without_a_word_is_an_end_but_where_the_protocol_hangs_up_on_strangers(app: str) -> None:
    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if app not in SPEAK_FIRST:
            await reader.read(4096)

    hangs_up = app in {"openvpn", "smb", "mssql", "oracle", "mongodb"}
    assert greet(app, speaking(speech)).word == ("unwelcome" if hangs_up else "eof")


def test_a_reset_without_a_word_is_a_reset() -> None:
    assert greet("ldap", peer.resetting()).word == "reset"
    assert greet("oracle", peer.resetting()).word == "unwelcome"


def test_half_an_answer_is_slow_and_kept_as_evidence() -> None:
    seen = greet("imap", peer.saying(b"* OK half", then="stay"))
    assert seen.word == "slow"
    assert seen.data["excerpt"] == "* OK half"
    assert greet("imap", peer.saying(b"* OK half")).word == "eof"


def test_a_tarpit_and_an_endless_answer_end() -> None:
    assert greet("imap", peer.endless(b"*", b"", pause=0.05)).word == "slow"
    assert greet("pop3", peer.endless(b"+OK", b"x" * 4096)).word == "protocol"
    claims = b"\x30\x83\xff\xff\xff"
    assert greet("ldap", peer.endless(claims, b"\0" * 4096)).word == "protocol"


def test_a_port_nobody_listens_at_is_closed() -> None:
    assert greet("ldap", peer.nobody).word == "closed"


def test_plain_text_where_tls_is_wanted_is_another_protocol() -> None:
    assert greet("imaps", peer.saying(b"* OK plain\r\n", then="stay"), tls=True).word == "protocol"


@contextlib.asynccontextmanager
async def _datagrams(app: str, answers: list[str]) -> AsyncIterator[int]:
    class Server(asyncio.DatagramProtocol):
        transport: asyncio.DatagramTransport

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast("asyncio.DatagramTransport", transport)

        def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
            for kind in answers:
                reply = b"nonsense" if kind == "nonsense" else ANSWERS[app, "udp"](data)
                self.transport.sendto(reply, address)

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Server, local_addr=(peer.ADDRESS, 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


@pytest.mark.parametrize("app", UDP)
def test_over_udp_an_honest_answer_counts_also_behind_nonsense(app: str) -> None:
    params = {"app": app, "name": "host.example"}
    open_ = lambda: _datagrams(app, ["nonsense", "honest"])  # noqa: E731 - one line a case
    seen = ask(udp_exchange.probe, "udp.exchange", open_, params, scale=0.2)
    assert seen.word is None, seen
    assert seen.data["valid"] is True


@pytest.mark.parametrize("app", UDP)
def test_over_udp_nonsense_is_no_answer(app: str) -> None:
    params = {"app": app, "name": "host.example"}
    seen = ask(udp_exchange.probe, "udp.exchange", lambda: _datagrams(app, ["nonsense"]), params)
    assert seen.word == "no_answer"
    assert seen.data["ignored"] == 1


def test_over_udp_a_port_nobody_listens_at_is_closed() -> None:
    @contextlib.asynccontextmanager
    async def nobody() -> AsyncIterator[int]:
        async with _datagrams("ntp", []) as port:
            pass
        await asyncio.sleep(0)
        yield port

    seen = ask(udp_exchange.probe, "udp.exchange", nobody, {"app": "snmp", "name": ""})
    assert seen.word == "closed"
