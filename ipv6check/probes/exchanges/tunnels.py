"""IKE and OpenVPN: the first packet of a key exchange, which is never gone on with (RFC 7296 §1.2)."""

from __future__ import annotations

import os

from ipv6check.probes.exchanges.exchange import Another, Exchange, Place, number

_NAT_PORT = 4500  # where a marker of four zero bytes comes first (RFC 3948 §2.2)
_SA, _KEY, _NONCE, _NOTIFY = 33, 34, 40, 41
_SA_INIT, _INITIATOR, _RESPONSE = 34, 0x08, 0x20
_IKE_HEADER = 28
_CURVE25519 = 31

_CLIENT_RESET, _SERVER_RESET = 7 << 3, 8 << 3  # opcode in the upper five bits, key 0
_SESSION = 8  # bytes


def make(place: Place) -> Exchange:
    """Begin the exchange of the place's app."""
    return _ike(place.port) if place.app == "ike" else _openvpn(place.transport)


def _ike(port: int) -> Exchange:
    own = os.urandom(8)
    payloads = _payload(_KEY, _proposal()) + _payload(
        _NONCE, _CURVE25519.to_bytes(2, "big") + bytes(2) + os.urandom(32)
    )
    payloads += _payload(0, os.urandom(32))
    length = _IKE_HEADER + len(payloads)
    head = own + bytes(8) + bytes((_SA, 0x20, _SA_INIT, _INITIATOR)) + bytes(4) + length.to_bytes(4, "big")
    marker = bytes(4) if port == _NAT_PORT else b""

    def read(reply: bytes) -> str | None:
        if not reply.startswith(marker):
            raise Another
        message = reply[len(marker) :]
        # Version 1 servers answer too: that they know no version 2.
        if len(message) < _IKE_HEADER or message[:8] != own or message[17] >> 4 not in (1, 2):
            raise Another
        if message[17] >> 4 == 2 and (message[18] != _SA_INIT or not message[19] & _RESPONSE):
            raise Another
        return f"IKEv{message[17] >> 4} {'SA' if message[16] == _SA else f'payload {message[16]}'}"

    return Exchange(request=marker + head + payloads, read=read, may_ignore=True)


def _payload(following: int, body: bytes) -> bytes:
    return bytes((following, 0)) + (4 + len(body)).to_bytes(2, "big") + body


def _proposal() -> bytes:
    """Return one proposal: AES-CBC-256, HMAC-SHA2-256, integrity of the same, Curve25519 (RFC 7296 §3.3)."""
    key_length = b"\x80\x0e\x01\x00"
    transforms = ((1, 12, key_length), (2, 5, b""), (3, 12, b""), (4, _CURVE25519, b""))
    body = b""
    for place, (kind, identity, attributes) in enumerate(transforms):
        more = 0 if place == len(transforms) - 1 else 3
        size = (8 + len(attributes)).to_bytes(2, "big")
        body += bytes((more, 0)) + size + bytes((kind, 0)) + identity.to_bytes(2, "big") + attributes
    return bytes(2) + (8 + len(body)).to_bytes(2, "big") + bytes((1, 1, 0, len(transforms))) + body


def _openvpn(transport: str) -> Exchange:
    own = os.urandom(_SESSION)
    packet = bytes((_CLIENT_RESET,)) + own + bytes(5)  # no acknowledgements, packet 0

    def read(reply: bytes) -> str | None:
        # The reset acknowledges our own packet, and names our session by it.
        if len(reply) < 1 + _SESSION or reply[0] & 0xF8 != _SERVER_RESET or own not in reply:
            raise Another
        return "hard reset"

    def read_framed(data: bytes) -> str | None:
        length = number(data, 0, 2)
        if length is None:
            return None
        if length < 1 + _SESSION or (len(data) > 2 and data[2] & 0xF8 != _SERVER_RESET):
            raise Another
        return read(data[2 : 2 + length]) if len(data) >= 2 + length else None

    # A server with tls-auth or tls-crypt says nothing to who does not have its key.
    if transport == "udp":
        return Exchange(request=packet, read=read, may_ignore=True)
    framed = len(packet).to_bytes(2, "big") + packet
    return Exchange(request=framed, read=read_framed, may_hang_up=True, may_ignore=True)
