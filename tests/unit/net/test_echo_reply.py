"""Is a packet from the socket the reply to our own request: whatever else the network sends is not."""

import socket

from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.echo import is_reply

NONCE = b"0123456789abcdef"
REPLY = bytes([129, 0, 0, 0, 0, 0, 0, 1]) + NONCE


def test_our_own_reply_is_known_with_or_without_the_padding_of_a_large_one() -> None:
    assert is_reply(REPLY, socket.AF_INET6, NONCE)
    assert is_reply(REPLY + bytes(1500), socket.AF_INET6, NONCE)
    assert is_reply(b"\0" + REPLY[1:], socket.AF_INET, NONCE)


def test_another_type_code_or_nonce_is_not() -> None:
    for packet in (b"\x80" + REPLY[1:], REPLY[:1] + b"\1" + REPLY[2:], REPLY[:-1] + b"x", REPLY + b"x"):
        assert not is_reply(packet, socket.AF_INET6, NONCE)


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at_without_error(packet: bytes) -> None:
    assert not is_reply(packet, socket.AF_INET6, NONCE)
