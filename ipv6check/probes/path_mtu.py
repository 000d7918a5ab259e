"""path.mtu: one exchange in which one direction has more to say than fits into a packet.

`direction: response` asks little and reads much, `request` says much (4 kB) and reads little. With
`mss` the same is said in small packets: what passes so, and not without it, is stopped for its size.
What is sent is what the protocol permits and servers ignore; it is never more than 4 kB.
"""

from __future__ import annotations

from collections.abc import Mapping

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net.measured import MeasuredStream
from ipv6check.net.net import Net
from ipv6check.net.stream import seen
from ipv6check.probes import large_exchange


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return the sizes of segments and the longest wait; raise Failed with them where it did not end.

    `slow` is the word for an exchange that stalled. Bytes are those of TCP payload.
    """
    mss, address = task.params.get("mss"), task.address or ""
    stream = await MeasuredStream.connect(task, net, mss if isinstance(mss, int) else None)
    data: dict[str, JSON] = {}
    try:
        with seen(data):
            try:
                await large_exchange.hold(stream, task)
            finally:
                data.update(stream.measured(address))
        return data
    finally:
        stream.close()
