"""NTP: a client's packet, which a server answers with its own time (RFC 5905)."""

from __future__ import annotations

import os
import struct

from ipv6check.net.remote_text import decode
from ipv6check.probes.exchanges.exchange import Another, Exchange, Place

_SIZE = 48  # bytes of a packet without extensions, RFC 5905 §7.3
_CLIENT = 0x23  # leap 0, version 4, mode 3
_SERVER = 4


def make(place: Place) -> Exchange:
    """Ask for the time with a random transmit timestamp, which the reply repeats (RFC 5905 §8, test 2)."""
    transmit = os.urandom(8)

    def read(reply: bytes) -> str | None:
        if len(reply) < _SIZE or reply[0] & 0x07 != _SERVER or reply[24:32] != transmit:
            raise Another
        return _stratum(reply)

    return Exchange(request=struct.pack("!B39x8s", _CLIENT, transmit), read=read)


def _stratum(reply: bytes) -> str:
    """Name the stratum, and for stratum 0 the kiss code (RFC 5905 §7.4): refused, yet answered."""
    stratum = reply[1]
    return f"stratum {stratum}" if stratum else f"stratum 0 {decode(reply[12:16], 4).rstrip(chr(0))}"
