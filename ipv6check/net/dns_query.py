r"""DNS questions, made once a task and sent as often as it takes; names to wire form and back.

A name's text is lower-case, absolute, without the trailing dot (`""` is the root); bytes that are
not visible ASCII, and those that mean something in a zone file, stand as `\DDD` (RFC 1035 §5.1).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from ipv6check.model.text import JSON
from ipv6check.net.failure import LOCAL, Failed

EDNS_SIZE = 1232  # bytes: passes any IPv6 path unfragmented (1280 less the IPv6 and UDP headers)
MAX_NAME = 255  # bytes on the wire, RFC 1035 §2.3.4
MAX_LABEL = 63

TYPES = {
    "A": 1,
    "NS": 2,
    "CNAME": 5,
    "SOA": 6,
    "PTR": 12,
    "MX": 15,
    "TXT": 16,
    "AAAA": 28,
    "SRV": 33,
    "NAPTR": 35,
    "DS": 43,
    "RRSIG": 46,
    "DNSKEY": 48,
    "TLSA": 52,
    "SVCB": 64,
    "HTTPS": 65,
    "CAA": 257,
}

_RD, _AD, _CD = 0x0100, 0x0020, 0x0010
_DO = 0x8000
_OPT = 41
_CLASS_IN = b"\0\1"
_LENGTHS = {length: bytes((length,)) for length in range(1, MAX_LABEL + 1)}
_PLAIN = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")
_VISIBLE = frozenset(range(0x21, 0x7F)) - frozenset(b'"().;\\@$')


class Query(NamedTuple):  # made once a question: a frozen dataclass takes three times as long
    """A question ready to be sent: two bytes of id and then `tail` are the whole message.

    `name` is printed as owners are; `question` is the question section as it must come back;
    `plain` says that the name is letters, digits, hyphens and underscores alone.
    """

    name: str
    question: bytes
    tail: bytes
    plain: bool


def prepare(
    name: str, rdtype: str, *, rd: bool = True, cd: bool = False, edns: bool = True, do: bool = False
) -> Query:
    """Make the question for `name` and `rdtype` ("AAAA", "TYPE123"); ValueError if it cannot be asked.

    With EDNS (RFC 6891) the AD bit asks for the validation state without the signatures (RFC 6840
    §5.7); `do` asks for those too. Without EDNS it is the plainest question of RFC 1035.
    """
    qname, text, plain = _asked_name(name)
    header, kind, opt = _around(rdtype, rd, cd, edns, do)
    question = qname + kind
    return Query(text, question, header + question + opt, plain)


@lru_cache(maxsize=1024)  # A and AAAA of a name are asked one after the other
def _asked_name(name: str) -> tuple[bytes, str, bool]:
    """Return a name's wire form, its text as owners are printed, and whether that text is plain."""
    qname = encode_name(name)
    text = name if _PLAIN.fullmatch(name) else name_text(split_name(qname))
    return qname, text, "\\" not in text and _PLAIN.fullmatch(text) is not None


@lru_cache(maxsize=256)
def _around(rdtype: str, rd: bool, cd: bool, edns: bool, do: bool) -> tuple[bytes, bytes, bytes]:
    """Return what stands around a question's name: the header from byte 2, type and class, the OPT."""
    flags = (_RD if rd else 0) | (_CD if cd else 0) | (_AD if edns else 0)
    header = struct.pack("!HHHHH", flags, 1, 0, 0, 1 if edns else 0)
    opt = b"\0" + struct.pack("!HHIH", _OPT, EDNS_SIZE, _DO if do else 0, 0) if edns else b""
    return header, struct.pack("!H", type_number(rdtype)) + _CLASS_IN, opt


def question_of(params: Mapping[str, JSON]) -> Query:
    """Make the question that the params of a `dns.query` or `dns.tcp` task ask for.

    Raise Failed (`local`): there is no such question.
    """
    try:
        return prepare(
            str(params["name"]),
            str(params["type"]),
            rd=params.get("rd", True) is True,
            cd=params.get("cd", False) is True,
            edns=params.get("edns", True) is True,
            do=params.get("do", False) is True,
        )
    except ValueError as error:
        raise Failed(LOCAL, {"detail": f"no such question: {error}"}) from error


def type_number(rdtype: str) -> int:
    """Return a record type's number by its name or as RFC 3597 writes it; ValueError for another text."""
    number = TYPES.get(rdtype)
    if number is None:
        digits = rdtype.removeprefix("TYPE")
        if digits == rdtype or not digits.isascii() or not digits.isdecimal() or len(digits) > 5:
            raise ValueError(f"unknown record type {rdtype[:32]!r}")
        number = int(digits)
        if number > 0xFFFF:
            raise ValueError(f"record type {rdtype} does not exist")
    return number


def encode_name(name: str) -> bytes:
    r"""Return a name in wire form, lower-case; a trailing dot makes no difference, "" is the root.

    `\DDD` and `\X` stand for odd bytes (RFC 1035 §5.1). ValueError if it is no name.
    """
    try:
        raw = name.encode("ascii").lower()
    except UnicodeEncodeError:
        raise ValueError(f"a name must be ASCII (an A-label): {name[:MAX_NAME]!r}") from None
    labels = _unescape(raw) if b"\\" in raw else raw.split(b".")
    if len(labels) > 1 and not labels[-1]:
        labels.pop()
    wire = b""
    if labels != [b""]:
        try:
            wire = b"".join([_LENGTHS[len(label)] + label for label in labels])
        except KeyError:
            raise ValueError(f"an empty label, or one over {MAX_LABEL} bytes: {name[:MAX_NAME]!r}") from None
    if len(wire) >= MAX_NAME:
        raise ValueError(f"a name over {MAX_NAME} bytes: {name[:MAX_NAME]!r}")
    return wire + b"\0"


def _unescape(raw: bytes) -> list[bytes]:
    labels = [bytearray()]
    rest = iter(raw)
    for byte in rest:
        if byte == 0x2E:
            labels.append(bytearray())
            continue
        if byte == 0x5C:
            byte = next(rest, -1)
            if 0x30 <= byte <= 0x39:
                digits = bytes((byte, next(rest, 0), next(rest, 0)))
                byte = int(digits) if digits.isdigit() else -1
            if not 0 <= byte <= 255:
                raise ValueError(f"a broken escape in a name: {raw[:MAX_NAME]!r}")
        labels[-1].append(byte)
    return [bytes(label).lower() for label in labels]


def split_name(wire: bytes) -> list[bytes]:
    """Return the labels of an uncompressed name in wire form, the root's left out."""
    labels, offset = [], 0
    while length := wire[offset]:
        labels.append(wire[offset + 1 : offset + 1 + length])
        offset += 1 + length
    return labels


def name_text(labels: Iterable[bytes]) -> str:
    """Return the text of a name from its labels, lower-case, without the trailing dot."""
    return ".".join([_label_text(label) for label in labels if label])


def _label_text(label: bytes) -> str:
    return "".join([chr(byte) if byte in _VISIBLE else f"\\{byte:03d}" for byte in label.lower()])
