"""STARTTLS from odd peers: consent, refusal, what comes too early, and what is no answer at all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from ipv6check.probes import tls_starttls
from tests.hostile.conversations import peer
from tests.hostile.conversations.peer import Open, Seen
from tests.lab.certificates import LabAuthority, Pair

NAME = "mail.a.example"
LDAP_AGREES = bytes.fromhex("300c02010178070a010004000400")
LDAP_REFUSES = bytes.fromhex("300c02010178070a010204000400")
GREETINGS = {
    "smtp": b"220 mx ESMTP\r\n",
    "submission": b"220-mx\r\n220 ESMTP\r\n",
    "imap": b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n",
    "pop3": b"+OK ready\r\n",
    "ldap": b"",
}
EHLO = b"250-mx\r\n250-STARTTLS\r\n250 SIZE 1\r\n"
AGREES = {
    "smtp": b"220 go\r\n",
    "submission": b"220 2.0.0 go\r\n",
    "imap": b"* OK soon\r\nt1 OK begin\r\n",
    "pop3": b"+OK begin\r\n",
    "ldap": LDAP_AGREES,
}
REFUSES = {
    "smtp": b"454 not now\r\n",
    "submission": b"502 never\r\n",
    "imap": b"t1 BAD unknown\r\n",
    "pop3": b"-ERR unknown\r\n",
    "ldap": LDAP_REFUSES,
}
APPS = tuple(GREETINGS)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return LabAuthority(tmp_path_factory.mktemp("starttls")).leaf(NAME)


def ask(app: str, opened: Open, scale: float = 0.1) -> Seen:
    return peer.ask(tls_starttls.probe, "tls.starttls", opened, {"sni": NAME, "app": app}, scale)


def serving(app: str, answer: bytes, pair: Pair | None = None, ehlo: bytes = EHLO) -> Open:
    """Return a peer that greets, answers the question for TLS, and turns to it if there is a certificate."""

    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GREETINGS[app])
        if app in ("smtp", "submission"):
            await reader.readline()
            writer.write(ehlo)
        await reader.read(1024)
        writer.write(answer)
        await writer.drain()
        if pair is not None:
            await writer.start_tls(peer.server_context(pair))
        await reader.read(1024)

    return peer.speaking(speech)


@pytest.mark.parametrize("app", APPS)
def test_the_certificate_behind_starttls_is_seen(app: str, pair: Pair) -> None:
    found = ask(app, serving(app, AGREES[app], pair), scale=1)
    assert found.word is None, found
    chain = found.data["chain"]
    assert isinstance(chain, list)
    assert (found.data["offered"], len(chain), found.data["version"]) == (True, 2, "TLSv1.3")


@pytest.mark.parametrize("app", APPS)
def test_a_refusal_is_an_answer(app: str) -> None:
    found = ask(app, serving(app, REFUSES[app]))
    assert (found.word, found.data["offered"]) == (None, False)
    assert found.data["said"]


def test_what_ehlo_does_not_list_is_not_asked_for() -> None:
    found = ask("smtp", serving("smtp", b"", ehlo=b"250-mx\r\n250 SIZE 1\r\n"))
    assert (found.word, found.data["offered"]) == (None, False)


@pytest.mark.parametrize(
    ("app", "greeting"),
    [("smtp", b"450 greylisted\r\n"), ("imap", b"* BYE busy\r\n"), ("pop3", b"-ERR busy\r\n")],
)
def test_who_turns_us_away_has_not_refused_tls(app: str, greeting: bytes) -> None:
    found = ask(app, peer.saying(greeting, then="stay"))
    assert (found.word, found.data["offered"]) == (None, None)
    assert str(found.data["said"])[:3] in greeting.decode()


@pytest.mark.parametrize("app", ["smtp", "imap", "pop3", "ldap"])
def test_words_that_come_with_the_consent_are_not_taken_for_tls(app: str, pair: Pair) -> None:
    found = ask(app, serving(app, AGREES[app] + b"250 injected\r\n", pair))
    assert (found.word, found.data["offered"]) == ("protocol", True)


@pytest.mark.parametrize("app", APPS)
def test_consent_without_tls_after_it(app: str) -> None:
    async def speech(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GREETINGS[app])
        if app in ("smtp", "submission"):
            await reader.readline()
            writer.write(EHLO)
        await reader.read(1024)
        writer.write(AGREES[app])
        await writer.drain()
        await reader.read(4096)
        writer.write(b"what?\r\n")
        await writer.drain()

    found = ask(app, peer.speaking(speech))
    assert (found.word, found.data["offered"]) == ("protocol", True)


ODD: Mapping[str, tuple[Open, frozenset[str]]] = {
    "silence": (peer.saying(then="stay"), frozenset({"no_greeting", "slow"})),
    "an end": (peer.saying(), frozenset({"eof", "reset"})),
    "a reset": (peer.resetting(), frozenset({"reset", "eof"})),
    "HTTP": (peer.saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), frozenset({"protocol"})),
    "no end of line": (peer.endless(b"", b"x" * 4096), frozenset({"too_large", "protocol"})),
    "no end of lines": (peer.endless(b"", b"\r\n"), frozenset({"too_large", "protocol"})),
    "endless bytes of zero": (peer.endless(b"", bytes(4096)), frozenset({"too_large", "protocol"})),
}


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("case", ODD)
def test_what_is_no_answer_gets_a_word(app: str, case: str) -> None:
    opened, words = ODD[case]
    assert ask(app, opened, scale=0.01).word in words


@pytest.mark.parametrize("app", ["imap", "pop3", "smtp"])
def test_a_greeting_and_then_silence_is_slow(app: str) -> None:
    assert ask(app, peer.saying(GREETINGS[app], then="stay"), scale=0.01).word == "slow"


def test_an_imap_server_that_never_comes_to_the_point() -> None:
    opened = peer.endless(GREETINGS["imap"], b"* OK still here\r\n")
    assert ask("imap", opened).word == "too_large"


@pytest.mark.parametrize(
    "answer", [b"0\x84\xff\xff\xff\xff", b"0\x80", b"\x30\x03\x02\x01\x01", b"\x02\x01\x01"]
)
def test_ldap_answers_that_are_no_extended_response(answer: bytes) -> None:
    assert ask("ldap", serving("ldap", answer)).word in ("protocol", "slow")


def test_an_app_without_starttls_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no STARTTLS"):
        ask("http", peer.saying(b"x\r\n", then="stay"))
