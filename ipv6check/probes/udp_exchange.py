"""udp.exchange: one request over UDP where we know the protocol (`exchanges`), else an empty datagram.

For apps without an exchange silence says nothing and a reply is not expected; only an ICMP error tells.
"""

from __future__ import annotations

from collections.abc import Mapping

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import udp
from ipv6check.net.net import Net
from ipv6check.probes.exchanges import Another, Exchange, Place, find


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return `valid` and `detail` for the first valid reply; raise Failed (`closed`, `no_answer`, …).

    Datagrams that are no answer to our request (late ones, forged ones) are counted and passed over.
    """
    place = Place(
        app=str(task.params.get("app")),
        transport="udp",
        port=task.port or 0,
        name=str(task.params.get("name") or ""),
        address=task.address or "",
    )
    exchange = find(place) or Exchange(read=_size)

    def is_valid(datagram: bytes) -> bool:
        return _read(exchange, datagram) is not None

    reply = await udp.exchange(task, net, exchange.request, is_valid)
    return {"valid": True, "detail": _read(exchange, reply)}


def _read(exchange: Exchange, datagram: bytes) -> str | None:
    try:
        return exchange.read(datagram)
    except Another:
        return None


def _size(datagram: bytes) -> str:
    return f"{len(datagram)} bytes"
