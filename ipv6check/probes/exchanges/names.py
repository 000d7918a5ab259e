"""DNS: the SOA of a name is asked for; every server has an answer or an error to it (RFC 1035, RFC 7766)."""

from __future__ import annotations

import os

from ipv6check.net import dns_query, dns_wire
from ipv6check.net.failure import MALFORMED, Failed
from ipv6check.probes.exchanges.exchange import Another, Exchange, Place, number

_HEADER = 12  # bytes


def make(place: Place) -> Exchange:
    """Ask for the SOA of the place's name, the root if it has none; Failed for a name that is none."""
    try:
        query = dns_query.prepare(place.name, "SOA", edns=False)
    except ValueError as error:
        raise Failed(MALFORMED, {"detail": str(error)}) from error
    identity = os.urandom(2)
    message = identity + query.tail

    def read(reply: bytes) -> str | None:
        if reply[:2] != identity or not dns_wire.is_answer(reply, query):
            raise Another
        return _rcode(reply)

    def read_framed(reply: bytes) -> str | None:
        length = number(reply, 0, 2)
        if length is None:
            return None
        if length < _HEADER or (len(reply) >= 4 and reply[2:4] != identity):
            raise Another
        return read(reply[2 : 2 + length]) if len(reply) >= 2 + length else None

    if place.transport == "tcp":
        return Exchange(request=len(message).to_bytes(2, "big") + message, read=read_framed)
    return Exchange(request=message, read=read)


def _rcode(reply: bytes) -> str:
    rcode = reply[3] & 0x0F
    return dns_wire.RCODES[rcode] if rcode < len(dns_wire.RCODES) else f"RCODE {rcode}"
