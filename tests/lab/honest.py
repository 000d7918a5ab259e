"""What an honest server answers to the first words of each protocol, built from its specification.

`ANSWERS` maps (app, transport) to a function of the request that gives the whole answer; a request of
b"" is asked of servers that speak first. Used where no real server is light enough for the lab, and
as the sound half of the tests of `ipv6check/probes/exchanges`.
"""

from __future__ import annotations

from collections.abc import Callable

Answer = Callable[[bytes], bytes]


def _constant(reply: bytes) -> Answer:
    return lambda request: reply


def _der(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    assert len(body) < 0x80
    return bytes((tag, len(body))) + body


def _framed(size: int, answer: Answer) -> Answer:
    """Length before the message, as Kerberos and DNS have it over TCP."""

    def reply(request: bytes) -> bytes:
        body = answer(request[size:])
        return len(body).to_bytes(size, "big") + body

    return reply


def _dns(request: bytes) -> bytes:
    # Refused, with the question repeated (RFC 1035 §4.1.1).
    return request[:2] + b"\x80\x05" + request[4:6] + bytes(6) + request[12:]


def _ntp(request: bytes) -> bytes:
    # Leap 0, version 4, mode 4, stratum 2; the client's transmit time comes back as origin (RFC 5905).
    return b"\x24\x02\x06\xe9" + bytes(8) + b"GPS\0" + bytes(8) + request[40:48] + bytes(8) + b"\xe9" * 8


def _ldap(request: bytes) -> bytes:
    entry = _der(0x64, _der(0x04), _der(0x30))
    done = _der(0x65, b"\x0a\x01\x00", _der(0x04), _der(0x04))
    return _der(0x30, b"\x02\x01\x01", entry) + _der(0x30, b"\x02\x01\x01", done)


def _kerberos(request: bytes) -> bytes:
    fields = _der(0xA0, b"\x02\x01\x05") + _der(0xA1, b"\x02\x01\x1e")
    fields += _der(0xA4, _der(0x18, b"20261125000000Z")) + _der(0xA5, b"\x02\x01\x00")
    fields += _der(0xA6, b"\x02\x01\x44")  # 68: wrong realm
    return _der(0x7E, _der(0x30, fields))


def _radius(request: bytes) -> bytes:
    return b"\x02" + request[1:2] + b"\x00\x14" + bytes(16)


def _smb(request: bytes) -> bytes:
    header = b"\xfeSMB\x40\x00" + bytes(6) + b"\x00\x00\x01\x00\x01\x00\x00\x00" + bytes(44)
    body = b"\x41\x00\x01\x00\xff\x02" + bytes(58)
    return (len(header) + len(body)).to_bytes(4, "big") + header + body


def _rpc(request: bytes) -> bytes:
    return request[:4] + b"\0\0\0\x01" + bytes(16)


def _rpc_framed(request: bytes) -> bytes:
    body = _rpc(request[4:])
    return (0x80000000 | len(body)).to_bytes(4, "big") + body


def _iscsi(request: bytes) -> bytes:
    head = b"\x23\x00\x00\x00" + bytes(12) + request[16:20] + bytes(16) + b"\x00\x00"
    return head + bytes(48 - len(head))


def _sip(request: bytes) -> bytes:
    kept = [
        line
        for line in request.split(b"\r\n")
        if line.startswith((b"Via", b"From", b"To", b"Call-ID", b"CSeq"))
    ]
    return b"\r\n".join((b"SIP/2.0 200 OK", *kept, b"Content-Length: 0", b"", b""))


def _ike(request: bytes) -> bytes:
    # One NO_PROPOSAL_CHOSEN notification (RFC 7296 §3.10.1).
    notify = b"\x00\x00\x00\x08\x00\x00\x00\x0e"
    head = request[:8] + b"\x11" * 8 + b"\x29\x20\x22\x20" + bytes(4)
    return head + (28 + len(notify)).to_bytes(4, "big") + notify


def _openvpn(request: bytes) -> bytes:
    return b"\x40" + b"\x22" * 8 + b"\x01" + bytes(4) + request[1:9] + bytes(4)


def _snmp(request: bytes) -> bytes:
    # The message id is the first integer of the second element of the request.
    assert request[:2] == bytes((0x30, len(request) - 2))
    start = 2 + 3 + 2
    identity = request[start : start + 2 + request[start + 1]]
    header = _der(0x30, identity, b"\x02\x02\x05\xc0", b"\x04\x01\x00", b"\x02\x01\x03")
    security = _der(
        0x30, _der(0x04, b"\x80\x00\x1f\x88\x04test"), b"\x02\x01\x01\x02\x01\x02", _der(0x04) * 3
    )
    report = _der(0xA8, b"\x02\x01\x00\x02\x01\x00\x02\x01\x00", _der(0x30))
    return _der(
        0x30, b"\x02\x01\x03", header, _der(0x04, security), _der(0x30, _der(0x04), _der(0x04), report)
    )


def _mysql(request: bytes) -> bytes:
    body = b"\x0a8.0.40\0" + (7).to_bytes(4, "little") + b"saltsalt\0" + bytes(18)
    return len(body).to_bytes(3, "little") + b"\0" + body


def _mssql(request: bytes) -> bytes:
    body = bytes.fromhex("00000b0006 0100110001 ff") + bytes.fromhex("100003e80000") + b"\x02"
    return b"\x04\x01" + (8 + len(body)).to_bytes(2, "big") + b"\0\0\x01\0" + body


def _oracle(request: bytes) -> bytes:
    body = b"\x22\x00" + (4).to_bytes(2, "big") + b"(x=)"
    return (8 + len(body)).to_bytes(2, "big") + b"\0\0\x04\0\0\0" + body


def _mongodb(request: bytes) -> bytes:
    document = b"\x01ok\0" + b"\0\0\0\0\0\0\xf0?" + b"\0"
    section = bytes(4) + b"\0" + (4 + len(document)).to_bytes(4, "little") + document
    head = (16 + len(section)).to_bytes(4, "little") + bytes(4) + request[4:8] + (2013).to_bytes(4, "little")
    return head + section


_IMAP = _constant(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
_POP3 = _constant(b"+OK ready\r\n")
_MQTT = _constant(b"\x20\x02\x00\x05")

ANSWERS: dict[tuple[str, str], Answer] = {
    ("dns", "udp"): _dns,
    ("dns", "tcp"): _framed(2, _dns),
    ("ntp", "udp"): _ntp,
    ("imap", "tcp"): _IMAP,
    ("imaps", "tcp"): _IMAP,
    ("pop3", "tcp"): _POP3,
    ("pop3s", "tcp"): _POP3,
    ("ldap", "tcp"): _ldap,
    ("ldaps", "tcp"): _ldap,
    ("kerberos", "udp"): _kerberos,
    ("kerberos", "tcp"): _framed(4, _kerberos),
    ("radius", "udp"): _radius,
    ("rdp", "tcp"): _constant(bytes.fromhex("03000013 0ed000001234000209080002000000")),
    ("smb", "tcp"): _smb,
    ("nfs", "udp"): _rpc,
    ("nfs", "tcp"): _rpc_framed,
    ("iscsi", "tcp"): _iscsi,
    ("sip", "udp"): _sip,
    ("sip", "tcp"): _sip,
    ("sips", "tcp"): _sip,
    ("rtsp", "tcp"): _constant(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE\r\n\r\n"),
    ("mqtt", "tcp"): _MQTT,
    ("mqtts", "tcp"): _MQTT,
    ("ike", "udp"): _ike,
    ("openvpn", "udp"): _openvpn,
    ("openvpn", "tcp"): _framed(2, _openvpn),
    ("postgresql", "tcp"): _constant(b"S"),
    ("mysql", "tcp"): _mysql,
    ("mssql", "tcp"): _mssql,
    ("oracle", "tcp"): _oracle,
    ("mongodb", "tcp"): _mongodb,
    ("snmp", "udp"): _snmp,
    ("snmp", "tcp"): _snmp,
}
SPEAK_FIRST = frozenset({"imap", "imaps", "pop3", "pop3s", "mysql"})
"""Apps whose servers say their part without being asked."""

NO_TLS = {"pop3": b"-ERR unknown command\r\n"}
"""What they say to the question for TLS, which is the first that they are asked."""
