"""The application protocols an inventory may name: standard port, transports, whether TLS comes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ipv6check.model.inventory import Transport

_TCP: tuple[Transport, ...] = ("tcp",)
_UDP: tuple[Transport, ...] = ("udp",)
_TCP_OR_UDP: tuple[Transport, ...] = ("tcp", "udp")
_UDP_OR_TCP: tuple[Transport, ...] = ("udp", "tcp")

NEVER_PROBED: Final = range(9100, 9108)
"""Ports of raw printing: whatever connects there is printed (interface.md §1)."""


@dataclass(frozen=True, slots=True)
class App:
    """One protocol. `port` None: it has no standard port; the first of `transports` is its default.

    `spoken` are the transports over which a stranger may ask it something, and gets an answer.
    """

    port: int | None
    transports: tuple[Transport, ...] = _TCP
    tls: bool = False
    spoken: tuple[Transport, ...] = ()


APPS: Final[dict[str, App]] = {
    "http": App(80),
    "https": App(443, tls=True),
    "smtp": App(25),
    "smtps": App(465, tls=True),
    "submission": App(587),
    "imap": App(143, spoken=_TCP),
    "imaps": App(993, tls=True, spoken=_TCP),
    "pop3": App(110, spoken=_TCP),
    "pop3s": App(995, tls=True, spoken=_TCP),
    "ssh": App(22),
    "dns": App(53, _UDP_OR_TCP, spoken=_UDP_OR_TCP),
    "ntp": App(123, _UDP, spoken=_UDP),
    "ldap": App(389, spoken=_TCP),
    "ldaps": App(636, tls=True, spoken=_TCP),
    "kerberos": App(88, _TCP_OR_UDP, spoken=_TCP_OR_UDP),
    "radius": App(1812, _UDP_OR_TCP, spoken=_UDP),
    "rdp": App(3389, spoken=_TCP),
    "smb": App(445, spoken=_TCP),
    "nfs": App(2049, _TCP_OR_UDP, spoken=_TCP_OR_UDP),
    "iscsi": App(3260, spoken=_TCP),
    "sip": App(5060, _UDP_OR_TCP, spoken=_UDP_OR_TCP),  # RFC 3261, section 19.1.2: UDP unless told otherwise
    "sips": App(5061, tls=True, spoken=_TCP),
    "h323": App(1720),
    "rtp": App(None, _UDP),
    "rtsp": App(554, spoken=_TCP),
    "mqtt": App(1883, spoken=_TCP),
    "mqtts": App(8883, tls=True, spoken=_TCP),
    "ike": App(500, _UDP, spoken=_UDP),
    "openvpn": App(1194, _UDP_OR_TCP, spoken=_UDP_OR_TCP),
    "postgresql": App(5432, spoken=_TCP),
    "mysql": App(3306, spoken=_TCP),
    "mssql": App(1433, spoken=_TCP),
    "oracle": App(1521, spoken=_TCP),
    "mongodb": App(27017, spoken=_TCP),
    "snmp": App(161, _UDP_OR_TCP, spoken=_UDP_OR_TCP),
    "syslog": App(514, _UDP_OR_TCP),
    "tcp": App(None),
    "udp": App(None, _UDP),
    "tls": App(None, tls=True),
}

TLS_FIRST: Final = frozenset(name for name, app in APPS.items() if app.tls)
"""Apps whose first words are a TLS handshake."""

STARTTLS: Final = frozenset({"smtp", "submission", "imap", "pop3", "ldap"})
"""Apps that speak in the clear until they are asked for TLS (RFC 3207, RFC 8314)."""
