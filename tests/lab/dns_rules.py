"""The rules of the programmable name server: when a question fits, and what answer it gets.

Pure: in go rules and a question, out come messages; `nameserver` sends them.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Wrong = Literal[
    "id", "question", "source", "port", "opcode", "rdata_length", "loop", "forward", "cut", "noise", "bulk"
]
HangUp = Literal["", "reset", "close", "silent", "half", "flood", "zero"]
SOA = "SOA ns1.example. hostmaster.example. 1 3600 600 86400 300"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a question fits, and what becomes of it.

    Fits: `name` (`*` is any, `*.example` anything below), `type` (`*` is any), and, where not None,
    whether the question has `edns` or `cd`, and its `transport` ("udp", "tcp").
    `lose_first` leaves the first n questions of a name and type unanswered; `delay` is in seconds.
    Records are `TYPE rdata` (owner: the name asked, TTL 300) or `owner TTL TYPE rdata`; the rdata
    `#c6336401` stands for raw bytes. `wrong` spoils the answer in each of these ways; `decoys` sends
    one spoilt answer each before the right one.
    """

    name: str = "*"
    type: str = "*"
    edns: bool | None = None
    cd: bool | None = None
    transport: str | None = None
    answer: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    additional: tuple[str, ...] = ()
    rcode: str = "NOERROR"
    flags: tuple[str, ...] = ("RA",)
    ede: tuple[tuple[int, str], ...] = ()
    silent: bool = False
    truncate: bool = False
    bare: bool = False
    no_opt: bool = False
    delay: float = 0.0
    lose_first: int = 0
    wrong: tuple[Wrong, ...] = ()
    decoys: tuple[Wrong, ...] = ()
    pad: int = 0
    hang_up: HangUp = ""

    def fits(self, asked: Asked) -> bool:
        """Whether this rule answers the question."""
        name = self.name.removesuffix(".").lower()
        known = name in ("*", asked.name) or (name.startswith("*.") and asked.name.endswith(name[1:]))
        return (
            known
            and self.type in ("*", asked.type)
            and self.edns in (None, asked.edns)
            and self.cd in (None, asked.cd)
            and self.transport in (None, asked.transport)
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it arrived."""

    name: str
    type: str
    edns: bool
    cd: bool
    transport: str
    id: int
    peer: str
    peer_port: int


def record(text: str, owner: dns.name.Name) -> dns.rrset.RRset:
    """Make one record of its text (see `Rule`)."""
    first, _, rest = text.partition(" ")
    ttl = 300
    if not (first.isupper() and first.isalnum() and not first.isdecimal()):
        owner = dns.name.from_text(first)
        ttl_text, first, rest = rest.split(" ", 2)
        ttl = int(ttl_text)
    rdtype = dns.rdatatype.from_text(first)
    if rest.startswith("#"):
        rdata: dns.rdata.Rdata = dns.rdata.GenericRdata(dns.rdataclass.IN, rdtype, bytes.fromhex(rest[1:]))
    else:
        rdata = dns.rdata.from_text(dns.rdataclass.IN, rdtype, rest, origin=dns.name.root, relativize=False)
    rrset = dns.rrset.RRset(owner, dns.rdataclass.IN, rdtype)
    rrset.add(rdata, ttl)
    return rrset


def compose(rule: Rule, query: dns.message.Message, transport: str) -> bytes:
    """Make the answer a rule gives, still unspoilt."""
    reply = dns.message.make_response(query)
    reply.set_rcode(dns.rcode.from_text(rule.rcode))
    reply.flags |= query.flags & dns.flags.CD  # RFC 4035 §3.1.6
    for flag in rule.flags:
        reply.flags |= dns.flags.Flag[flag]
    owner = query.question[0].name
    for section, records in (
        (reply.answer, rule.answer),
        (reply.authority, rule.authority),
        (reply.additional, rule.additional),
    ):
        section.extend(record(text, owner) for text in records)
    if rule.pad:
        reply.answer.extend(record(f'TXT "{"x" * 250}"', owner) for _ in range(rule.pad // 270))
    if rule.bare:
        return struct.pack("!HHHHHH", query.id, int(reply.flags) | reply.rcode() & 15, 0, 0, 0, 0)
    if rule.no_opt:
        reply.use_edns(False)
    elif rule.ede and query.edns >= 0:
        options = [dns.edns.EDEOption(dns.edns.EDECode.make(code), text) for code, text in rule.ede]
        reply.use_edns(0, payload=1232, options=list(options))
    wire = reply.to_wire(max_size=65535)
    room = (query.payload if query.edns >= 0 else 512) if transport == "udp" else 65535
    if rule.truncate or len(wire) > max(512, room):
        for section in (reply.answer, reply.authority, reply.additional):
            section.clear()
        reply.flags |= dns.flags.TC
        wire = reply.to_wire()
    return wire


def spoil(wire: bytes, wrong: Wrong) -> bytes:
    """Return an answer with one thing wrong with it ("source" and "port" are the sender's matter)."""
    end = wire.index(b"\0", 12) + 5
    header = struct.unpack("!HHHHHH", wire[:12])
    one_answer = struct.pack("!HHHHHH", *header[:3], 1, 0, 0) + wire[12:end]
    fixed = struct.pack("!HHIH", 28, 1, 300, 16) + bytes(16)
    match wrong:
        case "id":
            return struct.pack("!H", header[0] ^ 0x5555) + wire[2:]
        case "question":
            return wire[:13] + bytes((wire[13] ^ 3,)) + wire[14:]
        case "opcode":
            return wire[:2] + bytes((wire[2] | 0x20,)) + wire[3:]
        case "rdata_length":
            return one_answer + b"\xc0\x0c" + struct.pack("!HHIH", 28, 1, 300, 400) + bytes(16)
        case "loop":
            return one_answer + struct.pack("!H", 0xC000 | end) + fixed
        case "forward":
            return one_answer + struct.pack("!H", 0xC000 | (end + 12)) + fixed
        case "cut":
            return wire[:-3]
        case "noise":
            return wire[:end] + b"\xc0\xff" * 30
        case "bulk":
            return wire[:end] + bytes(6000)
    return wire


def rules_from_json(told: Sequence[dict[str, Any]]) -> list[Rule]:
    """Make rules of plain data: lists become tuples."""

    def frozen(value: Any) -> Any:
        return tuple(frozen(item) for item in value) if isinstance(value, list) else value

    return [Rule(**{key: frozen(value) for key, value in rule.items()}) for rule in told]
