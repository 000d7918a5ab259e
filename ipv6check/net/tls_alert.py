"""The names of TLS alerts (RFC 8446 §6, and the older ones of RFC 5246 §7.2), however one learns of them.

An alert is read from the library's reason, or, where it comes before any encryption and the library
has no word for it, from the record itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

ALERTS: Final[Mapping[int, str]] = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
    121: "ech_required",
}
"""Alert descriptions by number, as the IANA registry of TLS alerts names them."""

_NUMBERS: Final = {name: number for number, name in ALERTS.items()}
_SPELLINGS: Final = {"user_cancelled": "user_canceled"}  # OpenSSL's spelling → the registry's
_REASON: Final = re.compile(r"(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?(\w+)")
_RECORD_ALERT: Final = 0x15
_FATAL: Final = 2


def alert_name(reason: str | None) -> str | None:
    """Return the alert that an OpenSSL reason speaks of; None if it is about no alert of the peer."""
    found = _REASON.fullmatch(reason or "")
    if found is None:
        return None
    name = found[1].lower()
    name = _SPELLINGS.get(name, name)
    return name if name in _NUMBERS else None


def clear_alert(received: bytes | bytearray) -> str | None:
    """Return the fatal alert in which the unencrypted record at the start of `received` consists, or None.

    An alert without a name is called `alert N`.
    """
    if len(received) < 7 or received[0] != _RECORD_ALERT or received[3:6] != bytes((0, 2, _FATAL)):
        return None
    return ALERTS.get(received[6], f"alert {received[6]}")
