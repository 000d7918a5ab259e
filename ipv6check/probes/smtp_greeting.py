"""smtp.greeting: the banner, EHLO and whether STARTTLS is offered; no mail is ever begun (RFC 5321)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.lines import LINE, Lines
from ipv6check.net.net import Net
from ipv6check.net.remote_text import decode, excerpt
from ipv6check.net.stream import Channel, Stream, drain, seen
from ipv6check.net.tls import TlsStream

GREETING: Final = 35.0
"""Seconds a server may take to say its first byte: many delay it on purpose (catalogue.md, `mail.smtp`)."""

GOODBYE: Final = 2.0
"""Seconds to wait for the answer to QUIT."""

REPLY_LINES: Final = 64

# One line of a reply (RFC 5321 §4.2): code, `-` where another line follows, text.
_REPLY: Final = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return code and text of the greeting, the answer to EHLO, and whether it offers STARTTLS.

    Any code is an answer; EHLO is only sent after 220. `no_greeting` is raised where not one byte came.
    """
    stream = await Stream.connect(task, net)
    try:
        channel: Channel = stream
        if task.params.get("tls"):
            sni = task.params.get("sni")
            channel = tls = TlsStream(stream, str(sni) if sni else None)
            await tls.handshake()
        lines = Lines(channel)
        await lines.begin(GREETING * net.policy_scale, net.policy(task.kind).patience)
        data = {**await _converse(lines), "source": stream.source, **stream.timing()}
        await channel.write(b"QUIT\r\n")
        await drain(channel, min(GOODBYE * net.policy_scale, stream.remaining))
        channel.close()
        return data
    finally:
        stream.close()


async def _converse(lines: Lines) -> dict[str, JSON]:
    code, text = await read_reply(lines)
    data: dict[str, JSON] = {
        "code": code,
        "banner": "\n".join(text),
        "ehlo_code": None,
        "ehlo": [],
        "starttls": False,
    }
    if code != 220:
        return data
    with seen(data):
        await lines.channel.write(f"EHLO {address_literal(lines.channel.source)}\r\n".encode("ascii"))
        data["ehlo_code"], answer = await read_reply(lines)
    if data["ehlo_code"] != 250:
        data["ehlo_text"] = "\n".join(answer)
    else:
        capabilities = answer[1:]  # the first line is the server's own name (RFC 5321 §4.1.1.1)
        data["ehlo"] = capabilities
        data["starttls"] = any(line.strip().upper() == "STARTTLS" for line in capabilities)
    return data


async def read_reply(lines: Lines) -> tuple[int, list[str]]:
    """Read one reply of one or more lines; raise Failed `protocol` where it is none."""
    text: list[str] = []
    code: bytes | None = None
    while len(text) < REPLY_LINES:
        found = _REPLY.fullmatch(await lines.line())
        if found is None or code not in (None, found[1]):
            raise Failed(failure.PROTOCOL, {"excerpt": excerpt(lines.seen)})
        code = found[1]
        text.append(decode(found[3] or b"", LINE))
        if found[2] != b"-":
            return int(code), text
    raise Failed(failure.TOO_LARGE, {"lines": len(text)})


def address_literal(address: str) -> str:
    """Return our own address as EHLO gives it where there is no name (RFC 5321 §4.1.3), without a zone."""
    bare = address.partition("%")[0]
    return f"[IPv6:{bare}]" if ":" in bare else f"[{bare}]"
