"""What is said in a large exchange: within the protocols' bounds, and more than a packet."""

import struct

from ipv6check.probes.large_exchange import kexinit, padding


def test_a_kexinit_is_a_whole_packet_of_rfc_4253() -> None:
    packet = kexinit()
    length, fill = struct.unpack_from("!IB", packet)
    assert 3000 < len(packet) == length + 4 < 35_000
    assert len(packet) % 8 == 0
    assert fill >= 4
    assert packet[5] == 20
    at = 5 + 1 + 16
    for _ in range(10):
        (size,) = struct.unpack_from("!I", packet, at)
        assert all(len(name) <= 64 for name in packet[at + 4 : at + 4 + size].split(b","))
        at += 4 + size
    assert at + 5 + fill == len(packet)


def test_protocol_names_are_as_long_as_tls_permits() -> None:
    names = padding()
    assert all(0 < len(name) <= 255 for name in names)
    assert 3000 < sum(map(len, names)) < 16_000
