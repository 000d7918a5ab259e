"""ssh.hostkey against servers that answer well, oddly and with malice; a real sshd is in the lab."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipv6check.net import ssh
from ipv6check.net.failure import Failed
from ipv6check.probes.ssh_hostkey import probe
from tests.hostile.conversations import peer
from tests.hostile.conversations.peer import Seen

HELLO = b"SSH-2.0-test\r\n"
BLOB = struct.pack("!I", 11) + b"ssh-ed25519" + struct.pack("!I", 32) + bytes(32)
FINGERPRINT = "SHA256:" + base64.b64encode(hashlib.sha256(BLOB).digest()).decode().rstrip("=")


def string(content: bytes) -> bytes:
    return struct.pack("!I", len(content)) + content


def packet(payload: bytes) -> bytes:
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return struct.pack("!IB", len(payload) + padding + 1, padding) + payload + bytes(padding)


def offer(exchanges: bytes = b"curve25519-sha256", keys: bytes = b"ssh-ed25519") -> bytes:
    lists = [exchanges, keys, *[b"aes128-ctr"] * 2, *[b"hmac-sha2-256"] * 2, b"none", b"none", b"", b""]
    return packet(bytes([20]) + os.urandom(16) + b"".join(map(string, lists)) + b"\0" + bytes(4))


REPLY = packet(bytes([31]) + string(BLOB) + string(bytes(32)) + string(b"signature"))


def asked(*pieces: bytes, then: str = "close") -> Seen:
    return peer.ask(probe, "ssh.hostkey", peer.saying(*pieces, then=then))


@pytest.mark.parametrize(
    "exchange",
    [b"curve25519-sha256", b"ecdh-sha2-nistp256", b"ecdh-sha2-nistp521", b"diffie-hellman-group14-sha1"],
)
def test_the_host_key_is_read_whichever_way_keys_are_exchanged(exchange: bytes) -> None:
    found = asked(HELLO, offer(exchange), REPLY)
    assert found.word is None
    assert found.data["offered"] == ["ssh-ed25519"]
    assert (found.data["type"], found.data["fingerprint"]) == ("ssh-ed25519", FINGERPRINT)


def test_what_comes_in_one_piece_with_the_identification_is_not_lost() -> None:
    assert asked(b"a notice\r\n" + HELLO + offer() + REPLY).data["fingerprint"] == FINGERPRINT


def test_chatter_between_the_packets_is_passed_over() -> None:
    chatter = packet(bytes([2]) + string(b"x")) + packet(bytes([4]) + b"\0" + string(b"y") + string(b""))
    assert asked(HELLO, offer(), chatter, REPLY).data["fingerprint"] == FINGERPRINT


@pytest.mark.parametrize("exchange", [b"sntrup761x25519-sha512@openssh.com", b""])
def test_no_exchange_in_common_is_an_answer_without_a_key(exchange: bytes) -> None:
    found = asked(HELLO, offer(exchange))
    assert (found.word, found.data["fingerprint"], found.data["offered"]) == (None, None, ["ssh-ed25519"])


@pytest.mark.parametrize(
    ("pieces", "word"),
    [
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], "protocol"),
        ([HELLO], "eof"),
        ([HELLO, offer()], "eof"),
        ([HELLO, packet(bytes([1]) + struct.pack("!I", 2) + string(b"no") + string(b""))], "eof"),
        ([HELLO, struct.pack("!IB", 0xFFFFFFFF, 4)], "malformed"),
        ([HELLO, struct.pack("!IB", 1, 0)], "malformed"),
        ([HELLO, struct.pack("!IB", 12, 250) + bytes(12)], "malformed"),
        ([HELLO, packet(bytes([20]) + bytes(16) + struct.pack("!I", 0xFFFFFFFF))], "malformed"),
        ([HELLO, packet(bytes([99]))], "malformed"),
        ([HELLO, offer(), packet(bytes([3, 0, 0, 0, 0])) * 20], "malformed"),
        ([HELLO, offer(), packet(bytes([31]) + struct.pack("!I", 9999) + b"x")], "malformed"),
        ([HELLO, offer(), packet(bytes([33]) + string(b"group"))], "malformed"),
    ],
)
def test_a_server_that_breaks_off_or_lies_about_lengths_is_named(pieces: list[bytes], word: str) -> None:
    assert asked(*pieces).word in ((word, "reset") if word == "eof" else (word,))


def test_a_server_that_stops_talking_is_slow() -> None:
    assert asked(HELLO, offer(), then="stay").word == "slow"


class Bytes:
    """A channel that hands out given bytes, and takes everything."""

    source = "::1"

    def __init__(self, content: bytes) -> None:
        self.content = content

    async def read(self, limit: int = 16384) -> bytes:
        found, self.content = self.content[:7], self.content[7:]
        return found

    async def write(self, data: bytes) -> None:
        return None

    def close(self) -> None:
        return None


@settings(max_examples=200)
@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_break_the_reader(content: bytes, framed: bool) -> None:
    async def run() -> None:
        packets = ssh.Packets(Bytes(packet(content or b"\0") if framed else content))
        try:
            offered = await ssh.offers(packets)
            await ssh.host_key(packets, offered.exchange() or "curve25519-sha256")
        except Failed as failed:
            assert failed.word in ("eof", "malformed")

    asyncio.run(run())
