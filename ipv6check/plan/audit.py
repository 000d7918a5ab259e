"""Audit ports over IPv4: asked at the end, of what IPv6 was seen to open and of nothing else.

Whether IPv6 opens more than IPv4 can only go wrong where IPv6 answers, so half of the questions are
never put.
"""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.model.inventory import Host, System
from ipv6check.model.task import STAGE_AUDIT, STAGE_CLOSED, Task
from ipv6check.plan import spots
from ipv6check.plan.index import Index
from ipv6check.plan.results import Results
from ipv6check.plan.targets import Spot


def counterparts(index: Index, results: Results) -> Iterator[Task]:
    """Yield a connection to the IPv4 addresses of each pair of which an audit port was open over IPv6."""
    opened: dict[str, set[int]] = {}
    for settled in results.values():
        task = settled.task
        if task.stage == STAGE_AUDIT and settled.outcome == "ok" and task.address and task.port:
            opened.setdefault(task.address, set()).add(task.port)
    if not opened:
        return
    for system in index.systems:
        declared = {p for service in system.services for ports in service.ports.values() for p in ports}
        for hosts in _pairs(system):
            six = {address for host in hosts for address in _addresses(index, results, host, 6)}
            ports = {port for address in six for port in opened.get(address, ())} - declared
            for port in sorted(ports):
                yield from _asked(index, results, system, hosts, port)


def _pairs(system: System) -> list[list[Host]]:
    found: dict[str | None, list[Host]] = {}
    for host in system.hosts:
        found.setdefault(host.pair, []).append(host)
    return list(found.values())


def _addresses(index: Index, results: Results, host: Host, family: int) -> tuple[str, ...]:
    """Return the contacted addresses of a host of one family."""
    if host.address is not None:
        own = (":" in host.address) == (family == 6)
        return (host.address,) if own and index.permitted(host.address, False) is None else ()
    name = host.name or ""
    return spots.contacted(index, name, results.addresses(name, 6 if family == 6 else 4))


def _asked(index: Index, results: Results, system: System, hosts: list[Host], port: int) -> Iterator[Task]:
    for host in hosts:
        for address in _addresses(index, results, host, 4):
            condition = index.condition(address, host.name)
            if not condition.gentle:
                spot = Spot(index, system, host, address, 4, condition)
                yield spot.ask("tcp.connect", port, {}, stage=STAGE_CLOSED)
