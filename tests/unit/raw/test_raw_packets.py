"""The packets of the raw helper, byte for byte where it matters."""

import struct

from ipv6check.raw.messages import ECHO, FORGE, FRAGMENT, OPTIONS, PLAIN, Record, packed
from ipv6check.raw.packets import echo, packet_too_big

OURS, THEIRS = packed("2001:db8::1"), packed("2001:db8:1::80")


def checksum(source: bytes, target: bytes, payload: bytes) -> int:
    """Return the ICMPv6 checksum over a payload that holds one (RFC 4443 §2.3): 0 if it is right."""
    words = source + target + struct.pack("!II", len(payload), 58) + payload + b"\0" * (len(payload) % 2)
    total: int = sum(struct.unpack(f"!{len(words) // 2}H", words))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def test_a_packet_too_big_quotes_the_servers_own_segment() -> None:
    record = Record(operation=FORGE, our_port=40_000, their_port=443, number=1280, ours=OURS, theirs=THEIRS)
    packet = packet_too_big(record, 0x01020304)
    assert len(packet) <= 1280
    assert packet[8:24] == OURS
    assert packet[24:40] == THEIRS
    kind, code, _, mtu = struct.unpack_from("!BBHI", packet, 40)
    assert (packet[6], kind, code, mtu) == (58, 2, 0, 1280)
    assert checksum(OURS, THEIRS, packet[40:]) == 0
    quoted = packet[48:]
    assert quoted[8:24] == THEIRS
    assert quoted[24:40] == OURS
    assert struct.unpack_from("!HHI", quoted, 40) == (443, 40_000, 0x01020304)


def test_no_mtu_under_1280_is_ever_claimed() -> None:
    record = Record(operation=FORGE, number=0, ours=OURS, theirs=THEIRS)
    assert struct.unpack_from("!I", packet_too_big(record, 0), 44) == (1280,)


def test_echo_requests_are_whole_in_fragments_or_with_an_option_that_is_skipped() -> None:
    def made(form: int) -> tuple[bytes, ...]:
        return echo(Record(operation=ECHO, form=form, ours=OURS, theirs=THEIRS, mark=b"m" * 16))

    (whole,) = made(PLAIN)
    assert (whole[6], whole[40]) == (58, 128)
    assert whole[48:64] == b"m" * 16
    assert checksum(OURS, THEIRS, whole[40:]) == 0
    first, second = made(FRAGMENT)
    assert first[6] == second[6] == 44
    assert first[48:] + second[48:] == whole[40:]
    assert struct.unpack_from("!H", first, 42) == (1,)
    assert struct.unpack_from("!H", second, 42)[0] == len(first) - 48
    (optioned,) = made(OPTIONS)
    assert (optioned[6], optioned[40]) == (60, 58)
    assert optioned[42] == 1  # PadN
    assert optioned[48:] == whole[40:]
