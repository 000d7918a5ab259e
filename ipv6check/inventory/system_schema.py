"""The edge schema of one entry under `systems`: hosts, services, ports, windows, attestations.

Only what one mapping can know of itself is checked here; what concerns several is `systems.py`'s.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from ipv6check.inventory.apps import APPS
from ipv6check.inventory.entry import Entry
from ipv6check.inventory.fields import (
    Address,
    AnyHost,
    CheckId,
    Clock,
    Day,
    Days,
    EquipmentRef,
    Families,
    Id,
    LocalText,
    Name,
    Phase,
    Port,
    PortByFamily,
    PortRange,
    Remark,
    ServiceLabel,
    SiteRef,
    Status,
    SystemRef,
    UnitRef,
    UrlPath,
    VantageRef,
    Word,
)
from ipv6check.inventory.names import port_number
from ipv6check.inventory.problems import Refusal, did_you_mean
from ipv6check.inventory.takes import Short, choice
from ipv6check.model.inventory import FAMILIES, Criticality, Exposure, Family, Goal, ProbeMode, Transport

CATEGORIES = (
    "web-portal", "public-service", "document-management", "mail", "dns", "sso", "ldap", "ntp",
    "integration-platform", "database", "digital-signature", "video-conference", "vpn", "smart-city",
    "open-data", "monitoring", "storage", "other",
)  # fmt: skip
CriticalityField = Annotated[Criticality, choice("critical", "high", "normal", "low")]


class OwnerEntry(Entry):
    """Who answers for a system."""

    name: LocalText | None = Field(None, description="A person or an office.")
    contact: Remark | None = Field(None, description="How to reach them.")


class HostEntry(Entry):
    """One host: a name to resolve, or a literal address."""

    host: AnyHost = Field(description="A name to resolve, or a literal address.")
    name: Name | None = Field(None, description="The name for SNI and the Host header.")
    role: Word | None = Field(None, description="vip, standby (silence is expected), …")
    pair: Word | None = Field(
        None, description="What is compared across families; default: the whole system."
    )
    services: list[ServiceLabel] | None = Field(None, description="Those it offers; default: all.")


class ServiceEntry(Entry):
    """One service that the system's hosts offer."""

    app: Annotated[str, choice(*APPS)] = Field(description="The application protocol.")
    port: PortByFamily | None = Field(None, description="Default: the protocol's standard port.")
    ports: PortRange | None = Field(None, description="A range, first-last.")
    transport: Annotated[Transport, choice("tcp", "udp")] | None = Field(
        None, description="Default: the app's."
    )
    families: Families | None = Field(None, description="Default: both.")
    path: UrlPath | None = Field(None, description="What an HTTP request asks for; default: /.")
    expect_status: Status | None = Field(None, description="The HTTP status that is right.")
    role: Annotated[str, choice("authoritative", "recursive")] | None = Field(
        None, description="Of a DNS server."
    )
    zones: list[Name] = Field(
        default_factory=list, description="The zones an authoritative DNS server serves."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> ServiceEntry:
        app = APPS[self.app]
        if self.port is not None and self.ports is not None:
            raise Refusal("give `port` or `ports`, not both", path=("ports", "[key]"))
        if self.port is None and self.ports is None and app.port is None:
            raise Refusal(f"{self.app} has no standard port: add `port`", path=("app",))
        if self.transport is not None and self.transport not in app.transports:
            only = " or ".join(app.transports)
            raise Refusal(f"{self.app} runs over {only}, not {self.transport}", path=("transport",))
        for key in ("role", "zones"):
            if getattr(self, key) and self.app != "dns":
                raise Refusal(f"`{key}` is for dns services only", path=(key, "[key]"))
        for key in ("path", "expect_status"):
            if getattr(self, key) and self.app not in ("http", "https"):
                raise Refusal(f"`{key}` is for http and https only", path=(key, "[key]"))
        self._check_families()
        return self

    def _check_families(self) -> None:
        given = self.port or self.ports
        for family in self.families or ():
            if given is not None and family not in given:
                raise Refusal(f"no port is given for family {family}", path=("families",))

    def offered(self) -> dict[Family, tuple[int, ...]]:
        """Return the ports of each family it is offered on."""
        standard = APPS[self.app].port or 0
        given = self.port or self.ports or {4: (standard,), 6: (standard,)}
        return {f: given[f] for f in FAMILIES if f in given and f in (self.families or FAMILIES)}


class ClosedPortEntry(Entry):
    """A TCP port that must not answer."""

    port: Port = Field(description="The TCP port.")
    vantages: list[VantageRef] | None = Field(None, alias="from", description="Where it is tried from.")


class DependencyEntry(Entry):
    """What a system needs to work."""

    system: SystemRef | None = Field(None, description="Another system of this inventory.")
    equipment: EquipmentRef | None = Field(None, description="A piece of equipment.")
    host: AnyHost | None = Field(None, description="A host of somebody else.")
    services: list[Word] = Field(
        default_factory=list, description="What the foreign host is needed for: app, or app:port."
    )

    @model_validator(mode="after")
    def _names_one(self) -> DependencyEntry:
        if sum(target is not None for target in (self.system, self.equipment, self.host)) != 1:
            raise Refusal("names one thing: a `system`, an `equipment` or a `host`")
        if self.services and self.host is None:
            raise Refusal("`services` goes with `host` only", path=("services", "[key]"))
        for number, label in enumerate(self.services):
            app, colon, port = label.partition(":")
            if app not in APPS:
                raise Refusal(f'there is no app "{app}"{did_you_mean(app, APPS)}', path=("services", number))
            if colon:
                port_number(port)
        return self


class WindowEntry(Entry):
    """When the system may be contacted."""

    days: Days = Field((0, 1, 2, 3, 4, 5, 6), description="mon-fri, or a list; default: every day.")
    begin: Clock = Field(alias="from", description="HH:MM.")
    end: Clock = Field(alias="to", description="HH:MM; before `from`: the next day.")

    @model_validator(mode="after")
    def _lasts(self) -> WindowEntry:
        if self.begin == self.end:
            raise Refusal(
                "a window from and to the same time: for the whole day leave `windows` out", path=("to",)
            )
        return self


class AttestedEntry(Entry):
    """A verdict somebody vouches for, for what no vantage can see."""

    check: CheckId = Field(description="A check's id.")
    verdict: Annotated[str, choice("pass", "warn", "fail", "not_applicable")]
    by: Remark = Field(description="Who vouches for it.")
    day: Day = Field(alias="date", description="Since when.")
    expires: Day = Field(description="Until when it counts.")
    evidence: Remark | None = None

    @model_validator(mode="after")
    def _begins_first(self) -> AttestedEntry:
        if self.expires < self.day:
            raise Refusal(f"must not be before its date, {self.day.isoformat()}", path=("expires",))
        return self


class SystemEntry(Entry):
    """One information system."""

    id: Id
    name: LocalText | None = None
    unit: UnitRef | None = Field(None, description="The unit that runs it.")
    site: SiteRef | None = Field(None, description="Where it stands.")
    owner: Annotated[OwnerEntry, Short("name", "A person or an office.")] | None = None
    category: Annotated[str, choice(*CATEGORIES)] = "other"
    criticality: CriticalityField = "normal"
    exposure: Annotated[Exposure, choice("internet", "wan", "internal")] = "internet"
    goal: Annotated[Goal, choice("dual-stack", "ipv6-only", "ipv4-only", "retired")] = "dual-stack"
    deadline: Day | None = Field(None, description="When the goal is to be reached.")
    phase: Phase | None = Field(None, description="The phase of the programme it belongs to.")
    hosts: list[Annotated[HostEntry, Short("host", "A name, or an address in quotes.")]] = Field(
        default_factory=list
    )
    services: list[Annotated[ServiceEntry, Short("app", "An app on its standard port.")]] = Field(
        default_factory=list
    )
    closed_ports: list[Annotated[ClosedPortEntry, Short("port", "A TCP port.")]] = Field(
        default_factory=list, description="Must not answer."
    )
    mail_domains: list[Name] = Field(default_factory=list, description="Domains whose mail it receives.")
    mail_senders: list[Address] = Field(default_factory=list, description="Addresses its mail leaves from.")
    planned: list[Address] = Field(default_factory=list, description="Addresses the plan gives it.")
    vantages: list[VantageRef] | None = Field(
        None, description="Default: those whose `sees` includes the exposure."
    )
    depends_on: list[Annotated[DependencyEntry, Short("system", "The id of a system.")]] = Field(
        default_factory=list
    )
    probe: Annotated[ProbeMode, choice("full", "gentle", "dns-only", "none")] = "full"
    windows: list[WindowEntry] = Field(default_factory=list, description="Never contacted outside them.")
    attested: list[AttestedEntry] = Field(default_factory=list)
