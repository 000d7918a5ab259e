"""From validated entries to the model: address plan, sites, units, exceptions, equipment, programme."""

from __future__ import annotations

from ipv6check.inventory.nodes import Journal, Map, locate
from ipv6check.inventory.schema import (
    AcceptEntry,
    EquipmentEntry,
    MilestoneEntry,
    PlanEntryEntry,
    SiteEntry,
    UnitEntry,
)
from ipv6check.inventory.system_schema import DependencyEntry
from ipv6check.model.inventory import (
    Acceptance,
    Dependency,
    Equipment,
    Milestone,
    PlanEntry,
    Site,
    Source,
    System,
    Unit,
)
from ipv6check.model.text import Text


def plan_entry(entry: PlanEntryEntry, source: Source) -> PlanEntry:
    """Return one prefix of the address plan."""
    return PlanEntry(
        prefix=entry.prefix,
        use=entry.use,
        name=entry.name,
        site=entry.site,
        unit=entry.unit,
        system=entry.system,
        vlan=entry.vlan,
        source=source,
    )


def site(entry: SiteEntry, source: Source) -> Site:
    """Return one site; a missing name is the id."""
    return Site(id=entry.id, name=entry.name or Text.same(entry.id), source=source)


def unit(entry: UnitEntry, source: Source) -> Unit:
    """Return one unit; a missing name is the id."""
    name = entry.name or Text.same(entry.id)
    return Unit(id=entry.id, name=name, level=entry.level, parent=entry.parent, source=source)


def dependencies(entries: list[DependencyEntry]) -> tuple[Dependency, ...]:
    """Return what something depends on."""
    return tuple(_dependency(entry) for entry in entries)


def _dependency(entry: DependencyEntry) -> Dependency:
    if entry.system is not None:
        return Dependency(kind="system", target=entry.system)
    if entry.equipment is not None:
        return Dependency(kind="equipment", target=entry.equipment)
    host = entry.host
    target = (host.address or host.name or host.declared) if host is not None else ""
    return Dependency(kind="host", target=target, services=tuple(entry.services))


def equipment(entry: EquipmentEntry, source: Source) -> Equipment:
    """Return one piece of equipment."""
    return Equipment(
        id=entry.id,
        kind=entry.kind,
        name=entry.name,
        vendor=entry.vendor,
        model=entry.model,
        os=entry.os,
        os_version=entry.os_version,
        site=entry.site,
        unit=entry.unit,
        criticality=entry.criticality,
        management=tuple(entry.management),
        management_ports=tuple(dict.fromkeys(entry.management_ports)),
        end_of_support=entry.end_of_support,
        ipv6=dict(entry.ipv6),
        depends_on=dependencies(entry.depends_on),
        replaces=entry.replaces,
        evidence=entry.evidence,
        source=source,
    )


def milestone(entry: MilestoneEntry, source: Source) -> Milestone:
    """Return one milestone; a missing name is the id."""
    return Milestone(
        id=entry.id,
        name=entry.name or Text.same(entry.id),
        phase=entry.phase,
        due=entry.due,
        done=entry.done,
        evidence=entry.evidence,
        unit=entry.unit,
        source=source,
    )


def acceptance(
    entry: AcceptEntry, systems: dict[str, System], journal: Journal, node: Map, source: Source
) -> Acceptance:
    """Return one known exception; its host becomes the declared host that findings name."""
    declared = None
    if entry.host is not None:
        declared = entry.host.declared
        wanted = (entry.host.address, entry.host.name)
        hosts = systems[entry.system].hosts if entry.system in systems else ()
        same = [host for host in hosts if (host.address, host.name) == wanted]
        if same:
            declared = same[0].declared
        elif hosts:
            there = ", ".join(host.declared for host in hosts[:8])
            message = f'system "{entry.system}" has no host "{declared}"; it has {there}'
            journal.error(locate(node, ("host",)), message)
    return Acceptance(
        system=entry.system or "",
        check=entry.check,
        why=entry.why,
        owner=entry.owner,
        expires=entry.expires,
        host=declared,
        port=entry.port,
        vantage=entry.vantage,
        code=entry.code,
        prefix=entry.prefix,
        equipment=entry.equipment,
        milestone=entry.milestone,
        source=source,
    )


def check_units(units: list[Unit], journal: Journal) -> None:
    """Note units that are their own parent, over however many steps."""
    parents = {unit.id: unit.parent for unit in units}
    told: set[str] = set()
    for unit in units:
        chain, above = [unit.id], unit.parent
        while above is not None and above not in chain:
            chain.append(above)
            above = parents.get(above)
        if above is not None and above == unit.id and not told & set(chain):
            told |= set(chain)
            circle = " → ".join([*chain, above])
            journal.error(journal.at(unit.source), f'unit "{unit.id}" is its own parent: {circle}')
