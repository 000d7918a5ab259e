"""path.mtu: one exchange in which one direction has more to say than fits into a packet.

`direction: response` asks little and reads much, `request` says much (4 kB) and reads little. With
`mss` the same is said in small packets: what passes so, and not without it, is stopped for its size.
What is sent is what the protocol permits and servers ignore; it is never more than 4 kB. With
`forged` the server is told first, by a Packet Too Big of our own making, that 1280 is the path's MTU.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net.failure import NO_PRIVILEGE, Failed
from ipv6check.net.measured import MeasuredStream
from ipv6check.net.net import Net
from ipv6check.net.stream import seen
from ipv6check.probes import large_exchange

if TYPE_CHECKING:
    from ipv6check.net.raw_helper import RawHelper

LEAST_MTU: Final = 1280  # RFC 8200 §5
SETTLE: Final = 0.3
"""Seconds that a forged Packet Too Big gets to arrive before anything large is asked for."""


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return the sizes of segments and the longest wait; raise Failed with them where it did not end.

    `slow` is the word for an exchange that stalled. Bytes are those of TCP payload.
    """
    mss, address = task.params.get("mss"), task.address or ""
    raw = await _forger(task, net) if task.params.get("forged") else None
    stream = await MeasuredStream.connect(task, net, mss if isinstance(mss, int) else None)
    data: dict[str, JSON] = {}
    try:
        with seen(data):
            if raw is not None:
                await _forge(raw, stream, task)
                data["forged"] = LEAST_MTU
                await asyncio.sleep(SETTLE * net.policy_scale)
            try:
                await large_exchange.hold(stream, task)
            finally:
                data.update(stream.measured(address))
        return data
    finally:
        stream.close()


async def _forger(task: Task, net: Net) -> RawHelper:
    """Return the raw helper, which from now on notes this server's sequence numbers."""
    if net.raw is None or task.address is None or task.port is None:
        raise Failed(NO_PRIVILEGE, {"detail": "scan with --active-pmtu"})
    net.permit(task.address, task.port)
    await net.raw.watch(task.address, task.port)
    return net.raw


async def _forge(raw: RawHelper, stream: MeasuredStream, task: Task) -> None:
    """Tell the server, as a router on its way to us would, that a packet of it was too big."""
    ours, our_port = stream.socket.getsockname()[:2]
    await raw.forge(str(ours), int(our_port), task.address or "", task.port or 0, LEAST_MTU)
