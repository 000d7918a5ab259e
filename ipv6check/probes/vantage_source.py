"""vantage.source: from which of our addresses would the kernel send, and through which gateway.

Sends nothing: it is asked by connecting a UDP socket, and by reading the routing table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net.net import Net
from ipv6check.net.routes import read_routes
from ipv6check.net.sources import scope_of, source_for

KIND: Final = "vantage.source"


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return `source`, its `scope`, the `gateways` towards the address and our on-link prefixes (`links`).

    Raises Failed(`local`) where there is no route or no source that suits the address.
    """
    if task.address is None:
        raise ValueError(f"{task.kind} needs an address")
    source = source_for(task.address)
    routes = read_routes()
    return {
        "source": source,
        "scope": scope_of(source),
        "gateways": list(routes.gateways(task.address)),
        "links": list(routes.links(6 if ":" in task.address else 4)),
    }
