"""DNS answers read with dnspython: everything the fast reader does not fully recognise.

In: a message that `dns_wire.is_answer` accepted, and the question. Out: the same data as
`dns_wire.read_answer`. A record with unreadable RDATA becomes a `bad_rdata` entry and the rest
is still read; a message that cannot be walked to its end raises Malformed, unless TC says it was cut.
So does one without an answer that has bytes to spare or records of a class nobody asked for: that there
is no record is believed only of a message that is sound.
"""

from __future__ import annotations

import dns.exception
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.wire
from dns.rdtypes.nsbase import NSBase

from ipv6check.model.text import JSON
from ipv6check.net import dns_wire
from ipv6check.net.dns_query import Query, name_text
from ipv6check.net.dns_wire import MAX_ANSWERS, MAX_AUTHORITY, MAX_TTL, address_text, flag_names
from ipv6check.net.failure import MALFORMED, Failed

MAX_TEXT = 4096  # characters kept of one record
MAX_HEX = 64  # bytes of unreadable RDATA kept
MAX_EDE = 8
MAX_ADDITIONAL = 32
MAX_BAD = 16

_ADDRESS_SIZES = {dns.rdatatype.A: 4, dns.rdatatype.AAAA: 16}
_EDE = 15  # RFC 8914
_TC = 0x0200
_RCODE = 0x000F
_SAYS_THERE_IS_NONE = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)  # other errors say nothing of records


class Malformed(ValueError):
    """A message that cannot be read; its text says where it breaks."""


class _Reading:
    """One message being read: the parser's place, and what was found so far."""

    def __init__(self, wire: bytes) -> None:
        self.parser = dns.wire.Parser(wire)
        self.answers: list[JSON] = []
        self.authority: list[JSON] = []
        self.additional: list[JSON] = []
        self.bad: list[JSON] = []
        self.ede: list[JSON] = []
        self.edns = False
        self.more = False
        self.signed = False
        self.foreign = False
        self.extended_rcode = 0

    def question(self) -> None:
        self.parser.get_name(decompress=True)
        self.parser.get_bytes(4)

    def record(self, kept: list[JSON] | None, limit: int) -> None:
        """Read one record into `kept`; of the additional section (None) OPT and addresses (glue) count."""
        parser = self.parser
        owner = parser.get_name(decompress=True)
        rdtype, rdclass, ttl, length = parser.get_struct("!HHIH")
        start = parser.current
        parser.get_bytes(length)
        if kept is None:
            if rdtype == dns.rdatatype.OPT:
                self.options(ttl, parser.wire[start : parser.current])
            elif rdclass == dns.rdataclass.IN and rdtype in _ADDRESS_SIZES:
                self.keep(self.additional, MAX_ADDITIONAL, name_text(owner.labels), rdtype, ttl, start)
        elif rdclass == dns.rdataclass.IN and rdtype == dns.rdatatype.RRSIG:
            self.signed = True
        elif rdclass == dns.rdataclass.IN:
            self.keep(kept, limit, name_text(owner.labels), rdtype, ttl, start)
        else:
            self.foreign = True

    def keep(self, kept: list[JSON], limit: int, owner: str, rdtype: int, ttl: int, start: int) -> None:
        end = self.parser.current
        wire = self.parser.wire
        rdtype_text = dns.rdatatype.to_text(dns.rdatatype.RdataType.make(rdtype))
        if len(kept) >= limit:
            self.more = True
            return
        try:
            text = _rdata_text(wire, rdtype, start, end - start)
        except (dns.exception.DNSException, ValueError, LookupError, ArithmeticError):
            if len(self.bad) < MAX_BAD:
                self.bad.append([owner, rdtype_text, wire[start : min(end, start + MAX_HEX)].hex()])
            else:
                self.more = True
            return
        if len(text) > MAX_TEXT:
            text, self.more = text[:MAX_TEXT], True
        kept.append([owner, rdtype_text, ttl if ttl <= MAX_TTL else 0, text])

    def hold_empty_to_account(self) -> None:
        """Raise Malformed where nothing was answered and the message is not what its header says."""
        if not self.answers and not self.bad and (self.foreign or self.parser.remaining()):
            raise Malformed("records of another class, or bytes after the last record")

    def options(self, ttl: int, rdata: bytes) -> None:
        """Read an OPT record (RFC 6891 §6.1.2): the upper bits of the RCODE, and extended errors."""
        if self.edns:
            raise Malformed("two OPT records")
        self.edns = True
        self.extended_rcode = ttl >> 24 << 4
        parser = dns.wire.Parser(rdata)
        while parser.remaining():
            code = parser.get_uint16()
            value = parser.get_counted_bytes(2)
            if code == _EDE and len(value) >= 2 and len(self.ede) < MAX_EDE:
                text = value[2:].rstrip(b"\0").decode("utf-8", "backslashreplace")
                self.ede.append([int.from_bytes(value[:2], "big"), text[:MAX_TEXT]])


def _rdata_text(wire: bytes, rdtype: int, start: int, length: int) -> str:
    size = _ADDRESS_SIZES.get(dns.rdatatype.RdataType.make(rdtype))
    if size is not None:
        if length != size:
            raise dns.exception.FormError
        return address_text(wire[start : start + size])
    rdata = dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.RdataType.make(rdtype), wire, start, length)
    if isinstance(rdata, NSBase):  # CNAME, DNAME, NS, PTR: one name, printed as owners are
        return name_text(rdata.target.labels)
    return rdata.to_text()


def read_answer(wire: bytes, query: Query) -> dict[str, JSON]:
    """Read a message that `is_answer` said answers `query`; raise Malformed if it cannot be read.

    Records of another class are left out where there are answers; signatures are too, but `signed` says
    that there were some.
    """
    reading = _Reading(wire)
    parser = reading.parser
    try:
        _, flags, questions, *counts = parser.get_struct("!HHHHHH")
        try:
            for _ in range(questions):
                reading.question()
            sections = (reading.answers, MAX_ANSWERS), (reading.authority, MAX_AUTHORITY), (None, 0)
            for count, (kept, limit) in zip(counts, sections, strict=True):
                for _ in range(count):
                    reading.record(kept, limit)
            if not flags & _TC and flags & _RCODE in _SAYS_THERE_IS_NONE:
                reading.hold_empty_to_account()
        except dns.exception.DNSException:
            if not flags & _TC:
                raise
    except dns.exception.DNSException as error:
        raise Malformed(f"{error} at byte {parser.current} of {len(wire)}") from error
    data: dict[str, JSON] = {
        "rcode": dns.rcode.to_text(dns.rcode.Rcode.make(flags & _RCODE | reading.extended_rcode)),
        "flags": flag_names(flags),
        "answers": reading.answers,
        "authority": reading.authority,
        "edns": reading.edns,
        "ede": reading.ede,
        "bad_rdata": reading.bad,
        "size": len(wire),
        "ignored": 0,
    }
    if reading.additional:
        data["additional"] = reading.additional
    if reading.more:
        data["more"] = True
    if reading.signed:
        data["signed"] = True
    return data


def read(wire: bytes, query: Query) -> dict[str, JSON]:
    """Read an answer with whichever reader can; raise Failed (`malformed`)."""
    data = dns_wire.read_answer(wire, query)
    if data is not None:
        return data
    try:
        return read_answer(wire, query)
    except Malformed as error:
        raise Failed(MALFORMED, {"detail": str(error), "size": len(wire)}) from error
