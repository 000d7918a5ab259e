"""tls.starttls: the handshake of a service that speaks in the clear until TLS is asked for (RFC 3207, 8314).

Nobody logs in, and no mail is begun. What is asked before TLS is in `asking_for_tls`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import failure
from ipv6check.net.failure import Failed
from ipv6check.net.lines import Lines
from ipv6check.net.net import Net
from ipv6check.net.remote_text import excerpt
from ipv6check.net.stream import Stream, seen
from ipv6check.net.tls import TlsStream
from ipv6check.probes.asking_for_tls import ask_for_tls
from ipv6check.probes.tls_handshake import shake

GREETING: Final = 35.0
"""Seconds a server may take to say its first byte, as for `smtp.greeting`."""


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return what `tls.handshake` does and `offered` true; where there is no handshake, also what was `said`.

    `offered` false: the server has no TLS for us; null: it turned us away before we could ask.
    """
    sni = task.params.get("sni")
    stream = await Stream.connect(task, net)
    try:
        lines = Lines(stream)
        if task.params.get("app") != "ldap":  # the only one of them in which the client speaks first
            await lines.begin(GREETING * net.policy_scale, net.policy(task.kind).patience)
        offered, said = await ask_for_tls(lines, str(task.params.get("app")))
        if not offered:
            return {"offered": offered, "said": said, **stream.timing()}
        if rest := lines.rest():
            # What came with the consent came in the clear: nobody may take it for what TLS protects.
            raise Failed(failure.PROTOCOL, {"offered": True, "excerpt": excerpt(rest)})
        with seen({"offered": True}):
            return {"offered": True, **await shake(TlsStream(stream, str(sni) if sni else None), net)}
    finally:
        stream.close()
