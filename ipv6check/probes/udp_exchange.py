"""udp.exchange: one request over UDP where we know the protocol, else an empty datagram.

A DNS server answers a question, a time server a client's packet. For other apps silence says nothing
and a reply is not expected; only an ICMP error tells.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import dns_query, dns_wire, udp
from ipv6check.net.failure import MALFORMED, Failed
from ipv6check.net.net import Net
from ipv6check.net.remote_text import decode

_NTP_SIZE: Final = 48  # bytes of a packet without extensions, RFC 5905 §7.3
_NTP_CLIENT: Final = 0x23  # leap 0, version 4, mode 3
_NTP_SERVER: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Protocol:
    """What is sent, which replies are valid, and what one valid reply says in a few words."""

    request: bytes
    is_valid: Callable[[bytes], bool]
    describe: Callable[[bytes], str]


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return `valid` and `detail` for the first valid reply; raise Failed (`closed`, `no_answer`, …)."""
    app = task.params.get("app")
    if app == "dns":
        protocol = _dns(str(task.params.get("name") or ""))
    elif app == "ntp":
        protocol = _ntp()
    else:
        protocol = _Protocol(request=b"", is_valid=_anything, describe=_size)
    reply = await udp.exchange(task, net, protocol.request, protocol.is_valid)
    return {"valid": True, "detail": protocol.describe(reply)}


def _dns(name: str) -> _Protocol:
    """Ask for the SOA of a name (the root if there is none): every server has an answer or an error to it."""
    try:
        query = dns_query.prepare(name, "SOA", edns=False)
    except ValueError as error:
        raise Failed(MALFORMED, {"detail": str(error)}) from error
    identity = os.urandom(2)
    return _Protocol(
        request=identity + query.tail,
        is_valid=lambda reply: reply[:2] == identity and dns_wire.is_answer(reply, query),
        describe=_rcode,
    )


def _rcode(reply: bytes) -> str:
    rcode = reply[3] & 0x0F
    return dns_wire.RCODES[rcode] if rcode < len(dns_wire.RCODES) else f"RCODE {rcode}"


def _ntp() -> _Protocol:
    """Ask for the time with a random transmit timestamp, which the reply repeats (RFC 5905 §8, test 2)."""
    transmit = os.urandom(8)
    request = struct.pack("!B39x8s", _NTP_CLIENT, transmit)

    def is_valid(reply: bytes) -> bool:
        return len(reply) >= _NTP_SIZE and reply[0] & 0x07 == _NTP_SERVER and reply[24:32] == transmit

    return _Protocol(request=request, is_valid=is_valid, describe=_stratum)


def _stratum(reply: bytes) -> str:
    """Name the stratum, and for stratum 0 the kiss code (RFC 5905 §7.4): refused, yet answered."""
    stratum = reply[1]
    return f"stratum {stratum}" if stratum else f"stratum 0 {decode(reply[12:16], 4).rstrip(chr(0))}"


def _anything(reply: bytes) -> bool:
    return True


def _size(reply: bytes) -> str:
    return f"{len(reply)} bytes"
