"""Whom a scan would contact and why, how many packets that takes, and about how long: no packet sent.

The addresses behind names are not known before the DNS is asked: each name counts as one address
of each family, and every question as answered at the first try: what another question's conversation
answers as well takes no packet of its own. Audit ports over IPv4 are listed, but
not counted: they are asked only if IPv6 opens them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ipv6check.inventory.delegation import DNS_PORT
from ipv6check.model.inventory import FAMILIES, Family, Service, Source, System
from ipv6check.model.task import Task
from ipv6check.plan import looks, management, spots, targets, vantage, views, walk
from ipv6check.plan.index import PRINTER_PORTS, Declared, Index

Role = Literal["target", "management", "resolver", "canary", "control"]

# Packets in both directions when everything is answered at once.
PACKETS: Mapping[str, int] = {
    "vantage.source": 0,
    "vantage.canary": 4,
    "dns.query": 2,
    "dns.tcp": 10,
    "tcp.connect": 4,
    "tcp.time": 7,
    "tls.handshake": 14,
    "tls.starttls": 20,
    "http.get": 18,
    "smtp.greeting": 14,
    "ssh.greeting": 8,
    "ssh.hostkey": 14,
    "app.greeting": 10,
    "udp.exchange": 2,
    "path.mtu": 28,
    "path.echo": 2,
}
# One silent port: three tries of four SYNs (0, 1, 3 and 7 s), over half a minute.
SILENT_PACKETS = 12
SILENT_SECONDS = 31.0
DNS_RATE = 250.0  # questions a second to one server (net/dns_window.py)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One address, or one name whose addresses are not known yet (`family` None), and why it is asked.

    `ports` are (transport, port, kinds of question); `why` are ids of systems, or of equipment, with their
    place in the inventory (none for resolvers, canaries and controls: the vantage names them).
    """

    role: Role
    host: str
    family: Family | None
    ports: tuple[tuple[str, int | None, tuple[str, ...]], ...]
    why: tuple[tuple[str, Source], ...] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A service with too many ports to probe them all."""

    system: str
    service: str
    declared: int
    probed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What `plan` prints. `probes` counts tasks by kind; `seconds` assumes that everything answers.

    Each silent port adds `SILENT_PACKETS`, and all of them together about `SILENT_SECONDS`.
    """

    contacts: tuple[Contact, ...]
    names: int
    literals: int
    ports: int
    probes: Mapping[str, int]
    packets: int
    seconds: float
    sampled: tuple[Sampled, ...]
    closed_windows: tuple[str, ...]


def estimate(index: Index, initial: Iterable[Task], *, rate: float) -> Estimate:
    """Count what the plan would ask, at `rate` connections a second (0: no limit)."""
    tasks = {task.id: task for task in initial}
    for name in index.names:
        for family in FAMILIES:
            tasks.update((task.id, task) for task in spots.unresolved(index, name, family))
    probes = Counter(task.kind for task in tasks.values())
    by_the_way = {task.answers.id for task in tasks.values() if task.answers is not None}
    sent = Counter(task.kind for task in tasks.values() if task.id not in by_the_way)
    connections = sum(count for kind, count in sent.items() if not kind.startswith(("dns.", "vantage.")))
    again = looks.most(tasks.values())
    questions = probes["dns.query"]
    return Estimate(
        contacts=tuple(_contacts(index, [*tasks.values(), *spots.possible(index)])),
        names=len(index.names),
        literals=len(index.literals),
        ports=len({(t.address, t.port, t.transport) for t in tasks.values() if t.kind in _TO_PORTS}),
        probes=dict(sorted(probes.items())),
        packets=sum(PACKETS[kind] * count for kind, count in sent.items()) + PACKETS["tcp.connect"] * again,
        seconds=(questions / DNS_RATE + (connections + again) / rate if rate else 0.0) + 1.0,
        sampled=tuple(_sampled(index.systems)),
        closed_windows=tuple(_closed_windows(index, tasks.values())),
    )


