"""Databases: what each says before anybody is known to it; no user is named and no statement sent."""

from __future__ import annotations

import os
from collections.abc import Callable

from ipv6check.net.remote_text import decode
from ipv6check.probes.exchanges.exchange import BIGGEST, LONGEST, Another, Exchange, Place, expect, number


def make(place: Place) -> Exchange:
    """Begin as a client of the place's database does."""
    return _MAKERS[place.app]()


def _postgresql() -> Exchange:
    """SSLRequest, which is answered with one byte (PostgreSQL, "Message Flow", SSL session encryption)."""
    return Exchange(request=bytes.fromhex("0000000804d2162f"), read=_read_postgresql)


def _read_postgresql(data: bytes) -> str | None:
    if not data:
        return None
    if data in (b"S", b"N"):
        return "TLS offered" if data == b"S" else "no TLS"
    length = number(data, 1, 4)
    if data[:1] != b"E" or (length is not None and not 4 < length <= BIGGEST):
        raise Another
    return None if length is None or len(data) <= length else "error"


def _mysql() -> Exchange:
    """Wait: the server speaks first (MySQL, "Protocol::HandshakeV10"), be it that our host is blocked."""
    return Exchange(read=_read_mysql)


def _read_mysql(data: bytes) -> str | None:
    if len(data) < 5:
        return None
    length = int.from_bytes(data[:3], "little")
    if data[3] != 0 or not 3 <= length <= 4096 or data[4] not in (9, 10, 0xFF):
        raise Another
    if len(data) < 4 + length:
        return None
    if data[4] == 0xFF:
        return f"error {int.from_bytes(data[5:7], 'little')}"
    version, ended, _ = data[5 : 4 + length].partition(b"\0")
    if not ended:
        raise Another
    return decode(version, LONGEST)


def _mssql() -> Exchange:
    """PRELOGIN (MS-TDS §2.2.6.5). A server set to strict encryption wants TLS at once, and closes on this."""
    body = bytes.fromhex("00 0010 0006  01 0016 0001  02 0017 0001  ff") + bytes(6) + b"\x02" + b"\0"
    head = bytes((0x12, 0x01)) + (8 + len(body)).to_bytes(2, "big") + bytes((0, 0, 1, 0))
    return Exchange(request=head + body, read=_read_mssql, may_hang_up=True)


def _read_mssql(data: bytes) -> str | None:
    whole = expect(data, b"\x04\x01")
    length = number(data, 2, 2)
    if not whole or length is None:
        return None
    if not 14 <= length <= 4096:
        raise Another
    if len(data) < length:
        return None
    place = 8 + int.from_bytes(data[9:11], "big")
    if data[8] != 0 or place + 4 > length:
        raise Another
    return f"version {data[place]}.{data[place + 1]}.{int.from_bytes(data[place + 2 : place + 4], 'big')}"


_TNS = {2: "accept", 4: "refuse", 5: "redirect", 11: "resend"}


def _oracle() -> Exchange:
    """Ping a listener as `tnsping` does; one that checks addresses may close on us."""
    said = b"(CONNECT_DATA=(COMMAND=ping))"
    fixed = bytes.fromhex("013a012c00000800 7fff7f080000 0001") + len(said).to_bytes(2, "big")
    fixed += (58).to_bytes(2, "big") + bytes.fromhex("00000800 4141") + bytes(24)
    body = fixed + said
    head = (8 + len(body)).to_bytes(2, "big") + bytes(2) + bytes((1, 0)) + bytes(2)
    return Exchange(request=head + body, read=_read_oracle, may_hang_up=True)


def _read_oracle(data: bytes) -> str | None:
    length = number(data, 0, 2)
    if length is None:
        return None
    if not 8 <= length <= 8192 or (len(data) > 4 and data[4] not in _TNS):
        raise Another
    return None if len(data) < length else _TNS[data[4]]


_OP_MSG = 2013


def _mongodb() -> Exchange:
    """`hello`, for which nobody has to log in (MongoDB, "OP_MSG"); servers before 3.6 close on it."""
    document = b"\x10hello\0\x01\0\0\0" + b"\x02$db\0" + (6).to_bytes(4, "little") + b"admin\0" + b"\0"
    section = bytes(4) + b"\0" + (4 + len(document)).to_bytes(4, "little") + document
    identity = os.urandom(4)
    head = (16 + len(section)).to_bytes(4, "little") + identity + bytes(4) + _OP_MSG.to_bytes(4, "little")

    def read(data: bytes) -> str | None:
        if len(data) < 16:
            return None
        length = int.from_bytes(data[:4], "little")
        if not 21 <= length <= BIGGEST or data[8:12] != identity:
            raise Another
        if int.from_bytes(data[12:16], "little") != _OP_MSG:
            raise Another
        return None if len(data) < length else "hello"

    return Exchange(request=head + section, read=read, may_hang_up=True)


_MAKERS: dict[str, Callable[[], Exchange]] = {
    "postgresql": _postgresql,
    "mysql": _mysql,
    "mssql": _mssql,
    "oracle": _oracle,
    "mongodb": _mongodb,
}
