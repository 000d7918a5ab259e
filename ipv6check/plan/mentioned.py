"""Foreign names that a service or the inventory depends on: asked of the DNS, never contacted.

A page names what it loads, a certificate where its revocation can be asked, a system what it
depends on. Whether these have IPv6 is a question to the vantage's resolvers alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.plan import names, places
from ipv6check.plan.index import Index

MOST = 32  # of one observation
MAX_NAME = 253


def of_observation(index: Index, observation: Observation) -> Iterator[Task]:
    """Yield the A and AAAA questions for the hosts that a page or a certificate names."""
    if observation.outcome == "crashed" or "dns.query" not in index.needs:
        return
    data = observation.data
    if observation.task.kind == "http.get":
        found = data.get("references")
        hosts = found.get("hosts") if isinstance(found, Mapping) else None
    else:
        hosts = data.get("revocation")
    for host in _names(hosts):
        if host not in index.names:
            yield from names.lookups(index, host)


def of_inventory(index: Index) -> Iterator[Task]:
    """Yield the questions for the outside hosts that systems, or their equipment, depend on."""
    needed = {each.id for each in index.systems}
    devices = {each.id: each for each in index.inventory.equipment}
    systems = {each.id: each for each in index.inventory.systems}
    waiting = [*(each.depends_on for each in index.systems)]
    seen: set[tuple[str, str]] = {("system", each) for each in needed}
    hosts: dict[str, None] = {}
    while waiting:
        for need in waiting.pop():
            if (need.kind, need.target) in seen:
                continue
            seen.add((need.kind, need.target))
            if need.kind == "host":
                hosts[need.target] = None
            elif need.kind == "system" and need.target in systems:
                waiting.append(systems[need.target].depends_on)
            elif need.kind == "equipment" and need.target in devices:
                waiting.append(devices[need.target].depends_on)
    for host in hosts:
        if places.literal(host) is None and host not in index.names:
            yield from names.lookups(index, host)


def _names(hosts: JSON) -> Iterator[str]:
    if not isinstance(hosts, Sequence) or isinstance(hosts, str):
        return
    for host in hosts[:MOST]:
        if isinstance(host, str) and 0 < len(host) <= MAX_NAME and places.is_name(host):
            yield host
