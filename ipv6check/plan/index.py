"""The inventory as one scan from one vantage needs it: which systems, names and literals, and how.

Built once a plan. Answers who declares a name or an address, whether an address may be
contacted, and under which conditions (gentle, until when).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ipv6check.inventory import delegation, schedule, scope
from ipv6check.inventory.delegation import Authority
from ipv6check.model.inventory import Endpoint, Host, Inventory, System, Vantage
from ipv6check.plan.batch import earliest

# Ports of JetDirect-like printers: whatever is sent there is printed. Never probed (interface.md §1).
PRINTER_PORTS = range(9100, 9108)
UNSCORED_GOALS = ("ipv4-only", "retired")

Permitted = Callable[[str, bool], str | None]
Declared = tuple[System, Host]


@dataclass(frozen=True, slots=True)
class Condition:
    """How an address may be contacted: one connection at a time, and never after `until` (UTC)."""

    gentle: bool = False
    until: datetime | None = None

    def __or__(self, other: Condition) -> Condition:
        return Condition(self.gentle or other.gentle, earliest(self.until, other.until))


@dataclass(frozen=True, slots=True)
class Index:
    """What `build` found; `names` and `literals` keep the inventory's order.

    `zones` are those that the inventory declares; `server_refusal` says why a name server on their
    delegation path may not be asked; `whole`: all systems are asked about, not a selection.
    """

    inventory: Inventory
    vantage: Vantage
    resolvers: tuple[Endpoint, ...]
    needs: frozenset[str]
    moment: datetime
    systems: tuple[System, ...]
    names: dict[str, list[Declared]]
    literals: dict[str, list[Declared]]
    permitted: Permitted
    ports: frozenset[int]
    zones: dict[str, list[Authority]]
    server_refusal: Callable[[str], str | None]
    audit_ports: tuple[int, ...] = ()
    active_pmtu: bool = False
    whole: bool = True
    _conditions: dict[str, Condition] = field(default_factory=dict)

    def condition(self, address: str, name: str | None = None) -> Condition:
        """Return the strictest condition of all systems that declare the address or the name.

        Systems that are not asked about count too: their windows and their load are their own.
        """
        strict = self._conditions.get(address, Condition())
        return strict if name is None else strict | self._conditions.get(name, Condition())

    def may_contact(self, address: str, port: int, *, by_dns: bool) -> bool:
        """Whether a target's address and port may be contacted at all."""
        return port not in PRINTER_PORTS and self.permitted(address, by_dns) is None

    def declares(self, name: str | None, address: str, port: int) -> bool:
        """Whether a system that is asked about offers a service on that port of that host."""
        declared = [*self.names.get(name or "", ()), *self.literals.get(address, ())]
        family = Endpoint(address, port).family
        return any(
            port in system.service(service).ports.get(family, ())
            for system, host in declared
            for service in host.services
        )


def build(
    inventory: Inventory,
    *,
    vantage: str,
    resolvers: tuple[Endpoint, ...],
    system_ids: frozenset[str] | None,
    needs: frozenset[str],
    moment: datetime,
    audit_ports: tuple[int, ...] = (),
    active_pmtu: bool = False,
) -> Index:
    """Sort the inventory for one scan; KeyError if there is no such vantage."""
    systems = tuple(s for s in inventory.systems if _asked(s, vantage, system_ids))
    names: dict[str, list[Declared]] = {}
    literals: dict[str, list[Declared]] = {}
    for system, host in _hosts(systems):
        if host.address is not None:
            literals.setdefault(host.address, []).append((system, host))
        elif host.name is not None:
            names.setdefault(host.name, []).append((system, host))
    return Index(
        inventory=inventory,
        vantage=inventory.vantage(vantage),
        resolvers=resolvers,
        needs=closure(needs),
        moment=moment,
        systems=systems,
        names=names,
        literals=literals,
        permitted=scope.permitted(inventory),
        ports=frozenset(_declared_ports(inventory.systems)),
        audit_ports=tuple(port for port in audit_ports if port not in PRINTER_PORTS),
        active_pmtu=active_pmtu,
        whole=system_ids is None or system_ids >= {system.id for system in inventory.systems},
        zones=delegation.zones(inventory),
        server_refusal=delegation.server_refusal(inventory),
        _conditions=_conditions(inventory, moment),
    )


CONVERSATIONS = (
    *("tls.handshake", "http.get", "smtp.greeting", "ssh.greeting", "ssh.hostkey", "app.greeting"),
    *("path.mtu", "tcp.time", "tls.starttls"),
)


def closure(needs: frozenset[str]) -> frozenset[str]:
    """Add what the needed kinds cannot be asked without: a conversation a connection, that a name.

    `dns.reverse`, `dns.views` and the like are no kinds of task, but further reasons for `dns.query`.
    """
    kinds = set(needs)
    if kinds & set(CONVERSATIONS):
        kinds.add("tcp.connect")
    contacts = {"path.echo", "tcp.connect", "udp.exchange"}
    if kinds & contacts or any(kind.startswith("dns.") for kind in kinds):
        kinds.add("dns.query")
    if "dns.query" in kinds:
        kinds.add("dns.tcp")
    return frozenset(kinds)


def _asked(system: System, vantage: str, system_ids: frozenset[str] | None) -> bool:
    if system_ids is not None and system.id not in system_ids:
        return False
    return vantage in system.vantages and system.goal not in UNSCORED_GOALS and system.probe != "none"


def _hosts(systems: Iterable[System]) -> Iterator[Declared]:
    for system in systems:
        for host in system.hosts:
            yield system, host


def _declared_ports(systems: Iterable[System]) -> Iterator[int]:
    for system in systems:
        for service in system.services:
            for ports in service.ports.values():
                yield from ports
        for closed in system.closed_ports:
            yield closed.port


def _conditions(inventory: Inventory, moment: datetime) -> dict[str, Condition]:
    conditions: dict[str, Condition] = {}
    for system in inventory.systems:
        condition = Condition(system.probe == "gentle", schedule.closes(system, moment))
        if condition == Condition():
            continue
        for host in system.hosts:
            declared = host.address or host.name or host.declared
            conditions[declared] = conditions.get(declared, Condition()) | condition
    return conditions
