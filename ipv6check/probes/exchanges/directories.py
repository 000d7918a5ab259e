"""LDAP: the root DSE, which any server shows or refuses without a bind (RFC 4511, RFC 4512 §5.1)."""

from __future__ import annotations

from ipv6check.probes.exchanges.ber import (
    ENUMERATED,
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    element,
    inside,
    integer,
    tlv,
)
from ipv6check.probes.exchanges.exchange import Another, Exchange, Place

_SEARCH, _ENTRY, _DONE, _REFERENCE, _EXTENDED = 0x63, 0x64, 0x65, 0x73, 0x78
_BOOLEAN, _PRESENT, _UNBIND = 0x01, 0x87, 0x42
_SECONDS = 5  # the server's own time limit for the search
_DISCONNECTION = 0  # the message id of what the server says unasked (RFC 4511 §4.4.1)
_OURS = 1


def make(place: Place) -> Exchange:
    """Search the base "" for one attribute, at most one entry."""
    search = tlv(
        _SEARCH,
        tlv(OCTET_STRING, b""),
        integer(0, ENUMERATED),
        integer(0, ENUMERATED),
        integer(1),
        integer(_SECONDS),
        tlv(_BOOLEAN, b"\0"),
        tlv(_PRESENT, b"objectClass"),
        tlv(SEQUENCE, tlv(OCTET_STRING, b"supportedLDAPVersion")),
    )
    request = tlv(SEQUENCE, integer(_OURS), search)
    goodbye = tlv(SEQUENCE, integer(_OURS + 1), tlv(_UNBIND))
    return Exchange(request=request, read=_read, goodbye=goodbye)


def _read(data: bytes) -> str | None:
    if data and data[0] != SEQUENCE:
        raise Another
    message = element(data)
    if message is None:
        return None
    (identity,) = inside(message.value, INTEGER)
    operation = element(message.value, identity.end)
    if operation is None or identity.number not in (_OURS, _DISCONNECTION):
        raise Another
    if operation.tag in (_ENTRY, _REFERENCE):
        return "root DSE"
    if operation.tag not in (_DONE, _EXTENDED):
        raise Another
    (code,) = inside(operation.value, ENUMERATED)
    return f"result {code.number}"
