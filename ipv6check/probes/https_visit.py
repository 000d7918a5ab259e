"""http.get and tls.handshake over one connection: the first fetch of a page shows the handshake as well.

The connection is the fetch's own, with its deadline and its ALPN (HTTP/1.1). Only a fetch that came to its
end answers for the handshake: whatever went wrong is the fetch's, and the handshake is asked by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net.net import Net
from ipv6check.net.stream import Stream
from ipv6check.net.tls import TlsStream
from ipv6check.probes import http_get, tls_handshake


async def probe(task: Task, net: Net) -> tuple[Mapping[str, JSON], Mapping[str, JSON]]:
    """Return the data of `http.get`, and those of the `tls.handshake` that came before it."""
    stream = await Stream.connect(task, net)
    try:
        channel = await http_get.secured(stream, task)
        page = await http_get.fetch(channel, task)
        shown = tls_handshake.facts(channel) if isinstance(channel, TlsStream) else {}
        timing = stream.timing()
        channel.close()
        return {**page, **timing}, {**shown, **timing}
    finally:
        stream.close()
