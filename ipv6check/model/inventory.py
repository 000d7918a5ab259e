"""What should be: the inventory of interface.md §1, loaded, cross-referenced and immutable.

Addresses are canonical text (RFC 5952, lower case; a zone stays behind `%`), prefixes
canonical `network/length`, names lower-case A-labels without a trailing dot, and every
default of the schema is filled in: a reader never asks "was it given?" but where None
or an empty tuple says that absence means something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal, TypeAlias

from ipv6check.model.text import Text

Family = Literal[4, 6]
FAMILIES: tuple[Family, ...] = (4, 6)
Criticality = Literal["critical", "high", "normal", "low"]
Exposure = Literal["internet", "wan", "internal"]
Goal = Literal["dual-stack", "ipv6-only", "ipv4-only", "retired"]
Date: TypeAlias = date
ProbeMode = Literal["full", "gentle", "dns-only", "none"]
Transport = Literal["tcp", "udp"]
SYSTEM_VIEW = "system"
"""A vantage's `resolver` where its host's own settings say whom to ask."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where in the inventory's files something was declared; line and column count from 1."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Endpoint:
    """A literal address and a port."""

    address: str
    port: int

    @property
    def family(self) -> Family:
        """4 or 6, by the address's form."""
        return 6 if ":" in self.address else 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """An address known to be alive; `prefixes` are those it vouches for (empty: all of its family)."""

    address: str
    port: int | None = None
    prefixes: tuple[str, ...] = ()

    @property
    def family(self) -> Family:
        """4 or 6, by the address's form."""
        return 6 if ":" in self.address else 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Vantage:
    """A place one looks from. `resolver` is `system` or a key of `Inventory.resolvers`."""

    name: str
    resolver: str = SYSTEM_VIEW
    sees: tuple[str, ...] = ("internet", "wan", "internal")
    canaries: tuple[Canary, ...] = ()
    controls: tuple[Endpoint, ...] = ()

    @property
    def manages(self) -> bool:
        """Whether it sees the network in which equipment is managed: the internal one."""
        return "internal" in self.sees


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """One prefix of the address plan."""

    prefix: str
    use: str
    name: Text | None = None
    site: str | None = None
    unit: str | None = None
    system: str | None = None
    vlan: int | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where equipment stands."""

    id: str
    name: Text
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An organisational unit; `level` is free text, `parent` another unit's id."""

    id: str
    name: Text
    level: str | None = None
    parent: str | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One declared service; `ports` gives the ports of each family it is offered on.

    `id` is unique in its system: the app's name (`https`), with the port where the system
    declares the app more than once (`https:8443`).
    """

    id: str
    app: str
    ports: Mapping[Family, tuple[int, ...]]
    transport: Transport = "tcp"
    path: str | None = None
    expect_status: int | None = None
    role: str | None = None
    zones: tuple[str, ...] = ()
    source: Source

    @property
    def families(self) -> tuple[Family, ...]:
        """The families it is offered on."""
        return tuple(f for f in FAMILIES if self.ports.get(f))


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One declared host: a name to resolve (`name`), or a literal (`address`).

    `declared` is what the file says and the identity findings use. `sni` is the name for SNI
    and the Host header (None: no SNI). `pair` groups what is compared across families; hosts
    without one form the pair `None` of their system. `services` are ids of the system's services.
    """

    declared: str
    name: str | None = None
    address: str | None = None
    sni: str | None = None
    role: str | None = None
    pair: str | None = None
    services: tuple[str, ...] = ()
    source: Source

    def __hash__(self) -> int:
        """Hash what was declared: facts are looked up by host very often."""
        return hash(self.declared)

    @property
    def standby(self) -> bool:
        """Whether silence is expected of it."""
        return self.role == "standby"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPort:
    """A TCP port that must not answer; `vantages` are the names it is tried from."""

    port: int
    vantages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """What a system or a device needs: another system, a piece of equipment, or a foreign host."""

    kind: Literal["system", "equipment", "host"]
    target: str
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a system may be contacted; `days` are 0 (Monday) to 6; `end` before `begin` passes midnight.

    The times are those of `timezone`, the organization's.
    """

    days: tuple[int, ...]
    begin: time
    end: time
    timezone: str = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """A verdict a person vouches for, for what no vantage can see; never counted as measured."""

    check: str
    verdict: str
    by: str
    date: Date
    expires: Date
    evidence: str | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A known exception: shown, not counted, until it expires. None matches anything.

    It is about a system, or about a prefix of the plan, a piece of equipment or a milestone; then
    `system` is empty.
    """

    system: str
    check: str
    why: str
    owner: str
    expires: date
    host: str | None = None
    port: int | None = None
    vantage: str | None = None
    code: str | None = None
    prefix: str | None = None
    equipment: str | None = None
    milestone: str | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who answers for something."""

    name: Text | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One information system, with everything a scan or a judgement needs to know of it.

    `vantages` are the names it is looked at from: the given ones, else all whose `sees`
    includes its exposure.
    """

    id: str
    name: Text
    unit: str | None = None
    site: str | None = None
    owner: Owner | None = None
    category: str = "other"
    criticality: Criticality = "normal"
    exposure: Exposure = "internet"
    goal: Goal = "dual-stack"
    deadline: date | None = None
    phase: int | None = None
    hosts: tuple[Host, ...] = ()
    services: tuple[Service, ...] = ()
    closed_ports: tuple[ClosedPort, ...] = ()
    mail_domains: tuple[str, ...] = ()
    mail_senders: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    vantages: tuple[str, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    probe: ProbeMode = "full"
    windows: tuple[Window, ...] = ()
    attested: tuple[Attested, ...] = ()
    source: Source

    def service(self, service_id: str) -> Service:
        """Return the declared service of that id; KeyError if there is none."""
        for service in self.services:
            if service.id == service_id:
                return service
        raise KeyError(service_id)


MANAGEMENT_PORTS = (22, 443)
"""Where equipment is managed if the inventory does not say: SSH and HTTPS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """One piece of equipment; `ipv6` maps capability to yes, no, partial or unknown.

    `management_ports` (TCP) are tried at its `management` addresses; none: nobody asks there.
    """

    id: str
    kind: str
    name: Text | None = None
    vendor: str | None = None
    model: str | None = None
    os: str | None = None
    os_version: str | None = None
    site: str | None = None
    unit: str | None = None
    criticality: Criticality = "normal"
    management: tuple[str, ...] = ()
    management_ports: tuple[int, ...] = MANAGEMENT_PORTS
    end_of_support: date | None = None
    ipv6: Mapping[str, str] = field(default_factory=dict)
    depends_on: tuple[Dependency, ...] = ()
    replaces: str | None = None
    evidence: str | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One milestone of the migration programme."""

    id: str
    name: Text
    phase: int | None = None
    due: date | None = None
    done: date | None = None
    evidence: str | None = None
    unit: str | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Whose inventory it is; `timezone` is an IANA name and decides what "today" is."""

    id: str
    name: Text
    timezone: str = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryFile:
    """One file as read: its name relative to the inventory's folder, its bytes and their SHA-256."""

    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The whole inventory. `scope` None means: not given (interface.md says what that permits).

    `resolvers` holds the named views; `system` is never a key. `vantages` is never empty.
    `files` are the inventory file (first), its includes, and the certificate files of `trust`;
    `trust` names those of `files` that hold certificate roots (PEM).
    """

    organization: Organization
    scope: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    scope_dns: Literal["named", "delegation"] = "named"
    resolvers: Mapping[str, tuple[Endpoint, ...]] = field(default_factory=dict)
    dns_roots: tuple[str, ...] = ()
    vantages: tuple[Vantage, ...] = ()
    address_plan: tuple[PlanEntry, ...] = ()
    sites: tuple[Site, ...] = ()
    units: tuple[Unit, ...] = ()
    systems: tuple[System, ...] = ()
    accept: tuple[Acceptance, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    programme: tuple[Milestone, ...] = ()
    trust: tuple[str, ...] = ()
    files: tuple[InventoryFile, ...] = ()

    @property
    def sha256(self) -> str:
        """The inventory's hash: over the names and hashes of its files, in order."""
        import hashlib

        lines = "".join(f"{f.sha256}  {f.name}\n" for f in self.files)
        return hashlib.sha256(lines.encode()).hexdigest()

    def system(self, system_id: str) -> System:
        """Return the system of that id; KeyError if there is none."""
        for system in self.systems:
            if system.id == system_id:
                return system
        raise KeyError(system_id)

    def vantage(self, name: str) -> Vantage:
        """Return the vantage of that name; KeyError if there is none."""
        for vantage in self.vantages:
            if vantage.name == name:
                return vantage
        raise KeyError(name)
