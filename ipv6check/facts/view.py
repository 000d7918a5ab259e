"""`SystemView`: everything that the facts say of one system, as checks read it.

Look-ups are pure and cached. A fact about an address is masked already: what the vantage could not
see is unknown here, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from ipv6check.addressplan import PlanTree
from ipv6check.facts.dns_view import DnsView
from ipv6check.facts.names import NameFact
from ipv6check.facts.pages import visits
from ipv6check.facts.published import Published, of_literal, of_name
from ipv6check.facts.steadiness import Steadiness
from ipv6check.facts.talks import Talk, of_host, spoken, talk
from ipv6check.facts.trust import TrustStore
from ipv6check.facts.visits import Visit
from ipv6check.inventory.apps import APPS, TLS_FIRST
from ipv6check.model.fact import Fact
from ipv6check.model.inventory import Family, Host, Inventory, Service, System
from ipv6check.model.run import RunMeta

if TYPE_CHECKING:
    from ipv6check.facts.derive import Facts

Remembered = TypeVar("Remembered")

MANY_PORTS = 16
FIRST_PORTS = 3
PRINTER_PORTS = range(9100, 9108)
"""Never probed (interface.md §1)."""

_TALKS = {
    "https": "http.get",
    "http": "http.get",
    "smtp": "smtp.greeting",
    "smtps": "smtp.greeting",
    "submission": "smtp.greeting",
    "ssh": "ssh.greeting",
}


@dataclass(slots=True)
class SystemView:
    """One system as its vantages saw it."""

    facts: Facts
    system: System
    _published: dict[tuple[str, Host, Family], Published] = field(default_factory=dict)
    _endpoints: dict[tuple[str, Host, str, Family], tuple[Fact, ...]] = field(default_factory=dict)
    _remembered: dict[Hashable, object] = field(default_factory=dict)

    def remember(self, key: Hashable, make: Callable[[], Remembered]) -> Remembered:
        """Return what `make` gives, made once for a key: checks of one system share what they work out."""
        if key not in self._remembered:
            self._remembered[key] = make()
        return cast("Remembered", self._remembered[key])

    @property
    def inventory(self) -> Inventory:
        """The whole inventory."""
        return self.facts.inventory

    @property
    def plan(self) -> PlanTree:
        """The address plan."""
        return self.facts.plan

    @property
    def run(self) -> RunMeta:
        """The run's own description; "now" is its `started`."""
        return self.facts.run

    @property
    def vantages(self) -> tuple[str, ...]:
        """The vantages the system is looked at from, whether they took part in this run or not."""
        return self.system.vantages

    @property
    def trust(self) -> TrustStore:
        """The certificate roots: the system's own and the inventory's."""
        return self.facts.trust

    def pairs(self) -> tuple[tuple[str | None, tuple[Host, ...]], ...]:
        """Return the groups of hosts that are compared across families, by the name of their pair."""
        found: dict[str | None, list[Host]] = {}
        for host in self.system.hosts:
            found.setdefault(host.pair, []).append(host)
        return tuple((pair, tuple(hosts)) for pair, hosts in found.items())

    def pair_of(self, host: Host) -> tuple[Host, ...]:
        """Return the hosts that a host is compared with, itself included."""
        return tuple(each for each in self.system.hosts if each.pair == host.pair)

    def ipv6_hosts(self) -> tuple[Host, ...]:
        """Return the hosts that are judged over IPv6: names and IPv6 literals.

        Of a pair that has neither, the first host stands for the IPv6 address that is missing.
        """
        found: list[Host] = []
        for _, hosts in self.pairs():
            able = [host for host in hosts if host.address is None or ":" in host.address]
            found += able or hosts[:1]
        return tuple(found)

    def ipv4_hosts(self) -> tuple[Host, ...]:
        """Return the hosts that can have an IPv4 address: names and IPv4 literals."""
        return tuple(each for each in self.system.hosts if each.address is None or ":" not in each.address)

    def services_of(self, host: Host) -> tuple[Service, ...]:
        """Return what a host offers; for one that stands for a pair without IPv6, what the pair offers."""
        hosts = (host,) if host.address is None or ":" in host.address else self.pair_of(host)
        wanted = {service for each in hosts for service in each.services}
        return tuple(service for service in self.system.services if service.id in wanted)

    def translated(self, vantage: str) -> bool:
        """Whether the vantage's IPv4 is a translator's: nothing can be compared with it."""
        return self.facts.translated(vantage)

    def explicit(self, address: str) -> bool:
        """Whether an address lies in a scope that the inventory gives."""
        return self.facts.explicit(address)

    def name(self, vantage: str, host: Host, family: Family) -> NameFact:
        """Return what the vantage's DNS view says of a host that is a name."""
        return self.facts.names.lookup(vantage, host.name or host.declared, family)

    @property
    def dns(self) -> DnsView:
        """What the DNS says beyond the addresses of the system's own names."""
        return DnsView(self.facts, self.system)

    def known_elsewhere(self, vantage: str, host: Host) -> bool:
        """Whether another vantage of the system knows a name that this one's view does not."""
        others = (each for each in self.vantages if each != vantage)
        return any(self.name(other, host, f).said.exists for other in others for f in (4, 6))

    def doubt(self, vantage: str, host: Host, family: Family) -> str:
        """Return why it is unknown whether a host has an address of a family; empty if it is known.

        A name that this vantage's view does not have, but another's has, is known not to be there.
        """
        published = self.published(vantage, host, family)
        if published.answer != "unknown":
            return ""
        if published.reason == "dns.nxdomain" and self.known_elsewhere(vantage, host):
            return ""
        return published.reason

    def published(self, vantage: str, host: Host, family: Family) -> Published:
        """Return what a host has of a family."""
        key = (vantage, host, family)
        if key not in self._published:
            refusal = self.facts.refusal
            if host.address is not None:
                found = of_literal(host.address, family, refusal)
            else:
                other: Family = 4 if family == 6 else 6
                found = of_name(self.name(vantage, host, family), self.name(vantage, host, other), refusal)
            self._published[key] = found
        return self._published[key]

    def ports(self, vantage: str, service: Service, family: Family, address: str) -> tuple[int, ...]:
        """Return the ports of a service that are asked; of very many only some are."""
        ports = tuple(p for p in service.ports.get(family, ()) if p not in PRINTER_PORTS)
        if len(ports) <= MANY_PORTS:
            return ports
        asked = tuple(p for p in ports if self.facts.asked(vantage, address, p, service.transport))
        return asked or (*ports[:FIRST_PORTS], ports[-1])

    def endpoints(self, vantage: str, host: Host, service: Service, family: Family) -> tuple[Fact, ...]:
        """Return a fact for each address and port at which a host offers a service.

        What the application said is part of it. An address that nobody can reach from afar is a no
        with `reach.no_address`, and only there if the host has no other.
        """
        key = (vantage, host, service.id, family)
        if key not in self._endpoints:
            published = self.published(vantage, host, family)
            addresses = [*published.contacted, *published.refused]
            found = [
                self._endpoint(vantage, host, service, address, port)
                for address in addresses
                for port in self.ports(vantage, service, family, address)
            ]
            reachable = [fact for fact in found if fact.failure != "reach.no_address"]
            self._endpoints[key] = tuple(reachable or found)
        return self._endpoints[key]

    def _endpoint(self, vantage: str, host: Host, service: Service, address: str, port: int) -> Fact:
        connect = self.connect(vantage, address, port, service.transport, by_dns=host.address is None)
        if connect.answer != "yes" or service.transport == "udp":
            return connect
        talks = [
            each
            for kind in _kinds(service)
            for each in self.talks(vantage, host, address, port, kind)
            if kind != "app.greeting" or each.asked is None or each.asked.param("app") == service.app
        ]
        everything = self.facts.open_everything(vantage, address)
        return spoken(connect, talks, open_everything=everything)

    def connect(
        self, vantage: str, address: str, port: int, transport: str = "tcp", *, by_dns: bool = False
    ) -> Fact:
        """Return whether a port of an address answers, as far as the vantage can know."""
        return self.facts.connect(self.system, vantage, address, port, transport, by_dns=by_dns)

    def steadiness(self, vantage: str, endpoint: Fact, transport: str) -> Steadiness:
        """Return how often one endpoint answered, of all the times it was tried."""
        return self.facts.steadiness(vantage, endpoint, transport)

    def closed_port(self, vantage: str, address: str, port: int, *, by_dns: bool) -> Fact:
        """Return whether a port that should not answer does.

        An address that accepts connections to any port proves nothing by it.
        """
        fact = self.connect(vantage, address, port, by_dns=by_dns)
        return spoken(fact, (), open_everything=self.facts.open_everything(vantage, address))

    def talks(self, vantage: str, host: Host, address: str, port: int, kind: str) -> list[Talk]:
        """Return the conversations of one kind that were held with a host at one port."""
        asked = of_host(self.facts.index.talks.get((vantage, address, port), ()), kind, host, address)
        if kind == "http.get":
            asked = [each for each in asked if each.param("hop") == 0]
        return [talk(each) for each in asked]

    def visits(self, vantage: str, host: Host, service: Service, family: Family) -> tuple[Visit, ...]:
        """Return each fetch of a web service's page over a family, followed to its end."""
        key = ("visits", vantage, host, service.id, family)
        return self.remember(key, lambda: visits(self, vantage, host, service, family))


def _kinds(service: Service) -> tuple[str, ...]:
    """Return the kinds of conversation that show a service to be what it is declared."""
    kinds = ("tls.handshake",) if service.app in TLS_FIRST else ()
    own = _TALKS.get(service.app)
    if own is None and service.transport in APPS[service.app].spoken:
        own = "app.greeting"
    return (*kinds, own) if own else kinds
