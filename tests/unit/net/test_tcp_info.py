"""What the kernel says of a connection: read from its structure, whatever its length."""

import socket

from hypothesis import given
from hypothesis import strategies as st

from ipv6check.net.routes import RouteTable
from ipv6check.net.tcp_info import link_mtu, read, tcp_info


def test_a_real_connection_is_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as ours:
            theirs, _ = server.accept()
            with theirs:
                theirs.sendall(b"x" * 3000)
                assert len(ours.recv(4096)) == 3000
                info = tcp_info(ours)
                assert info.received == 3000
                assert info.pmtu >= 576
                assert info.unacked == 0


def test_an_address_without_a_route_has_no_link() -> None:
    with socket.socket() as sock:
        assert link_mtu(sock, "198.51.100.1", RouteTable(())) is None


def test_timestamps_count_to_the_mss_that_was_announced() -> None:
    raw = bytearray(104)
    raw[5] = 1
    for place, value in ((2, 1208), (13, 1500), (19, 1428)):
        raw[8 + 4 * place : 12 + 4 * place] = value.to_bytes(4, "little")
    info = read(bytes(raw))
    assert (info.announced, info.peer_mss) == (1440, 1220)


def test_a_peer_that_announces_what_the_path_carries_hides_nothing() -> None:
    raw = bytearray(104)
    for place, value in ((2, 1440), (13, 1500)):
        raw[8 + 4 * place : 12 + 4 * place] = value.to_bytes(4, "little")
    assert read(bytes(raw)).peer_mss is None


@given(st.binary(max_size=300))
def test_any_length_is_read(raw: bytes) -> None:
    read(raw)
