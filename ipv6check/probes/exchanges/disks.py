"""iSCSI: the first request of a discovery login (RFC 7143 §11.12); the login is never completed."""

from __future__ import annotations

import os

from ipv6check.probes.exchanges.exchange import Another, Exchange, Place

_LOGIN, _LOGIN_RESPONSE, _REJECT = 0x43, 0x23, 0x3F
_HEADER = 48
_KEYS = b"InitiatorName=iqn.2026-11.invalid.ipv6check\0SessionType=Discovery\0AuthMethod=None\0"


def make(place: Place) -> Exchange:
    """Offer a discovery session without authentication, staying in the first stage (no transit bit)."""
    padded = _KEYS + bytes(-len(_KEYS) % 4)
    tag = os.urandom(4)
    # Opcode, flags, versions 0 and 0, no additional headers, data length, ISID (random type), TSIH 0, …
    head = bytes((_LOGIN, 0, 0, 0, 0)) + len(_KEYS).to_bytes(3, "big") + b"\x80" + os.urandom(5) + bytes(2)
    head += tag + bytes(_HEADER - len(head) - len(tag))

    def read(data: bytes) -> str | None:
        if data and data[0] not in (_LOGIN_RESPONSE, _REJECT):
            raise Another
        if data[:1] == b"\x3f" and data[1:2] not in (b"", b"\x80"):
            raise Another
        if len(data) < _HEADER:
            return None
        if data[0] == _REJECT:
            return f"reject {data[2]}"
        if data[16:20] != tag:
            raise Another
        return f"login status {data[36]:02x}{data[37]:02x}"

    return Exchange(request=head + padded, read=read)