_TO_PORTS = ("tcp.connect", "udp.exchange")


def _contacts(index: Index, tasks: Iterable[Task]) -> Iterator[Contact]:
    ports: dict[str, dict[tuple[str, int | None], list[str]]] = {}
    for task in tasks:
        if task.address is not None and not task.kind.startswith(("dns.", "vantage.")):
            kinds = ports.setdefault(task.address, {}).setdefault((task.transport, task.port), [])
            if task.kind not in kinds:
                kinds.append(task.kind)
    if "dns.query" in index.needs and (index.names or index.resolvers):
        for server in (*index.resolvers, *views.endpoints(index)):
            asked = (("udp", server.port, ("dns.query",)), ("tcp", server.port, ("dns.tcp",)))
            yield Contact(role="resolver", host=server.address, family=server.family, ports=asked)
    for address in walk.roots(index):
        asked = (("udp", DNS_PORT, ("dns.query",)), ("tcp", DNS_PORT, ("dns.tcp",)))
        yield Contact(role="resolver", host=address, family=6 if ":" in address else 4, ports=asked)
    for task in vantage.canaries(index, 0):
        tried = ((task.transport, task.port, (task.kind,)),)
        yield Contact(role="canary", host=task.address or "", family=task.family, ports=tried)
    for control in index.vantage.controls:
        if control.port not in PRINTER_PORTS:
            tried = (("tcp", control.port, ("tcp.connect",)),)
            yield Contact(role="control", host=control.address, family=control.family, ports=tried)
    for name, declared in index.names.items():
        yield _target(name, None, ports.get(name, {}), declared)
    for address, declared in index.literals.items():
        family: Family = 6 if ":" in address else 4
        refused = index.permitted(address, False)
        yield _target(address, family, ports.get(address, {}), declared, refused)
    yield from _managed(index)


def _managed(index: Index) -> Iterator[Contact]:
    """Yield the management addresses of equipment; several devices may share one."""
    asked: dict[str, set[int]] = {}
    for task in management.tasks(index):
        asked.setdefault(task.address or "", set()).add(task.port or 0)
    owners: dict[str, list[tuple[str, Source]]] = {}
    for item in management.devices(index):
        for address in item.management:
            owners.setdefault(address, []).append((item.id, item.source))
    for address, why in owners.items():
        ports = sorted(asked.get(address, ()))
        yield Contact(
            role="management",
            host=address,
            family=6 if ":" in address else 4,
            ports=tuple(("tcp", port, ("tcp.connect",)) for port in ports),
            why=tuple(why),
            refused=index.permitted(address, False),
        )


def _target(
    host: str,
    family: Family | None,
    ports: dict[tuple[str, int | None], list[str]],
    declared: list[Declared],
    refused: str | None = None,
) -> Contact:
    return Contact(
        role="target",
        host=host,
        family=family,
        ports=tuple((transport, port, tuple(kinds)) for (transport, port), kinds in ports.items()),
        why=tuple((system.id, entry.source) for system, entry in declared),
        refused=refused,
    )


def _sampled(systems: Iterable[System]) -> Iterator[Sampled]:
    for system in systems:
        for service in system.services:
            declared, probed = _most_ports(service)
            if probed < declared:
                yield Sampled(system=system.id, service=service.id, declared=declared, probed=probed)


def _most_ports(service: Service) -> tuple[int, int]:
    """Return how many ports are declared and probed, of the family that declares most."""
    family = max(FAMILIES, key=lambda f: len(service.ports.get(f, ())))
    return len(service.ports.get(family, ())), len(targets.asked_ports(service, family))


def _closed_windows(index: Index, tasks: Iterable[Task]) -> Iterator[str]:
    """Yield the systems whose window is closed now: their addresses are skipped."""
    closed = {task.address for task in tasks if task.until is not None and task.until <= index.moment}
    for system in index.systems:
        if any((host.address or host.name) in closed for host in system.hosts):
            yield system.id
