"""Kerberos: a ticket for nobody of a realm that cannot exist; the answer is an error (RFC 4120)."""

from __future__ import annotations

import os

from ipv6check.probes.exchanges.ber import BIT_STRING, INTEGER, SEQUENCE, element, inside, integer, tlv
from ipv6check.probes.exchanges.exchange import BIGGEST, Another, Exchange, Place, number

_GENERAL_STRING, _GENERALIZED_TIME = 0x1B, 0x18
_AS_REQ, _AS_REP, _ERROR = 0x6A, 0x6B, 0x7E  # application tags 10, 11 and 30
_VERSION, _REQUEST, _ERROR_CODE = 5, 10, 0xA6
_ENCRYPTION = (18, 17, 23)
_REALM = b"IPV6CHECK.INVALID"


def make(place: Place) -> Exchange:
    """Ask as a principal of a reserved realm (RFC 6761): no account is touched, no failure is counted."""
    message = tlv(
        _AS_REQ,
        tlv(SEQUENCE, _field(1, integer(_VERSION)), _field(2, integer(_REQUEST)), _field(4, _body())),
    )
    if place.transport == "udp":
        return Exchange(request=message, read=_read)
    return Exchange(request=len(message).to_bytes(4, "big") + message, read=_read_framed)


def _field(index: int, *contents: bytes) -> bytes:
    return tlv(0xA0 + index, *contents)


def _principal(*names: bytes) -> bytes:
    strings = (tlv(_GENERAL_STRING, name) for name in names)
    return tlv(SEQUENCE, _field(0, integer(1)), _field(1, tlv(SEQUENCE, *strings)))


def _body() -> bytes:
    nonce = int.from_bytes(os.urandom(4), "big") >> 1
    return tlv(
        SEQUENCE,
        _field(0, tlv(BIT_STRING, bytes(5))),
        _field(1, _principal(b"ipv6check")),
        _field(2, tlv(_GENERAL_STRING, _REALM)),
        _field(3, _principal(b"krbtgt", _REALM)),
        _field(5, tlv(_GENERALIZED_TIME, b"19700101000000Z")),
        _field(7, integer(nonce)),
        _field(8, tlv(SEQUENCE, *(integer(each) for each in _ENCRYPTION))),
    )


def _read_framed(data: bytes) -> str | None:
    length = number(data, 0, 4)
    if length is None:
        return None
    if not 0 < length <= BIGGEST:
        raise Another
    return _read(data[4 : 4 + length]) if len(data) >= 4 + length else None


def _read(message: bytes) -> str | None:
    found = element(message)
    if found is None or found.tag not in (_AS_REP, _ERROR):
        raise Another
    (fields,) = inside(found.value, SEQUENCE)
    (version,) = inside(fields.value, 0xA0)
    if inside(version.value, INTEGER)[0].number != _VERSION:
        raise Another
    if found.tag == _AS_REP:
        return "AS-REP"
    return f"KRB-ERROR {_code(fields.value)}"


def _code(fields: bytes) -> int:
    """Return the error code of a KRB-ERROR (RFC 4120 §5.9.1)."""
    offset = 0
    while (each := element(fields, offset)) is not None:
        if each.tag == _ERROR_CODE:
            return inside(each.value, INTEGER)[0].number
        offset = each.end
    raise Another
