"""Whatever a server says to the question for TLS: an answer or a word of ours, never another exception."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.failure import WORDS, Failed
from ipv6check.net.lines import Lines
from ipv6check.probes.asking_for_tls import SAID, ask_for_tls

APPS = ("smtp", "submission", "imap", "pop3", "ldap")
PIECES = st.sampled_from(
    [
        *(b"220 mx\r\n", b"220-mx\r\n", b"250-STARTTLS\r\n", b"250 STARTTLS\r\n", b"454 no\r\n", b"\r\n"),
        *(b"* OK hi\r\n", b"* BYE\r\n", b"t1 OK\r\n", b"t1 NO\r\n", b"+OK\r\n", b"-ERR\r\n", b"-\r\n"),
        *(bytes.fromhex("300c02010178070a010004000400"), b"0\x84\xff\xff\xff\xff", b"0\x00", b"\xff" * 40),
    ]
)


class Said:
    """A channel on which everything was said beforehand."""

    source = "2001:db8::1"

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = [piece for piece in pieces if piece]
        self.written = b""

    async def read(self, limit: int = 0) -> bytes:
        return self.pieces.pop(0)[: limit or None] if self.pieces else b""

    async def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        """Nothing is open."""


def asked(app: str, pieces: list[bytes]) -> tuple[bool | None, str] | str:
    try:
        return asyncio.run(ask_for_tls(Lines(Said(pieces)), app))
    except Failed as failed:
        assert failed.word in WORDS
        return failed.word


@given(st.sampled_from(APPS), st.lists(st.one_of(PIECES, st.binary(max_size=60)), max_size=12))
def test_any_answer_is_an_answer_or_a_word(app: str, pieces: list[bytes]) -> None:
    found = asked(app, pieces)
    if not isinstance(found, str):
        offered, said = found
        assert len(said) <= 4 * SAID  # a byte that is no text is shown as four characters
        assert not (offered and said)


@pytest.mark.parametrize(
    ("app", "pieces"),
    [
        ("smtp", [b"220 mx\r\n250-mx\r\n250 starttls\r\n220 go\r\n"]),
        ("imap", [b"* PREAUTH hi\r\n", b"* CAPABILITY x\r\n", b"t1 ok begin\r\n"]),
        ("pop3", [b"+OK <1@a>\r\n", b"+ok begin\r\n"]),
        ("ldap", [bytes.fromhex("300c0201017807"), bytes.fromhex("0a010004000400")]),
    ],
)
def test_consent_however_it_is_cut_and_spelt(app: str, pieces: list[bytes]) -> None:
    assert asked(app, pieces) == (True, "")


def test_nothing_is_asked_of_a_mail_server_that_does_not_offer_it() -> None:
    channel = Said([b"220 mx\r\n", b"250-mx\r\n250-XSTARTTLS\r\n250 SIZE 1\r\n"])
    assert asyncio.run(ask_for_tls(Lines(channel), "smtp")) == (False, "")
    assert b"STARTTLS" not in channel.written
