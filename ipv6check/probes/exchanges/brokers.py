"""MQTT: CONNECT without a name of our own; nothing is published or subscribed (OASIS MQTT 3.1.1 §3.1)."""

from __future__ import annotations

from ipv6check.probes.exchanges.exchange import Another, Exchange, Place

_KEEP_ALIVE = 10  # seconds
_BODY = (
    b"\x00\x04MQTT\x04\x02" + _KEEP_ALIVE.to_bytes(2, "big") + b"\x00\x00"
)  # clean session, empty client id
_CONNECT = b"\x10" + bytes((len(_BODY),)) + _BODY
_CONNACK, _DISCONNECT = 0x20, b"\xe0\x00"
_SHORTEST = 4


def make(place: Place) -> Exchange:
    """Connect; a broker that does not want us says so in its acknowledgement, and has answered."""
    return Exchange(request=_CONNECT, read=_read, goodbye=_DISCONNECT)


def _read(data: bytes) -> str | None:
    if data and data[0] != _CONNACK:
        raise Another
    if len(data) > 1 and not 2 <= data[1] < 0x80:
        raise Another
    if len(data) < _SHORTEST:
        return None
    if data[2] > 1:  # only the lowest of the acknowledge flags means anything
        raise Another
    return f"CONNACK {data[3]}"
