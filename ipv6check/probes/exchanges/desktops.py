"""RDP: a connection request of X.224, with the security protocols that we offer (MS-RDPBCGR §2.2.1.1)."""

from __future__ import annotations

from ipv6check.probes.exchanges.exchange import Another, Exchange, Place, expect, number

_REQUEST = bytes.fromhex("03000013 0ee000000000 00 0100080003000000")
_TPKT = b"\x03\x00"
_SHORTEST, _LONGEST = 11, 512
_CONFIRM, _RESPONSE, _FAILURE = 0xD0, 2, 3


def make(place: Place) -> Exchange:
    """Ask to connect with TLS or CredSSP; nobody logs in."""
    return Exchange(request=_REQUEST, read=_read)


def _read(data: bytes) -> str | None:
    whole = expect(data, _TPKT)
    length = number(data, 2, 2)
    if not whole or length is None:
        return None
    if not _SHORTEST <= length <= _LONGEST or (len(data) > 5 and data[5] & 0xF0 != _CONFIRM):
        raise Another
    if len(data) < length:
        return None
    kind = data[_SHORTEST] if length >= _SHORTEST + 8 else 0
    code = int.from_bytes(data[15:19], "little")
    if kind == _RESPONSE:
        return f"security protocol {code}"
    return f"negotiation failure {code}" if kind == _FAILURE else "standard security"
