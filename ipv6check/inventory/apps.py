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
    """One protocol. `port` None: it has no standard port; the first of `transports` is its default."""

    port: int | None
    transports: tuple[Transport, ...] = _TCP
    tls: bool = False


APPS: Final[dict[str, App]] = {
    "http": App(80),
    "https": App(443, tls=True),
    "smtp": App(25),
    "smtps": App(465, tls=True),
    "submission": App(587),
    "imap": App(143),
    "imaps": App(993, tls=True),
    "pop3": App(110),
    "pop3s": App(995, tls=True),
    "ssh": App(22),
    "dns": App(53, _UDP_OR_TCP),
    "ntp": App(123, _UDP),
    "ldap": App(389),
    "ldaps": App(636, tls=True),
    "kerberos": App(88, _TCP_OR_UDP),
    "radius": App(1812, _UDP_OR_TCP),
    "rdp": App(3389),
    "smb": App(445),
    "nfs": App(2049, _TCP_OR_UDP),
    "iscsi": App(3260),
    "sip": App(5060, _UDP_OR_TCP),  # RFC 3261, section 19.1.2: UDP unless told otherwise
    "sips": App(5061, tls=True),
    "h323": App(1720),
    "rtp": App(None, _UDP),
    "rtsp": App(554),
    "mqtt": App(1883),
    "mqtts": App(8883, tls=True),
    "ike": App(500, _UDP),
    "openvpn": App(1194, _UDP_OR_TCP),
    "postgresql": App(5432),
    "mysql": App(3306),
    "mssql": App(1433),
    "oracle": App(1521),
    "mongodb": App(27017),
    "snmp": App(161, _UDP_OR_TCP),
    "syslog": App(514, _UDP_OR_TCP),
    "tcp": App(None),
    "udp": App(None, _UDP),
    "tls": App(None, tls=True),
}
