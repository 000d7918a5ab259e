"""What audits read: the address plan, one piece of equipment, one milestone, one system's standing.

Audits judge the inventory as a whole. Nothing is asked for them but whether management addresses answer;
what was seen for the systems anyway (published addresses) is here as facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ipv6check.addressplan import Known, PlanTree
from ipv6check.facts.derive import Facts
from ipv6check.facts.names import NameFact
from ipv6check.model.fact import Answer, Fact
from ipv6check.model.inventory import FAMILIES, Equipment, Inventory, Milestone, System
from ipv6check.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one system has: its addresses of both families, and whether it has any IPv4.

    `reason` says why that is unknown, `doubt` by what answer about which name; `evidence` are the
    observations behind it.
    """

    addresses: tuple[str, ...] = ()
    ipv4: Answer = "no"
    reason: str = ""
    doubt: NameFact | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """The address plan, what fills it, and what each system that the run asked about has."""

    inventory: Inventory
    tree: PlanTree
    known: Known
    systems: Mapping[str, Seen]


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentView:
    """One piece of equipment; `today` decides what is past.

    `management` holds, for each vantage that sees the internal network, a fact for each of its management
    addresses and ports.
    """

    inventory: Inventory
    item: Equipment
    today: date
    management: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Answer]:
        """Whether each management address that was asked answers at any of its ports, from any vantage."""
        found: dict[str, set[Answer]] = {}
        for fact in (fact for facts in self.management.values() for fact in facts if fact.evidence):
            found.setdefault(fact.address or "", set()).add(fact.answer)
        order: tuple[Answer, ...] = ("yes", "unknown", "no")
        return {address: next(each for each in order if each in said) for address, said in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneView:
    """One milestone of the programme; `today` decides what is past."""

    inventory: Inventory
    milestone: Milestone
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a judged system stands: the level it has, the one it is to have, and what is in the way.

    `level` is None where none was given (not every check was asked); `failing` are the checks that
    definitely fail below the target.
    """

    system: System
    level: str | None
    target: str | None
    on_target: bool | None
    failing: tuple[str, ...]
    today: date


def equipment_view(facts: Facts, item: Equipment, today: date) -> EquipmentView:
    """Return a piece of equipment with what was seen at its management addresses."""
    asked = [(address, port) for address in item.management for port in item.management_ports]
    # A device has no windows of its own: a bare system says when it may be asked.
    owner = System(id=item.id, name=item.name or Text.same(item.id), source=item.source)
    return EquipmentView(
        inventory=facts.inventory,
        item=item,
        today=today,
        management={
            vantage.name: tuple(
                facts.connect(owner, vantage.name, address, port, "tcp", by_dns=False)
                for address, port in asked
            )
            for vantage in facts.inventory.vantages
            if asked and vantage.manages
        },
    )


def plan_view(facts: Facts, asked: Iterable[str]) -> PlanView:
    """Return the address plan with what was seen of the systems of these ids."""
    seen = {system_id: _seen(facts, system_id) for system_id in sorted(asked)}
    observed = (address for each in seen.values() for address in each.addresses)
    return PlanView(
        inventory=facts.inventory,
        tree=facts.plan,
        known=Known.of(facts.inventory, observed),
        systems=seen,
    )


def _seen(facts: Facts, system_id: str) -> Seen:
    view = facts.view(system_id)
    addresses: list[str] = []
    ipv4: Answer = "no"
    reason = ""
    evidence: tuple[str, ...] = ()
    doubt: NameFact | None = None
    for host in view.system.hosts:
        for vantage in view.vantages if host.address is None else view.vantages[:1]:
            for family in FAMILIES:
                published = view.published(vantage, host, family)
                addresses += published.addresses
                if family == 4 and ipv4 != "yes" and published.answer != "no":
                    ipv4, reason, evidence = published.answer, published.reason, published.evidence
                    doubt = None if host.address else view.name(vantage, host, family)
    if ipv4 == "yes":
        reason, doubt = "", None
    return Seen(
        addresses=tuple(dict.fromkeys(addresses)), ipv4=ipv4, reason=reason, doubt=doubt, evidence=evidence
    )
