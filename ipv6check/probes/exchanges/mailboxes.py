"""IMAP and POP3: the server speaks first (RFC 9051 §7.1, RFC 1939 §3); nobody logs in."""

from __future__ import annotations

import re

from ipv6check.probes.exchanges.exchange import Exchange, Place, line

_IMAP = re.compile(rb"\* (?:OK|PREAUTH|BYE)\b", re.IGNORECASE)
_POP3 = re.compile(rb"(?:\+OK|-ERR)\b", re.IGNORECASE)


def make(place: Place) -> Exchange:
    """Wait for the greeting; a server that says it is busy has answered all the same."""
    if place.app in ("imap", "imaps"):
        return Exchange(read=lambda data: line(data, _IMAP, b"* "), goodbye=b"a LOGOUT\r\n")
    return Exchange(read=_read_pop3, goodbye=b"QUIT\r\n")


def _read_pop3(data: bytes) -> str | None:
    return line(data, _POP3, b"-ERR" if data.startswith(b"-") else b"+OK")
