"""SNMP: the discovery of an SNMPv3 engine, for which nobody has to be known (RFC 3414 §4)."""

from __future__ import annotations

import os

from ipv6check.probes.exchanges.ber import (
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    Element,
    element,
    inside,
    integer,
    tlv,
)
from ipv6check.probes.exchanges.exchange import Another, Exchange, Place

_GET, _VERSION, _USM = 0xA0, 3, 3
_REPORTABLE = b"\x04"
_LARGEST = 65507
_SHOWN = 32  # bytes of an engine id (RFC 3411 §5 allows as many)


def make(place: Place) -> Exchange:
    """Ask with an empty user and an empty engine id; the answer is a report that names the engine."""
    identity = int.from_bytes(os.urandom(4), "big") >> 1
    empty = tlv(OCTET_STRING)
    security = tlv(SEQUENCE, empty, integer(0), integer(0), empty, empty, empty)
    header = tlv(
        SEQUENCE, integer(identity), integer(_LARGEST), tlv(OCTET_STRING, _REPORTABLE), integer(_USM)
    )
    pdu = tlv(_GET, integer(identity), integer(0), integer(0), tlv(SEQUENCE))
    request = tlv(
        SEQUENCE,
        integer(_VERSION),
        header,
        tlv(OCTET_STRING, security),
        tlv(SEQUENCE, empty, empty, pdu),
    )

    def read(data: bytes) -> str | None:
        if data and data[0] != SEQUENCE:
            raise Another
        message = element(data)
        return None if message is None else _engine(message, identity)

    return Exchange(request=request, read=read)


def _engine(message: Element, identity: int) -> str:
    version, header, security = inside(message.value, INTEGER, SEQUENCE, OCTET_STRING)
    if version.number != _VERSION or inside(header.value, INTEGER)[0].number != identity:
        raise Another
    (parameters,) = inside(security.value, SEQUENCE)
    (engine,) = inside(parameters.value, OCTET_STRING)
    return f"SNMPv3 engine {engine.value[:_SHOWN].hex()}"
