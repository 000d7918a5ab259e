"""DNS messages by hand: the fast reader of the common answers, and what both readers share.

`is_answer` says whether a datagram answers a question; `read_answer` reads NOERROR, NXDOMAIN and
plain errors with A, AAAA, CNAME, NS and SOA, and returns None for whatever it does not fully
recognise: `dns_message.read_answer` reads that, and returns the same where both can (a property
test holds them equal). `dns_query` makes the questions. Nothing here knows a socket.
"""

from __future__ import annotations

import struct
from socket import AF_INET6, inet_ntoa, inet_ntop

from ipv6check.model.text import JSON
from ipv6check.net.dns_query import Query

MAX_ANSWERS = 64
MAX_AUTHORITY = 16
MAX_NAME_TEXT = 253  # characters without the trailing dot: 255 bytes on the wire (RFC 1035 §2.3.4)
MAX_POINTERS = 16  # in one name; names of real servers need one or two
MAX_TTL = 0x7FFFFFFF  # a larger one is read as 0, RFC 2181 §8

FLAGS = (
    (0x8000, "QR"),
    (0x0400, "AA"),
    (0x0200, "TC"),
    (0x0100, "RD"),
    (0x0080, "RA"),
    (0x0020, "AD"),
    (0x0010, "CD"),
)
RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")

_FLAG_MASK = 0x87B0
_A, _NS, _CNAME, _SOA, _AAAA, _OPT = 1, 2, 5, 6, 28, 41
_IN = 1
_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
_COUNTS = struct.Struct("!HHHHH")  # flags and the four counts, from byte 2
_FIXED = struct.Struct("!HHIH")  # type, class, TTL, RDATA length
_SOA_TIMES = struct.Struct("!IIIII")
# What follows the question where one address of the name asked is all that is answered, by its length:
# pointer, type and class; TTL; RDATA length; RDATA; a plain OPT's name and type, flags, length.
_ONE_ADDRESS = {
    27: (b"\xc0\x0c\0\1\0\1", b"\0\4", "A", struct.Struct("!6sI2s4s3s2xH2xH")),
    39: (b"\xc0\x0c\0\34\0\1", b"\0\20", "AAAA", struct.Struct("!6sI2s16s3s2xH2xH")),
}

Record = list[JSON]
_Names = dict[int, tuple[str, int]]  # offset in the message → the name from there, pointers in it


class _Uncommon(Exception):
    """Something the fast reader leaves to the other one."""


def flag_names(flags: int) -> list[JSON]:
    """Return the names of the flags that are set, in wire order."""
    return [name for bit, name in FLAGS if flags & bit]


_flag_names = {bits: tuple(flag_names(bits)) for bits in range(0, 0x10000, 0x10) if not bits & ~_FLAG_MASK}


def address_text(packed: bytes) -> str:
    """Return the canonical text (RFC 5952) of four or sixteen bytes, alike on every C library.

    Only IPv4-mapped addresses end in dotted decimals. ValueError for another length.
    """
    if len(packed) == 4:
        return inet_ntoa(packed)
    if packed[:10] != b"\0\0\0\0\0\0\0\0\0\0" or len(packed) != 16:
        return inet_ntop(AF_INET6, packed)
    if packed[10:12] == b"\xff\xff":
        return "::ffff:" + inet_ntoa(packed[12:])
    groups = packed[10:].hex(":", 2).split(":")
    while groups and groups[0] == "0000":
        del groups[0]
    return "::" + ":".join(group.lstrip("0") or "0" for group in groups)


def is_answer(wire: bytes, query: Query) -> bool:
    """Whether a message answers the question: a response, by opcode and by question section.

    The name may come back in another case. A server that could not even read the question may
    leave it out of an error (a bare header). The id is for the caller to check.
    """
    if len(wire) < 12 or wire[2] & 0xF8 != 0x80:
        return False
    count = wire[4:6]
    question = query.question
    if count == b"\0\1":
        if wire.startswith(question, 12):
            return True
        end = 12 + len(question)
        return wire[12 : end - 4].lower() == question[:-4] and wire[end - 4 : end] == question[-4:]
    return count == b"\0\0" and wire[3] & 0x0F not in (0, 3)


def read_answer(wire: bytes, query: Query) -> dict[str, JSON] | None:
    """Read a message that `is_answer` said answers `query`; None if anything in it is uncommon.

    The data is docs/observations.md's "A DNS answer", with `ignored` still 0.
    """
    if not query.plain or not wire.startswith(query.question, 12):
        return None
    flags, questions, count, authority_count, additional = _COUNTS.unpack_from(wire, 2)
    rcode = flags & 0x0F
    if questions != 1 or rcode >= len(RCODES) or count > MAX_ANSWERS or authority_count > MAX_AUTHORITY:
        return None
    offset = 12 + len(query.question)
    if count == additional == 1 and not authority_count:
        record = _read_one_address(wire, offset, query.name)
        if record is not None:
            return _answer(rcode, flags, [record], [], edns=True, size=len(wire))
    names: _Names = {}
    answers: list[JSON] = []
    authority: list[JSON] = []
    edns = False
    try:
        if count:
            offset = _read_records(wire, offset, count, query, names, answers)
        if authority_count:
            offset = _read_records(wire, offset, authority_count, query, names, authority)
        if additional:
            edns = _is_plain_opt(wire, offset, additional)
            offset += 11
    except (_Uncommon, LookupError, struct.error, ValueError, OSError):  # inet_ntoa: a record cut short
        return None
    if offset != len(wire):
        return None
    return _answer(rcode, flags, answers, authority, edns=edns, size=offset)


