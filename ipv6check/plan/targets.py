"""The questions put to one address: its declared services with their conversations, its closed ports."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ipv6check.inventory.apps import APPS, STARTTLS, TLS_FIRST
from ipv6check.inventory.delegation import asked_zones
from ipv6check.model.inventory import Family, Host, Service, System
from ipv6check.model.task import (
    STAGE_AUDIT,
    STAGE_CLOSED,
    STAGE_CONVERSATIONS,
    STAGE_SERVICES,
    Task,
    make_task,
)
from ipv6check.model.text import JSON
from ipv6check.plan import large
from ipv6check.plan.index import PRINTER_PORTS, Condition, Index

MANY_PORTS = 16  # of one service: more are sampled
FIRST_PORTS = 3

HTTP = frozenset({"http", "https"})
SMTP = frozenset({"smtp", "submission"})
TIMED = TLS_FIRST | HTTP | SMTP | {"ssh"}  # their conversations tell how long a round trip takes
FETCHES: dict[Family, tuple[int, ...]] = {4: (1, 2), 6: (1,)}  # IPv4's own variation is the noise floor
_DATAGRAMS = frozenset({"udp.exchange", "dns.query"})


@dataclass(frozen=True, slots=True)
class Spot:
    """One address as one declared host of one system; for an estimate `address` may be a name."""

    index: Index
    system: System
    host: Host
    address: str
    family: Family
    condition: Condition

    @property
    def server_name(self) -> str | None:
        """The name for SNI and Host, None if there is none."""
        return self.host.sni or self.host.name

    def ask(
        self,
        kind: str,
        port: int | None,
        params: Mapping[str, JSON],
        *,
        stage: int = STAGE_SERVICES,
        parent: Task | None = None,
        label: str = "",
    ) -> Task:
        """Make one question to a port of this address."""
        return make_task(
            kind,
            vantage=self.index.vantage.name,
            family=self.family,
            address=self.address,
            port=port,
            transport="" if port is None else "udp" if kind in _DATAGRAMS else "tcp",
            params=params,
            subject=f"{self.host.declared} {label or port}",
            parent=parent.id if parent is not None else None,
            stage=stage,
            gentle=self.condition.gentle,
            until=self.condition.until,
        )


def tasks(spot: Spot) -> Iterator[Task]:
    """Yield everything to be asked of the address for this host: services, conversations, shut ports."""
    for service_id in spot.host.services:
        service = spot.system.service(service_id)
        for port in asked_ports(service, spot.family):
            yield from _service(spot, service, port)
    yield from echoes(spot)
    for closed in spot.system.closed_ports:
        if spot.index.vantage.name in closed.vantages and closed.port not in PRINTER_PORTS:
            yield from _connect(spot, closed.port, STAGE_CLOSED)
    if spot.family == 6:
        for port in audited(spot):
            yield from _connect(spot, port, STAGE_AUDIT)


def audited(spot: Spot) -> Iterator[int]:
    """Yield the ports tried on an address though nobody declared them: not of gentle systems.

    Nor on loopback: what listens there is not the target's but this machine's own. IPv4 is asked for
    what IPv6 opens only, at the end (plan/audit.py).
    """
    if spot.condition.gentle or _is_loopback(spot.address):
        return
    declared = {
        port for service in spot.system.services for ports in service.ports.values() for port in ports
    }
    declared |= {closed.port for closed in spot.system.closed_ports}
    yield from (port for port in spot.index.audit_ports if port not in declared)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False  # a name that stands for an address, in an estimate


def echoes(spot: Spot) -> Iterator[Task]:
    """Yield the echo requests to an IPv6 address: a whole one, and if it is answered odd ones."""
    if spot.family != 6 or "path.echo" not in spot.index.needs:
        return
    plain = spot.ask("path.echo", None, {"form": "plain"}, stage=STAGE_CONVERSATIONS, label="echo")
    yield plain
    if spot.condition.gentle or _is_loopback(spot.address):
        return
    # Only the raw helper can add a destination option.
    for form in ("fragment", "options") if spot.index.active_pmtu else ("fragment",):
        yield spot.ask("path.echo", None, {"form": form}, stage=STAGE_CLOSED, parent=plain, label="echo")


def asked_ports(service: Service, family: Family) -> tuple[int, ...]:
    """Return the ports of a service that are probed: of many the first three and the last."""
    ports = tuple(p for p in service.ports.get(family, ()) if p not in PRINTER_PORTS)
    return ports if len(ports) <= MANY_PORTS else (*ports[:FIRST_PORTS], ports[-1])


def _service(spot: Spot, service: Service, port: int) -> Iterator[Task]:
    label = service.app if service.ports.get(spot.family) == (port,) else f"{service.app}:{port}"
    if service.app == "dns" and spot.family == 6 and "dns.answers" in spot.index.needs:
        yield from _zones(spot, service, port)
    if service.transport == "udp":
        if "udp.exchange" in spot.index.needs:
            params: dict[str, JSON] = {"app": service.app, "name": _asked_name(spot, service)}
            yield spot.ask("udp.exchange", port, params, label=label)
        return
    for connect in _connect(spot, port, STAGE_SERVICES, label):
        yield connect
        yield from large.exchanges(spot, service, port, connect, label)
        shaken: Task | None = None
        for kind, params in (*conversations(spot, service), *_timings(service)):
            if kind not in spot.index.needs:
                continue
            asked = spot.ask(kind, port, params, stage=STAGE_CONVERSATIONS, parent=connect, label=label)
            if kind == "tls.handshake":
                shaken = asked
            elif kind == "http.get" and shaken is not None:
                # The first fetch shows the handshake too.
                asked, shaken = replace(asked, answers=shaken), None
            yield asked


def _timings(service: Service) -> Iterator[tuple[str, dict[str, JSON]]]:
    """Yield the connections by which a round trip is timed, where no conversation tells it by the way.

    The first connection to a host may take a second longer: it is never the only one.
    """
    if service.app not in TIMED:
        for sample in (1, 2):
            yield "tcp.time", {"sample": sample}


def _zones(spot: Spot, service: Service, port: int) -> Iterator[Task]:
    """Yield the questions, over UDP and TCP, that show whether a DNS server serves its zones over IPv6."""
    recursive = service.role == "recursive"
    for zone in asked_zones(service, spot.server_name):
        params: dict[str, JSON] = {"name": zone, "type": "SOA", "purpose": "service", "rd": recursive}
        for kind in ("dns.query", "dns.tcp"):
            yield spot.ask(kind, port, {**params, "cd": False, "edns": True}, label=f"{zone or '.'} SOA")


def _connect(spot: Spot, port: int, stage: int, label: str = "") -> Iterator[Task]:
    if "tcp.connect" in spot.index.needs:
        yield spot.ask("tcp.connect", port, {}, stage=stage, label=label)


def _asked_name(spot: Spot, service: Service) -> str:
    """Return the name that is asked about: of a DNS server its zone, else its own name, else the root.

    A SIP server is asked by its own name; other protocols name nobody.
    """
    if service.app in ("sip", "sips"):
        return spot.server_name or ""
    if service.app != "dns":
        return ""
    return service.zones[0] if service.zones else spot.server_name or ""


def conversations(spot: Spot, service: Service) -> Iterator[tuple[str, dict[str, JSON]]]:
    """Yield kind and parameters of each conversation with a TCP service."""
    app, name = service.app, spot.server_name
    if app in TLS_FIRST:
        yield "tls.handshake", {"sni": name, "app": app}
    if app in HTTP:
        for fetch in FETCHES[spot.family]:
            yield "http.get", http_params(app == "https", name, spot.address, service.path or "/", fetch, 0)
    elif app in SMTP:
        yield "smtp.greeting", {"app": app, "tls": False}
    elif app == "smtps":
        yield "smtp.greeting", {"app": app, "tls": True, "sni": name}
    elif app == "ssh":
        yield "ssh.greeting", {}
        yield "ssh.hostkey", {}
    elif service.transport in APPS[app].spoken:
        tls = app in TLS_FIRST
        asked = _asked_name(spot, service)
        yield "app.greeting", {"app": app, "tls": tls, "sni": name if tls else None, "name": asked}
    if app in STARTTLS:
        yield "tls.starttls", {"sni": name, "app": app}


def http_params(
    tls: bool, name: str | None, address: str, path: str, fetch: int, hop: int
) -> dict[str, JSON]:
    """Return the parameters of one fetch; without a name the Host is the literal and there is no SNI."""
    return {
        "tls": tls,
        "sni": name if tls else None,
        "host": name or address,
        "path": path,
        "fetch": fetch,
        "hop": hop,
    }
