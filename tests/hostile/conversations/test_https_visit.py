"""One connection for the fetch and the handshake: each says what it would by itself, or the fetch fails."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import replace

import pytest

from ipv6check.model.observation import Observation
from ipv6check.model.text import JSON
from ipv6check.net.failure import Failed
from ipv6check.probes import BUILTIN, SHARED, http_get, https_visit, tls_handshake
from ipv6check.scan.talks import Talks
from tests.hostile.conversations import peer
from tests.lab.certificates import LabAuthority

NAME = "www.a.example"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<title>Mau</title> x"
FETCH: Mapping[str, JSON] = {
    "tls": True,
    "sni": NAME,
    "host": NAME,
    "path": "/",
    "fetch": 1,
    "hop": 0,
}
SHAKE: Mapping[str, JSON] = {"sni": NAME, "app": "https"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LabAuthority:
    return LabAuthority(tmp_path_factory.mktemp("visit"))


def held(opened: peer.Open, scale: float = peer.SCALE) -> list[Observation]:
    """Ask both questions of a peer in the lane that a scan uses, and return every try."""

    async def run() -> list[Observation]:
        async with opened() as port:
            shake = peer.task("tls.handshake", port, SHAKE)
            fetch = replace(peer.task("http.get", port, FETCH), answers=shake)
            lane = Talks(dict(BUILTIN), peer.net(scale), dict(SHARED))
            came = asyncio.Event()
            lane.start(came.set)
            lane.submit(fetch)
            found: list[Observation] = []
            while not any(each.task == fetch and each.final for each in found):
                await came.wait()
                came.clear()
                found += lane.collect()
            await lane.stop()
            return found

    return asyncio.run(run())


def alone(opened: peer.Open, scale: float = peer.SCALE) -> tuple[peer.Seen, peer.Seen]:
    """Ask each question over a connection of its own."""
    return (
        peer.ask(http_get.probe, "http.get", opened, FETCH, scale),
        peer.ask(tls_handshake.probe, "tls.handshake", opened, SHAKE, scale),
    )


def lasting(data: Mapping[str, JSON]) -> dict[str, JSON]:
    """Leave out what differs between two connections: the round trip, and whether HTTP/2 was offered."""
    return {key: value for key, value in data.items() if key not in ("rtt_ms", "alpn")}


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_questions_are_answered_as_each_would_be_alone(
    authority: LabAuthority, version: ssl.TLSVersion
) -> None:
    context = peer.server_context(authority.leaf(NAME), lowest=version, highest=version)
    opened = peer.answering(PAGE, context=context)
    shaken, fetched = held(opened)
    assert (shaken.task.kind, fetched.task.kind) == ("tls.handshake", "http.get")
    assert shaken.id != fetched.id and shaken.final and shaken.attempt == 1
    page, handshake = alone(opened)
    assert lasting(fetched.data) == lasting(page.data)
    assert lasting(shaken.data) == lasting(handshake.data)
    assert shaken.data["rtt_ms"] == fetched.data["rtt_ms"]


def test_a_certificate_that_nobody_trusts_is_no_obstacle(authority: LabAuthority) -> None:
    opened = peer.answering(PAGE, context=peer.server_context(authority.leaf("other.example", end=-3)))
    shaken, fetched = held(opened)
    assert fetched.data["title"] == "Mau"
    assert len(shaken.data["chain"]) >= 1  # type: ignore[arg-type]


def test_one_connection_is_opened(authority: LabAuthority) -> None:
    connections = 0

    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(PAGE)
        await writer.drain()

    assert len(held(peer.speaking(speech, peer.server_context(authority.leaf(NAME))))) == 2
    assert connections == 1


def failing(case: str, authority: LabAuthority) -> peer.Open:
    context = peer.server_context(authority.leaf(NAME))
    if case == "no HTTP/1.1":
        context.set_alpn_protocols(["h2"])
    if case == "a client certificate":
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.root_file)
    answers = {"not HTTP": b"SSH-2.0-x\r\n", "no answer": b"", "half a head": b"HTTP/1.1 200 OK\r\n"}
    if case == "not TLS":
        return peer.answering(PAGE)
    if case == "reset":
        return peer.resetting()
    return peer.answering(answers.get(case, PAGE), context=context)


@pytest.mark.parametrize(
    "case", ["not HTTP", "no answer", "half a head", "not TLS", "reset", "a client certificate"]
)
def test_a_fetch_that_fails_fails_as_alone_and_says_nothing_of_the_handshake(
    authority: LabAuthority, case: str
) -> None:
    found = held(failing(case, authority))
    assert {each.task.kind for each in found} == {"http.get"}
    page, _ = alone(failing(case, authority))
    assert found[0].failure == page.word
    assert found[0].data.keys() == page.data.keys()


def test_a_second_try_is_the_fetch_alone(authority: LabAuthority) -> None:
    calls = 0

    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(PAGE if calls > 1 else b"")
        await writer.drain()

    found = held(peer.speaking(speech, peer.server_context(authority.leaf(NAME))))
    assert [(each.task.kind, each.outcome) for each in found] == [("http.get", "failed"), ("http.get", "ok")]


def test_the_conversation_closes_its_connection_when_it_fails() -> None:
    async def run() -> None:
        async with peer.nobody() as port:
            with pytest.raises(Failed, match="closed"):
                await https_visit.probe(peer.task("http.get", port, FETCH), peer.net())

    asyncio.run(run())