def _answer(
    rcode: int, flags: int, answers: list[JSON], authority: list[JSON], *, edns: bool, size: int
) -> dict[str, JSON]:
    return {
        "rcode": RCODES[rcode],
        "flags": [*_flag_names[flags & _FLAG_MASK]],
        "answers": answers,
        "authority": authority,
        "edns": edns,
        "ede": [],
        "bad_rdata": [],
        "size": size,
        "ignored": 0,
    }


def _read_one_address(wire: bytes, offset: int, name: str) -> Record | None:
    """Read what nearly every answer is, at one go: an address of the name asked, and a plain OPT."""
    shape = _ONE_ADDRESS.get(len(wire) - offset)
    if shape is None:
        return None
    head, size, rdtype, layout = shape
    begins, ttl, length, packed, opt, extended, options = layout.unpack_from(wire, offset)
    if begins != head or length != size or ttl > MAX_TTL or opt != b"\0\0\51" or extended or options:
        return None
    return [name, rdtype, ttl, inet_ntoa(packed) if rdtype == "A" else address_text(packed)]


def _is_plain_opt(wire: bytes, offset: int, additional: int) -> bool:
    """Whether one OPT record with nothing to tell ends the message; raise if anything else does."""
    rdtype, _, extended, length = _FIXED.unpack_from(wire, offset + 1)
    if additional != 1 or wire[offset] or rdtype != _OPT or extended & 0xFFFF0000 or length:
        raise _Uncommon
    return True


def _read_records(
    wire: bytes, offset: int, count: int, query: Query, names: _Names, records: list[JSON]
) -> int:
    """Append `count` records read from `offset`; return where they end."""
    for _ in range(count):
        if wire[offset] == 0xC0 and wire[offset + 1] == 12:
            owner = query.name
            offset += 2
        else:
            owner, offset = _read_name(wire, offset, names)
            owner = owner.lower()
        rdtype, rdclass, ttl, length = _FIXED.unpack_from(wire, offset)
        start = offset + 10
        offset = start + length
        # A record that the end of the message cuts off is nothing to convert either.
        if rdclass != _IN or ttl > MAX_TTL or offset > len(wire):
            raise _Uncommon
        if rdtype == _AAAA and length == 16:
            records.append([owner, "AAAA", ttl, address_text(wire[start:offset])])
        elif rdtype == _A and length == 4:
            records.append([owner, "A", ttl, inet_ntoa(wire[start:offset])])
        elif rdtype == _CNAME or rdtype == _NS:
            text, end = _read_name(wire, start, names)
            if end != offset:
                raise _Uncommon
            records.append([owner, "CNAME" if rdtype == _CNAME else "NS", ttl, text.lower()])
        elif rdtype == _SOA:
            records.append([owner, "SOA", ttl, _read_soa(wire, start, offset, names)])
        else:
            raise _Uncommon
    return offset


def _read_soa(wire: bytes, start: int, end: int, names: _Names) -> str:
    """Return the text of a SOA as dnspython writes it: names as they came, with their dots."""
    primary, offset = _read_name(wire, start, names)
    mailbox, offset = _read_name(wire, offset, names)
    if offset + 20 != end:
        raise _Uncommon
    serial, refresh, retry, expire, minimum = _SOA_TIMES.unpack_from(wire, offset)
    if refresh > MAX_TTL or retry > MAX_TTL or expire > MAX_TTL or minimum > MAX_TTL:
        raise _Uncommon
    return f"{primary}. {mailbox}. {serial} {refresh} {retry} {expire} {minimum}"


def _read_name(wire: bytes, offset: int, names: _Names) -> tuple[str, int]:
    """Return the name at `offset` and where it ends; learn its parts in `names`.

    A pointer may only lead to a name already read whole: so it leads backwards, and never in circles.
    """
    if not names:
        names[0] = ("", MAX_POINTERS)  # an offset no pointer may use: filled once a message
        _read_name(wire, 12, names)
    labels: list[tuple[int, str]] = []
    text, pointers = "", 0
    while length := wire[offset]:
        if length > 63:
            if length < 0xC0:
                raise _Uncommon
            text, pointers = names[(length & 0x3F) << 8 | wire[offset + 1]]
            pointers += 1
            offset += 1
            break
        label = wire[offset + 1 : offset + 1 + length]
        if label.translate(None, _PLAIN):
            raise _Uncommon
        labels.append((offset, label.decode("ascii")))
        offset += 1 + length
    if pointers > MAX_POINTERS:
        raise _Uncommon
    for place, part in reversed(labels):
        text = f"{part}.{text}" if text else part
        names[place] = (text, pointers)
    if len(text) > MAX_NAME_TEXT:
        raise _Uncommon
    return text, offset + 1
