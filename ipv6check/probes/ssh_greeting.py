"""ssh.greeting: the identification string of an SSH server (RFC 4253 §4.2); no key exchange is begun."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ipv6check import __version__
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.lines import Lines
from ipv6check.net.net import Net
from ipv6check.net.remote_text import decode, excerpt
from ipv6check.net.stream import Stream, drain

GREETING: Final = 10.0
"""Seconds a server may take to say its first byte."""

GOODBYE: Final = 1.0
"""Seconds to wait for the server to close after us."""

IDENTIFICATION: Final = f"SSH-2.0-ipv6check_{__version__}\r\n".encode("ascii")

_LONGEST: Final = 255  # bytes of an identification, RFC 4253 §4.2

# Lines may come before the identification, but not these: they open other protocols.
_ANOTHER_PROTOCOL: Final = re.compile(rb"[1-5][0-9]{2}[ -]|HTTP/|\+OK|\* OK|RFB |<|[\x15\x16]\x03|[^\n]*\0")


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return the server's identification as `banner`; raise Failed `no_greeting` where not one byte came.

    We say ours at once, as the RFC has it: some servers wait for it.
    """
    stream = await Stream.connect(task, net)
    try:
        await stream.write(IDENTIFICATION)
        lines = Lines(stream)
        await lines.begin(GREETING * net.policy_scale, net.policy(task.kind).patience)
        banner = await identification(lines)
        stream.end_writing()
        await drain(stream, min(GOODBYE * net.policy_scale, stream.remaining))
        return {"banner": decode(banner, _LONGEST)}
    finally:
        stream.close()


async def identification(lines: Lines) -> bytes:
    """Skip what comes before the identification; raise Failed `protocol` where none will come.

    A server may also close after a plain sentence ("Exceeded MaxStartups"): that is only `eof`.
    """
    try:
        while not (line := await lines.line()).startswith(b"SSH-"):
            _require_ssh(line, lines)
    except Failed as failed:
        if failed.word == failure.EOF and lines.seen:
            _require_ssh(bytes(lines.seen), lines)
            raise Failed(failed.word, {**failed.data, "excerpt": excerpt(lines.seen)}) from failed
        raise
    return line


def _require_ssh(said: bytes, lines: Lines) -> None:
    if _ANOTHER_PROTOCOL.match(said):
        raise Failed(failure.PROTOCOL, {"excerpt": excerpt(lines.seen)})
