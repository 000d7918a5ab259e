"""From validated services to the model: ids, ports by family, and how hosts choose among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ipv6check.inventory.apps import APPS, NEVER_PROBED
from ipv6check.inventory.nodes import Journal, Map, Node, Scalar, Seq, locate, text_of
from ipv6check.inventory.system_schema import ServiceEntry
from ipv6check.model.inventory import Family, Service


def build_services(entries: list[ServiceEntry], journal: Journal, node: Map) -> tuple[Service, ...]:
    """Return the system's services, each with its id; errors and warnings go to the journal."""
    apps = Counter(entry.app for entry in entries)
    labels = [_label(entry.app, _shown(entry.offered())) for entry in entries]
    repeated = Counter(labels)
    found: list[Service] = []
    for number, (entry, label) in enumerate(zip(entries, labels, strict=True)):
        transport = entry.transport or APPS[entry.app].transports[0]
        at = locate(node, ("services", number))
        identity = entry.app if apps[entry.app] == 1 else label
        if repeated[label] > 1:
            identity = f"{label}/{transport}"
        service = Service(
            id=identity,
            app=entry.app,
            ports=entry.offered(),
            transport=transport,
            path=entry.path,
            expect_status=entry.expect_status,
            role=entry.role,
            zones=tuple(entry.zones),
            source=journal.source(at),
        )
        _compare(service, found, journal, at)
        _warn_of_printers(service, journal, at)
        found.append(service)
    return tuple(found)


def chosen(labels: Iterable[str], services: tuple[Service, ...]) -> tuple[str, ...]:
    """Return the ids of the services that a host's labels mean, in the system's order."""
    wanted = set(labels)
    return tuple(service.id for service in services if wanted & aliases(service))


def aliases(service: Service) -> set[str]:
    """Return what a host may call a service: `https`, `https:8443`, `dns:53/tcp`."""
    label = _label(service.app, _shown(service.ports))
    return {service.app, label, f"{label}/{service.transport}"}


def raw_labels(services: Node | None) -> tuple[str, ...]:
    """Return the labels of services not validated yet, so that a host's choice can be checked at once."""
    found: dict[str, None] = {}
    for item in services.items if isinstance(services, Seq) else ():
        app = text_of(item.get("app") if isinstance(item, Map) else item)
        if app is None:
            continue
        found[app] = None
        ports = _raw_ports(item, app)
        if ports:
            label = _label(app, ports)
            found |= dict.fromkeys((label, f"{label}/tcp", f"{label}/udp"))
    return tuple(found)


def _raw_ports(item: Node, app: str) -> str:
    given = (item.get("port") or item.get("ports")) if isinstance(item, Map) else None
    if isinstance(given, Scalar):
        return given.text.replace(" ", "")
    if isinstance(given, Map):
        texts = [text_of(given.get(family)) for family in ("4", "6")]
        return ",".join(dict.fromkeys(text.replace(" ", "") for text in texts if text))
    standard = APPS[app].port if app in APPS else None
    return str(standard) if standard else ""


def _label(app: str, ports: str) -> str:
    return f"{app}:{ports}"


def _shown(ports: Mapping[Family, tuple[int, ...]]) -> str:
    """Return ports as text: `443`, `16384-16484`, or `8443,443` where IPv4 and IPv6 differ."""
    texts = [f"{p[0]}-{p[-1]}" if len(p) > 1 else f"{p[0]}" for _, p in sorted(ports.items()) if p]
    return ",".join(dict.fromkeys(texts))


def _compare(service: Service, before: list[Service], journal: Journal, at: int) -> None:
    """Note a service that is declared twice, whole or for some of its ports."""
    for other in before:
        if (other.app, other.transport) != (service.app, service.transport):
            continue
        place = f"line {other.source.line}"
        if other.ports == service.ports:
            message = f"{service.app} on these ports is declared already, on {place}: keep one of them"
            journal.error(at, message)
            return
        for family, ports in service.ports.items():
            both = sorted(set(ports) & set(other.ports.get(family, ())))
            if both:
                what = f"{service.app} on port {both[0]} over IPv{family}"
                journal.warn(at, f"{what} is declared already, on {place}")


def _warn_of_printers(service: Service, journal: Journal, at: int) -> None:
    printers = sorted({p for ports in service.ports.values() for p in ports if p in NEVER_PROBED})
    if printers:
        journal.warn(at, f"port {printers[0]} is never probed: printers print what connects to 9100–9107")
