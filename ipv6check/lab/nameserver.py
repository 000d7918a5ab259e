"""The lab's name server: true answers, and the wrong ones that real servers give.

A zone is a mapping from name to `Owner`; what is not in it is NXDOMAIN. dnspython builds the answers.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

_TTL = 300
_SOA = "{zone}. {ttl} IN SOA ns1.{zone}. hostmaster.{zone}. 2026010101 3600 600 86400 300"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What the server says of one name.

    `rcode_aaaa` answers an AAAA question with that RCODE (NXDOMAIN though A exists: RFC 4074,
    section 4.2); `short_aaaa` gives an AAAA of four bytes (section 4.4 asks for no such thing).
    """

    a: tuple[str, ...] = ()
    aaaa: tuple[str, ...] = ()
    cname: str | None = None
    rcode_aaaa: str | None = None
    short_aaaa: bool = False


class NameServer:
    """Answers for one zone over UDP and TCP on the sockets it is handed."""

    def __init__(self, zone: str, owners: Mapping[str, Owner]) -> None:
        self.zone = zone
        self.owners = owners

    def answer(self, wire: bytes) -> bytes | None:
        """Return the reply to one query, or None where it deserves none."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        if not query.question or query.flags & dns.flags.QR:
            return None
        reply = dns.message.make_response(query, recursion_available=True)
        question = query.question[0]
        owner = question.name.to_text(omit_final_dot=True).lower()
        reply.flags |= dns.flags.AA
        self._fill(reply, owner, question.rdtype)
        wire = reply.to_wire()
        found = self.owners.get(owner)
        if found is not None and found.short_aaaa and question.rdtype == dns.rdatatype.AAAA:
            return _with_short_aaaa(reply)
        return wire

    def _fill(self, reply: dns.message.Message, owner: str, rdtype: dns.rdatatype.RdataType) -> None:
        for _ in range(8):
            found = self.owners.get(owner)
            if found is None:
                if owner == self.zone:
                    break
                reply.set_rcode(dns.rcode.NXDOMAIN)
                break
            if rdtype == dns.rdatatype.AAAA and found.rcode_aaaa:
                reply.set_rcode(dns.rcode.from_text(found.rcode_aaaa))
                return
            if found.cname is not None:
                _add(reply, owner, "CNAME", found.cname + ".")
                owner = found.cname
                continue
            addresses = {dns.rdatatype.A: found.a, dns.rdatatype.AAAA: found.aaaa}.get(rdtype, ())
            if addresses:
                _add(reply, owner, dns.rdatatype.to_text(rdtype), *addresses)
                return
            break
        soa = _SOA.format(zone=self.zone, ttl=_TTL).split(" ", 4)
        if owner == self.zone and reply.question[0].rdtype == dns.rdatatype.SOA:
            _add(reply, self.zone, "SOA", soa[4])
        else:
            reply.authority.append(dns.rrset.from_text(soa[0], _TTL, "IN", "SOA", soa[4]))

    async def serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one TCP connection: length-prefixed messages (RFC 7766)."""
        try:
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                reply = self.answer(await reader.readexactly(length))
                if reply is None:
                    break
                writer.write(struct.pack("!H", len(reply)) + reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


class Datagrams(asyncio.DatagramProtocol):
    """The UDP side of a server that answers a datagram with a datagram."""

    def __init__(self, server: NameServer | TimeServer) -> None:
        self.server = server
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to answer through."""
        # What create_datagram_endpoint makes; asyncio's own class is not a DatagramTransport by type.
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        """Answer one datagram."""
        reply = self.server.answer(data)
        if reply is not None and self.transport is not None:
            self.transport.sendto(reply, addr)


class TimeServer:
    """Answers NTP requests (RFC 5905) with the time of 1 January 2026: enough to be a server."""

    _SECONDS = 3976214400  # 2026-01-01 in NTP's era 0

    def answer(self, wire: bytes) -> bytes | None:
        """Return a mode 4 reply that echoes the client's transmit time as origin."""
        if len(wire) < 48 or wire[0] & 7 != 3:
            return None
        stamp = struct.pack("!II", self._SECONDS, 0)
        head = struct.pack("!BBbb", 0x24, 2, 6, -20) + bytes(8) + b"LAB\0"
        return head + stamp + wire[40:48] + stamp + stamp


def _add(reply: dns.message.Message, owner: str, rdtype: str, *values: str) -> None:
    reply.answer.append(dns.rrset.from_text(f"{owner}.", _TTL, "IN", rdtype, *values))


def _with_short_aaaa(reply: dns.message.Message) -> bytes:
    """Return the reply with one AAAA record of four bytes, which no library would build."""
    reply.answer.clear()
    reply.authority.clear()
    reply.use_edns(False)
    wire = bytearray(reply.to_wire())
    wire[6:8] = struct.pack("!H", 1)
    return bytes(wire) + b"\xc0\x0c" + struct.pack("!HHIH", 28, 1, _TTL, 4) + bytes((198, 51, 100, 7))
