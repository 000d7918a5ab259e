"""`DnsView`: what the DNS says of one system beyond the addresses of its own names.

Records of other types, reverse names, the views of other vantages, and the resolvers themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipv6check.facts.authority import NameServer, ServerSaid, name_servers
from ipv6check.facts.authority import of_name as authority_of
from ipv6check.facts.chain import Chain, Glue, glue, walk
from ipv6check.facts.connects import NO_FAMILY
from ipv6check.facts.dns_service import Served, served
from ipv6check.facts.names import NameFact
from ipv6check.facts.resolvers import Server, endpoint
from ipv6check.facts.reverse import Reverse
from ipv6check.facts.reverse import of_address as reverse_of
from ipv6check.facts.talks import server_name
from ipv6check.facts.views import View, distinct
from ipv6check.facts.views import of_name as view_of
from ipv6check.inventory.delegation import asked_zones, served_zones, zone_of
from ipv6check.model.inventory import Endpoint, Family, Host, Service, System

if TYPE_CHECKING:
    from ipv6check.facts.derive import Facts


@dataclass(frozen=True, slots=True)
class DnsView:
    """One system's part of the DNS, as its vantages saw it."""

    facts: Facts
    system: System

    def lookup(self, vantage: str, name: str, family: Family) -> NameFact:
        """Return what the vantage's DNS view says of the addresses of any name."""
        return self.facts.names.lookup(vantage, name, family)

    def records(self, vantage: str, name: str, rdtype: str) -> NameFact:
        """Return what the vantage's DNS view says of records of any type."""
        return self.facts.names.ask(vantage, name, rdtype)

    def reverse(self, vantage: str, address: str) -> Reverse:
        """Return what the vantage's DNS view says of an IPv6 address's reverse name."""
        return reverse_of(self.facts.names, vantage, address)

    def views(self, host: Host) -> tuple[View, ...]:
        """Return what each view of the system's vantages says of a host that is a name."""
        vantages = [each for each in self.facts.inventory.vantages if each.name in self.system.vantages]
        return tuple(
            view_of(self.facts.names, self.facts.witnesses, name, through, host.name or host.declared)
            for name, through in distinct(vantages).items()
        )

    def named_resolvers(self, vantage: str) -> tuple[Server, ...]:
        """Return the resolvers that the inventory names for a vantage; none if it uses its host's own."""
        view = self.facts.inventory.vantage(vantage).resolver
        known = self.facts.names.servers(vantage)
        named = self.facts.inventory.resolvers.get(view, ())
        return tuple(known.get(each, Server(each, alive=False)) for each in named)

    def asked_of(self, vantage: str, resolvers: Collection[Endpoint]) -> tuple[str, ...]:
        """Return the first observation of each resolver of a vantage, as evidence that it is there."""
        first: dict[Endpoint, str] = {}
        for asked in self.facts.index.views.get((vantage, ""), ()):
            server = endpoint(asked)
            if server is not None and server in resolvers:
                first.setdefault(server, asked.evidence[-1])
        return tuple(first[server] for server in sorted(first))

    def blindness(self, vantage: str, family: Family) -> str:
        """Return why a vantage sees nothing of a family at all; empty if that is not so."""
        if vantage not in self.facts.witnesses:
            return self.facts.absent
        return NO_FAMILY[family] if self.facts.witnesses[vantage].none[family] else ""

    @property
    def present(self) -> Collection[str]:
        """The vantages that took part in the run."""
        return self.facts.witnesses.keys()

    def zone_of(self, name: str) -> str | None:
        """Return the declared zone that a name lies in, whichever system declares it; None if none does."""
        return zone_of(name, self.facts.zones)

    def zones(self) -> tuple[tuple[str, Service], ...]:
        """Return the zones that this system declares to serve, each once."""
        found: dict[str, Service] = {}
        for service in self.system.services:
            for zone in served_zones(service):
                found.setdefault(zone, service)
        return tuple(found.items())

    def authority(self, vantage: str, name: str) -> tuple[ServerSaid, ...]:
        """Return how each authoritative server that was asked answers AAAA of a name."""
        return authority_of(self.facts.index, vantage, name)

    def name_servers(self, vantage: str, zone: str) -> tuple[NameFact, tuple[NameServer, ...]]:
        """Return a zone's NS records and its servers, as the vantage's view gives them."""
        return name_servers(self.facts.names, vantage, zone)

    def walk(self, vantage: str, zone: str) -> Chain:
        """Return how a zone resolves over IPv6 transport alone, from the inventory's roots down."""
        return walk(self.facts, vantage, zone)

    def glue(self, vantage: str, zone: str) -> Glue | None:
        """Return the glue that a zone's parent gives, None if no parent told."""
        return glue(self.facts, vantage, zone)

    def serves(self, host: Host) -> bool:
        """Whether a host is declared to serve zones, or to resolve."""
        return any(self._asked_zones(host, service) for service in self._dns(host))

    def served(self, vantage: str, host: Host) -> tuple[Served, ...]:
        """Return what each IPv6 address of a host says of each zone it was asked for."""
        addresses = self.facts.view(self.system.id).published(vantage, host, 6).contacted
        found = (
            served(self.facts, vantage, address, port, zone, recursive=service.role == "recursive")
            for service in self._dns(host)
            for zone in self._asked_zones(host, service)
            for address in addresses
            for port in service.ports.get(6, ())
        )
        return tuple(each for each in found if each is not None)

    def _dns(self, host: Host) -> tuple[Service, ...]:
        offered = (self.system.service(each) for each in host.services)
        return tuple(service for service in offered if service.app == "dns")

    def _asked_zones(self, host: Host, service: Service) -> tuple[str, ...]:
        return asked_zones(service, server_name(host))
