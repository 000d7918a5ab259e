"""tcp.time: how long a round trip to an open port takes, where no conversation tells it by the way."""

from __future__ import annotations

from collections.abc import Mapping

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net.net import Net
from ipv6check.net.stream import Stream


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Connect and return `rtt_ms`, the kernel's own measure of the handshake; nothing is sent."""
    stream = await Stream.connect(task, net)
    try:
        return stream.timing()
    finally:
        stream.close()
