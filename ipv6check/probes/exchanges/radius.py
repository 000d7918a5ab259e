"""RADIUS: Status-Server (RFC 5997). A server that does not know us as a client keeps silent (RFC 2865 §3)."""

from __future__ import annotations

import hmac
import os

from ipv6check.probes.exchanges.exchange import Another, Exchange, Place

_STATUS_SERVER, _MESSAGE_AUTHENTICATOR = 12, 80
_ACCEPT, _REJECT, _ACCOUNTING_RESPONSE, _CHALLENGE = 2, 3, 5, 11
_NAMES = {_ACCEPT: "Access-Accept", _REJECT: "Access-Reject", _ACCOUNTING_RESPONSE: "Accounting-Response",
          _CHALLENGE: "Access-Challenge"}  # fmt: skip
_HEADER = 20  # bytes: code, identifier, length, authenticator
_LENGTH = _HEADER + 18


def make(place: Place) -> Exchange:
    """Ask for the server's state, signed with an empty secret: we have none, and guess none."""
    identifier = os.urandom(1)
    head = bytes((_STATUS_SERVER,)) + identifier + _LENGTH.to_bytes(2, "big") + os.urandom(16)
    attribute = bytes((_MESSAGE_AUTHENTICATOR, 18))
    signature = hmac.new(b"", head + attribute + bytes(16), "md5").digest()

    def read(reply: bytes) -> str | None:
        if len(reply) < _HEADER or reply[1:2] != identifier or reply[0] not in _NAMES:
            raise Another
        if not _HEADER <= int.from_bytes(reply[2:4], "big") <= len(reply):
            raise Another
        return _NAMES[reply[0]]

    return Exchange(request=head + attribute + signature, read=read, may_ignore=True)
