"""From a validated entry under `systems` to the model's System, with every default filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ipv6check.inventory.apps import NEVER_PROBED
from ipv6check.inventory.nodes import Journal, Map, locate
from ipv6check.inventory.sections import dependencies
from ipv6check.inventory.services import build_services, chosen
from ipv6check.inventory.system_schema import AttestedEntry, ClosedPortEntry, HostEntry, SystemEntry
from ipv6check.model.inventory import (
    Attested,
    ClosedPort,
    Host,
    Owner,
    Service,
    Source,
    System,
    Vantage,
    Window,
)
from ipv6check.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a system's defaults depend on."""

    vantages: tuple[Vantage, ...]
    timezone: str


def build_system(entry: SystemEntry, around: Surroundings, journal: Journal, node: Map) -> System:
    """Return the system; what does not fit together goes to the journal."""
    services = build_services(entry.services, journal, node)
    vantages = _vantages(entry, around.vantages)
    for number, given in enumerate(entry.depends_on):
        if given.system == entry.id:
            journal.error(locate(node, ("depends_on", number)), f'system "{entry.id}" depends on itself')
    return System(
        id=entry.id,
        name=entry.name or Text.same(entry.id),
        unit=entry.unit,
        site=entry.site,
        owner=Owner(name=entry.owner.name, contact=entry.owner.contact) if entry.owner else None,
        category=entry.category,
        criticality=entry.criticality,
        exposure=entry.exposure,
        goal=entry.goal,
        deadline=entry.deadline,
        phase=entry.phase,
        hosts=_hosts(entry, services, journal, node),
        services=services,
        closed_ports=_closed_ports(entry, services, vantages, around.vantages, journal, node),
        mail_domains=tuple(dict.fromkeys(entry.mail_domains)),
        mail_senders=tuple(dict.fromkeys(entry.mail_senders)),
        planned=tuple(dict.fromkeys(entry.planned)),
        vantages=vantages,
        depends_on=dependencies(entry.depends_on),
        probe=entry.probe,
        windows=tuple(
            Window(days=w.days, begin=w.begin, end=w.end, timezone=around.timezone) for w in entry.windows
        ),
        attested=tuple(_attested(a, n, journal, node) for n, a in enumerate(entry.attested)),
        source=journal.source(node.at),
    )


def _vantages(entry: SystemEntry, known: Iterable[Vantage]) -> tuple[str, ...]:
    """Return the vantages given, else those that see the system's exposure."""
    if entry.vantages is not None:
        return tuple(dict.fromkeys(entry.vantages))
    return tuple(vantage.name for vantage in known if entry.exposure in vantage.sees)


def _hosts(
    entry: SystemEntry, services: tuple[Service, ...], journal: Journal, node: Map
) -> tuple[Host, ...]:
    """Return the hosts; a host listed twice in the same words is kept once, in other words refused."""
    names = {given.name or given.host.name for given in entry.hosts} - {None}
    only_name = next(iter(names)) if len(names) == 1 else None
    found: dict[str, Host] = {}
    for number, given in enumerate(entry.hosts):
        at = locate(node, ("hosts", number))
        host = _host(given, services, only_name, journal.source(at))
        key = host.address or host.name or host.declared
        before = found.get(key)
        if before is None:
            found[key] = host
        elif replace(host, source=before.source, declared=before.declared) == before:
            journal.warn(at, f'"{host.declared}" is listed already, on line {before.source.line}')
        else:
            line = before.source.line
            message = (
                f'"{host.declared}" is listed already, on line {line}, with other settings: keep one entry'
            )
            journal.error(at, message)
    return tuple(found.values())


def _host(given: HostEntry, services: tuple[Service, ...], only_name: str | None, source: Source) -> Host:
    labels = given.services
    return Host(
        declared=given.host.declared,
        name=given.host.name,
        address=given.host.address,
        # A name speaks for itself; a literal takes the system's only name (interface.md §1).
        sni=given.name or given.host.name or only_name,
        role=given.role,
        pair=given.pair,
        services=tuple(s.id for s in services) if labels is None else chosen(labels, services),
        source=source,
    )


def _closed_ports(
    entry: SystemEntry,
    services: tuple[Service, ...],
    own: tuple[str, ...],
    known: Iterable[Vantage],
    journal: Journal,
    node: Map,
) -> tuple[ClosedPort, ...]:
    """Return the ports that must not answer, with the vantages they are tried from.

    The default is those of the system's own vantages that see the internet, else all of its own:
    from any other nothing is asked at all.
    """
    outside = tuple(v.name for v in known if v.name in own and "internet" in v.sees)
    offered = {p for s in services if s.transport == "tcp" for ports in s.ports.values() for p in ports}
    found: dict[int, ClosedPort] = {}
    for number, given in enumerate(entry.closed_ports):
        at = locate(node, ("closed_ports", number))
        if given.port in found:
            journal.error(at, f"port {given.port} is listed already: put its vantages in one entry")
            continue
        from_ = outside or own if given.vantages is None else tuple(dict.fromkeys(given.vantages))
        found[given.port] = ClosedPort(port=given.port, vantages=from_)
        if given.port in NEVER_PROBED:
            journal.warn(at, f"port {given.port} is never probed: printers print what connects to 9100–9107")
        _warn_of_closed_port(given, given.port in offered, own, journal, at)
    return tuple(found.values())


def _warn_of_closed_port(
    given: ClosedPortEntry, offered: bool, own: tuple[str, ...], journal: Journal, at: int
) -> None:
    if offered and given.vantages is None:
        journal.warn(
            at, f"port {given.port} is a declared service too: say with `from` where it must be closed"
        )
    for name in given.vantages or ():
        if name not in own:
            journal.warn(at, f'nothing is asked of this system from vantage "{name}": see its `vantages`')


def _attested(given: AttestedEntry, number: int, journal: Journal, node: Map) -> Attested:
    return Attested(
        check=given.check,
        verdict=given.verdict,
        by=given.by,
        date=given.day,
        expires=given.expires,
        evidence=given.evidence,
        source=journal.source(locate(node, ("attested", number))),
    )
