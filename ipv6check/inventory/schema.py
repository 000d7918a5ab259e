"""The edge schema of a whole inventory file (interface.md §1), and its JSON Schema for editors."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic.json_schema import GenerateJsonSchema

from ipv6check.inventory.addresses import block
from ipv6check.inventory.entry import Entry
from ipv6check.inventory.fields import (
    Address,
    AnyHost,
    CanaryAddress,
    Capability,
    CheckId,
    Control,
    Day,
    EquipmentRef,
    Id,
    LocalText,
    MilestoneRef,
    Phase,
    Port,
    Prefix,
    Reason,
    Remark,
    Resolver,
    ResolverRef,
    SiteRef,
    SystemRef,
    TimeZone,
    UnitRef,
    VantageRef,
    Vlan,
    Word,
)
from ipv6check.inventory.problems import Refusal
from ipv6check.inventory.system_schema import CriticalityField, DependencyEntry, SystemEntry
from ipv6check.inventory.takes import Index, Short, Takes, choice, line
from ipv6check.model.inventory import MANAGEMENT_PORTS, Exposure


def _version(value: object, _: Index | None) -> int:
    text = line(value)
    if text != "1":
        raise Refusal(
            f'version "{text}" is not known to this program: write version: 1', instead="version: 1"
        )
    return 1


class OrganizationEntry(Entry):
    """Whose inventory it is."""

    id: Id
    name: LocalText | None = None
    timezone: TimeZone = "Asia/Ho_Chi_Minh"


class CanaryEntry(Entry):
    """An address known to be alive."""

    host: CanaryAddress
    prefixes: list[Prefix] = Field(
        [], alias="for", description="What it vouches for; default: its whole family."
    )

    @model_validator(mode="after")
    def _same_family(self) -> CanaryEntry:
        family = block(self.host[0].split("%")[0]).family
        for number, prefix in enumerate(self.prefixes):
            if block(prefix).family != family:
                raise Refusal(f"an IPv{family} canary says nothing of {prefix}", path=("for", number))
        return self


class VantageEntry(Entry):
    """A place one looks from."""

    resolver: ResolverRef = Field("system", description="A view under `resolvers`, or `system`.")
    sees: list[Annotated[Exposure, choice("internet", "wan", "internal")]] = Field(
        ["internet", "wan", "internal"], description="The exposures that can be seen from it."
    )
    canaries: list[Annotated[CanaryEntry, Short("host", "ADDR or ADDR:PORT.")]] = Field(
        default_factory=list, description="Addresses known to be alive: if none answers, it is us."
    )
    controls: list[Control] = Field(default_factory=list, description="Ports known to answer.")


class PlanEntryEntry(Entry):
    """One prefix of the address plan."""

    prefix: Prefix
    use: Annotated[str, choice("allocation", "site", "subnet", "point-to-point", "loopback", "reserved")] = (
        Field(description="What it is for.")
    )
    name: LocalText | None = None
    site: SiteRef | None = None
    unit: UnitRef | None = None
    system: SystemRef | None = None
    vlan: Vlan | None = None


class SiteEntry(Entry):
    """A place where equipment stands."""

    id: Id
    name: LocalText | None = None


class UnitEntry(Entry):
    """An organisational unit."""

    id: Id
    name: LocalText | None = None
    level: Remark | None = Field(None, description="Free text: province, department, commune, …")
    parent: UnitRef | None = None


class AcceptEntry(Entry):
    """A known exception: shown, never hidden; counts again once expired."""

    system: SystemRef | None = Field(None, description="What it is about: one of these four.")
    prefix: Prefix | None = Field(None, description="A prefix of the address plan.")
    equipment: EquipmentRef | None = None
    milestone: MilestoneRef | None = None
    check: CheckId
    why: Remark
    owner: Remark
    expires: Day
    host: AnyHost | None = None
    port: Port | None = None
    vantage: VantageRef | None = None
    code: Reason | None = None

    @model_validator(mode="after")
    def _one_matter(self) -> AcceptEntry:
        given = [self.system, self.prefix, self.equipment, self.milestone]
        if sum(each is not None for each in given) != 1:
            raise Refusal("is about one thing: write one of system, prefix, equipment, milestone")
        return self


class EquipmentEntry(Entry):
    """One piece of equipment."""

    id: Id
    kind: Annotated[
        str, choice("host", "switch", "router", "firewall", "cpe", "load-balancer", "storage", "other")
    ]
    name: LocalText | None = None
    vendor: Word | None = None
    model: Word | None = None
    os: Word | None = None
    os_version: Word | None = None
    site: SiteRef | None = None
    unit: UnitRef | None = None
    criticality: CriticalityField = "normal"
    management: list[Address] = Field(default_factory=list, description="Its management addresses.")
    management_ports: list[Port] = Field(
        default_factory=lambda: list(MANAGEMENT_PORTS),
        description="The TCP ports that are tried there (default: 22 and 443); []: none.",
    )
    end_of_support: Day | None = None
    ipv6: dict[Capability, Annotated[str, choice("yes", "no", "partial", "unknown")]] = Field(
        default_factory=dict, description="Capability to yes, no, partial or unknown."
    )
    depends_on: list[Annotated[DependencyEntry, Short("system", "The id of a system.")]] = Field(
        default_factory=list
    )
    replaces: Word | None = None
    evidence: Remark | None = None


class MilestoneEntry(Entry):
    """One milestone of the migration programme."""

    id: Id
    name: LocalText | None = None
    phase: Phase | None = None
    due: Day | None = None
    done: Day | None = None
    evidence: Remark | None = None
    unit: UnitRef | None = None


class InventoryEntry(Entry):
    """An inventory of ipv6check."""

    version: Annotated[Literal[1], Takes(_version, {"const": 1})] = Field(description="Always 1.")
    organization: OrganizationEntry
    include: list[Word] = Field(
        default_factory=list, description="Further files, in the same folder or below; globs."
    )
    trust: list[Word] = Field(
        default_factory=list, description="PEM files with certificate roots beside the system's own."
    )
    scope: list[Prefix] | None = Field(None, description="The only target addresses a scan may contact.")
    exclude: list[Prefix] = Field(default_factory=list, description="Never contacted; always wins.")
    scope_dns: Annotated[Literal["named", "delegation"], choice("named", "delegation")] = "named"
    resolvers: dict[Id, list[Resolver]] = Field(default_factory=dict, description="Named DNS views.")
    dns_roots: list[Address] = Field(
        default_factory=list, description="Where an IPv6-only walk of the DNS starts."
    )
    vantages: dict[Id, VantageEntry] | None = Field(None, description="Where one looks from.")
    address_plan: list[PlanEntryEntry] = Field(default_factory=list)
    sites: list[SiteEntry] = Field(default_factory=list)
    units: list[UnitEntry] = Field(default_factory=list)
    systems: list[SystemEntry] = Field(default_factory=list)
    accept: list[AcceptEntry] = Field(default_factory=list)
    equipment: list[EquipmentEntry] = Field(default_factory=list)
    programme: list[MilestoneEntry] = Field(default_factory=list)


# The lists that are long: each entry is validated, converted and forgotten on its own.
ENTRIES: dict[str, type[Entry]] = {
    "address_plan": PlanEntryEntry,
    "sites": SiteEntry,
    "units": UnitEntry,
    "systems": SystemEntry,
    "accept": AcceptEntry,
    "equipment": EquipmentEntry,
    "programme": MilestoneEntry,
}


def known_keys(model: type[Entry], path: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the keys of the mapping that `path` leads to from `model`; none if it leads to no mapping."""
    at: Any = model
    for step in path:
        if isinstance(at, type) and issubclass(at, Entry):
            fields = {info.alias or name: info.annotation for name, info in at.model_fields.items()}
            at = fields.get(str(step))
        else:
            at = typing.get_args(at)[-1] if typing.get_args(at) else None
        at = _bare(at)
    if isinstance(at, type) and issubclass(at, Entry):
        return tuple(info.alias or name for name, info in at.model_fields.items())
    return ()


def _bare(annotation: Any) -> Any:
    """Strip Annotated and `| None`."""
    while True:
        origin = typing.get_origin(annotation)
        if origin is Annotated:
            annotation = typing.get_args(annotation)[0]
        elif origin in (types.UnionType, typing.Union):
            annotation = next(a for a in typing.get_args(annotation) if a is not type(None))
        else:
            return annotation


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an inventory file."""
    schema = InventoryEntry.model_json_schema(by_alias=True)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": "urn:ipv6check:inventory:1",
        **schema,
        "title": "ipv6check inventory, version 1",
    }
