"""What a stranger may say to a service, and how its reply is read: one module a family of protocols.

`find(app, …)` gives the `Exchange` of an app, or None where the protocol has none that is harmless.
Everything here is bytes to bytes: no socket, no clock. No exchange logs in, writes, or rings.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from ipv6check.probes.exchanges.exchange import Another, Exchange, Place

# app → the module here that knows it, by the transports over which it is spoken.
_MODULES: Final[dict[str, dict[str, str]]] = {
    "dns": {"tcp": "names", "udp": "names"},
    "ntp": {"udp": "time"},
    "imap": {"tcp": "mailboxes"},
    "imaps": {"tcp": "mailboxes"},
    "pop3": {"tcp": "mailboxes"},
    "pop3s": {"tcp": "mailboxes"},
    "ldap": {"tcp": "directories"},
    "ldaps": {"tcp": "directories"},
    "kerberos": {"tcp": "kerberos", "udp": "kerberos"},
    "radius": {"udp": "radius"},
    "rdp": {"tcp": "desktops"},
    "smb": {"tcp": "files"},
    "nfs": {"tcp": "files", "udp": "files"},
    "iscsi": {"tcp": "disks"},
    "sip": {"tcp": "calls", "udp": "calls"},
    "sips": {"tcp": "calls"},
    "rtsp": {"tcp": "calls"},
    "mqtt": {"tcp": "brokers"},
    "mqtts": {"tcp": "brokers"},
    "ike": {"udp": "tunnels"},
    "openvpn": {"tcp": "tunnels", "udp": "tunnels"},
    "postgresql": {"tcp": "databases"},
    "mysql": {"tcp": "databases"},
    "mssql": {"tcp": "databases"},
    "oracle": {"tcp": "databases"},
    "mongodb": {"tcp": "databases"},
    "snmp": {"tcp": "management", "udp": "management"},
}

__all__ = ["Another", "Exchange", "Place", "find"]


def find(place: Place) -> Exchange | None:
    """Return a fresh exchange for an app over a transport, None where we know none."""
    module = _MODULES.get(place.app, {}).get(place.transport)
    if module is None:
        return None
    make: Callable[[Place], Exchange] = import_module(f"{__name__}.{module}").make
    return make(place)


def spoken() -> dict[str, frozenset[str]]:
    """Return the transports over which each app has an exchange."""
    return {app: frozenset(transports) for app, transports in _MODULES.items()}
