"""dns.tcp: one question to a name server over TCP (RFC 7766), as after a truncated answer over UDP.

In: the params of `dns.query`. Out: the same data as over UDP. At most one connection, one deadline.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import dns_message
from ipv6check.net.dns_query import question_of
from ipv6check.net.dns_wire import is_answer
from ipv6check.net.failure import EOF, MALFORMED, TOO_LARGE, Failed
from ipv6check.net.net import Net
from ipv6check.net.remote_text import excerpt
from ipv6check.net.stream import Stream, seen

HEADER: Final = 12  # bytes: no DNS message is shorter
MOST_IGNORED: Final = 8  # messages that are not for us, after which the server is not listened to any more


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return the answer as docs/observations.md's "A DNS answer"; `ignored` counts what was not for us.

    Raise Failed: what a connect can give, `eof`, `reset`, `slow`, `malformed`, `too_large`, or
    `local` where there is no such question.
    """
    query = question_of(task.params)
    ident = os.urandom(2)
    told: dict[str, JSON] = {"ignored": 0}
    stream = await Stream.connect(task, net)
    try:
        with seen(told):
            message = ident + query.tail
            await stream.write(len(message).to_bytes(2, "big") + message)
            for ignored in range(MOST_IGNORED):
                told["ignored"] = ignored
                wire = await _message(stream)
                if wire[:2] == ident and is_answer(wire, query):
                    return {**dns_message.read(wire, query), "ignored": ignored}
            raise Failed(TOO_LARGE, {"received": stream.received})
    finally:
        stream.close()


async def _message(stream: Stream) -> bytes:
    """Read one message behind its two bytes of length (RFC 1035 §4.2.2): 64 KiB at most."""
    length = int.from_bytes(await _exactly(stream, 2), "big")
    if length < HEADER:
        raise Failed(MALFORMED, {"detail": f"a message of {length} bytes"})
    return await _exactly(stream, length)


async def _exactly(stream: Stream, wanted: int) -> bytes:
    got = bytearray()
    while len(got) < wanted:
        chunk = await stream.read(wanted - len(got))
        if not chunk:
            raise Failed(EOF, {"received": stream.received, "excerpt": excerpt(got)})
        got += chunk
    return bytes(got)
