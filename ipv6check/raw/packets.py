"""The packets that only a raw socket can send, built with scapy: a Packet Too Big, and odd echo requests.

Addresses are 16 bytes. Nothing here is sent; nothing that came from the network is parsed by scapy.
"""

from __future__ import annotations

from scapy.layers.inet import TCP
from scapy.layers.inet6 import (
    ICMPv6EchoRequest,
    ICMPv6PacketTooBig,
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment,
    PadN,
)
from scapy.packet import Raw

from ipv6check.raw.messages import FRAGMENT, OPTIONS, Record, text

IPV6_LEAST_MTU = 1280
_QUOTED = 1000
"""Bytes of the packet that is said to be too big; with all headers the whole stays under 1280."""

_HALF = 104  # of a fragmented echo request: fragments end at multiples of eight


def packet_too_big(record: Record, sequence: int) -> bytes:
    """Return the Packet Too Big that a router on the way to us would send to the server.

    It quotes a segment of the very connection, with a sequence number in its window: kernels heed no
    other (RFC 8201 §4, RFC 5961 §5). Its source is our own address, so that it is forged in its meaning only.
    """
    quoted = IPv6(src=text(record.theirs), dst=text(record.ours), hlim=60, plen=1440)
    quoted /= TCP(sport=record.their_port, dport=record.our_port, seq=sequence, ack=1, flags="A", window=512)
    quoted /= Raw(bytes(_QUOTED))
    mtu = max(IPV6_LEAST_MTU, min(record.number, 1500))
    packet = IPv6(src=text(record.ours), dst=text(record.theirs)) / ICMPv6PacketTooBig(mtu=mtu) / quoted
    return bytes(packet)


def echo(record: Record) -> tuple[bytes, ...]:
    """Return the packets of one echo request: whole, in two small fragments, or with a destination option."""
    ours, theirs = text(record.ours), text(record.theirs)
    body = record.mark + bytes(2 * _HALF - 8 - len(record.mark))
    request = ICMPv6EchoRequest(id=record.our_port, seq=1, data=body)
    if record.form == OPTIONS:
        # PadN is skipped by every node that reads it (RFC 8200 §4.2).
        return (
            bytes(IPv6(src=ours, dst=theirs) / IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))]) / request),
        )
    whole = bytes(IPv6(src=ours, dst=theirs) / request)
    if record.form != FRAGMENT:
        return (whole,)
    payload, number = whole[40:], int.from_bytes(record.mark[:4], "big")
    return tuple(
        bytes(
            IPv6(src=ours, dst=theirs)
            / IPv6ExtHdrFragment(nh=58, offset=at // 8, m=int(at + _HALF < len(payload)), id=number)
            / Raw(payload[at : at + _HALF])
        )
        for at in range(0, len(payload), _HALF)
    )
