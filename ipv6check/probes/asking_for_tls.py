"""How a protocol is asked for TLS in mid-conversation, and how its server agrees.

SMTP: RFC 3207 §4. IMAP: RFC 9051 §6.2.1. POP3: RFC 2595 §4. LDAP: RFC 4511 §4.14. Of SMTP the list of
extensions is believed, since EHLO has to be said anyway; the others are asked for it directly.
"""

from __future__ import annotations

import re
from typing import Final

from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.lines import LINE, Lines
from ipv6check.net.remote_text import decode, excerpt
from ipv6check.probes.exchanges.ber import (
    ENUMERATED,
    INTEGER,
    SEQUENCE,
    Element,
    element,
    inside,
    integer,
    tlv,
)
from ipv6check.probes.exchanges.exchange import Another
from ipv6check.probes.smtp_greeting import address_literal, read_reply

SAID: Final = 200
"""Characters kept of a refusal."""

Consent = tuple[bool | None, str]
"""Whether TLS comes next (None: we could not ask), and else what the server said."""

_UNTAGGED: Final = re.compile(rb"\* (OK|PREAUTH|BYE)\b(.*)", re.IGNORECASE | re.DOTALL)
_IMAP_TAG: Final = b"t1"
_IMAP_LINES: Final = 32
_EXTENDED_REQUEST, _REQUEST_NAME, _EXTENDED_RESPONSE = 0x77, 0x80, 0x78
_START_TLS: Final = b"1.3.6.1.4.1.1466.20037"
_LDAP_BYTES: Final = 4096


async def ask_for_tls(lines: Lines, app: str) -> Consent:
    """Ask the server of an app for TLS, from its first word on; raise Failed for what is no answer.

    Afterwards nothing may be left in `lines` where it agreed.
    """
    if app in ("smtp", "submission"):
        return await _smtp(lines)
    if app == "imap":
        return await _imap(lines)
    if app == "pop3":
        return await _pop3(lines)
    if app == "ldap":
        return await _ldap(lines)
    raise ValueError(f"no STARTTLS for {app}")


async def _smtp(lines: Lines) -> Consent:
    code, text = await read_reply(lines)
    if code != 220:
        return None, _said(code, text)
    await lines.channel.write(f"EHLO {address_literal(lines.channel.source)}\r\n".encode("ascii"))
    code, text = await read_reply(lines)
    if code != 250:
        return None, _said(code, text)
    if not any(line.strip().upper() == "STARTTLS" for line in text[1:]):
        return False, ""
    await lines.channel.write(b"STARTTLS\r\n")
    code, text = await read_reply(lines)
    return (True, "") if code == 220 else (False, _said(code, text))


def _said(code: int, text: list[str]) -> str:
    return f"{code} {' '.join(text)}"[:SAID]


async def _imap(lines: Lines) -> Consent:
    greeting = await lines.line()
    found = _UNTAGGED.fullmatch(greeting)
    if found is None:
        raise Failed(failure.PROTOCOL, {"excerpt": excerpt(lines.seen)})
    if found[1].upper() == b"BYE":
        return None, decode(greeting, SAID)
    await lines.channel.write(_IMAP_TAG + b" STARTTLS\r\n")
    for _ in range(_IMAP_LINES):
        line = await lines.line()
        tag, _, rest = line.partition(b" ")
        if tag == _IMAP_TAG:
            return (True, "") if rest[:2].upper() == b"OK" else (False, decode(rest, SAID))
    raise Failed(failure.TOO_LARGE, {"lines": _IMAP_LINES})


async def _pop3(lines: Lines) -> Consent:
    greeting = await lines.line()
    if not greeting.upper().startswith((b"+OK", b"-ERR")):
        raise Failed(failure.PROTOCOL, {"excerpt": excerpt(lines.seen)})
    if greeting.startswith(b"-"):
        return None, decode(greeting, SAID)
    await lines.channel.write(b"STLS\r\n")
    answer = await lines.line()
    return (True, "") if answer[:3].upper() == b"+OK" else (False, decode(answer, SAID))


async def _ldap(lines: Lines) -> Consent:
    request = tlv(SEQUENCE, integer(1), tlv(_EXTENDED_REQUEST, tlv(_REQUEST_NAME, _START_TLS)))
    await lines.channel.write(request)
    data = b""
    try:
        while (message := element(data)) is None:
            if len(data) > _LDAP_BYTES:
                raise Failed(failure.TOO_LARGE, {"received": len(data)})
            more = await lines.channel.read(LINE)
            if not more:
                raise Failed(failure.EOF, {"received": len(data)})
            data += more
            if data[0] != SEQUENCE:
                raise Another
        code = _result(message)
    except Another as error:
        raise Failed(failure.PROTOCOL, {"excerpt": excerpt(data)}) from error
    if message.end < len(data):
        raise Failed(failure.PROTOCOL, {"offered": True, "excerpt": excerpt(data[message.end :])})
    return (True, "") if code == 0 else (False, f"result code {code}")


def _result(message: Element) -> int:
    """Return the result code of an extended response; Another for anything else."""
    _, response = inside(message.value, INTEGER, _EXTENDED_RESPONSE)
    return inside(response.value, ENUMERATED)[0].number
