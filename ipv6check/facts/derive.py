"""From observations to facts: `derive` builds what all systems share, `Facts.view` one system's part.

Pure: inventory, observations, run and certificate roots in; the same facts out, whatever the order
of the observations. "Now" is the run's start.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

from ipv6check.addressplan import PlanTree
from ipv6check.facts.connects import NO_FAMILY, connect_fact
from ipv6check.facts.names import Names
from ipv6check.facts.published import WhyNot, why_not
from ipv6check.facts.resolvers import Server
from ipv6check.facts.steadiness import Steadiness, steadiness
from ipv6check.facts.tries import Asked, Index, ended, family_of, index
from ipv6check.facts.trust import TrustStore
from ipv6check.facts.vantage import RunWarning, VantageState, Witness, witness
from ipv6check.facts.view import SystemView
from ipv6check.inventory import delegation, schedule, scope
from ipv6check.inventory.delegation import Authority
from ipv6check.model.fact import Fact
from ipv6check.model.inventory import Inventory, System
from ipv6check.model.observation import Observation
from ipv6check.model.run import RunMeta
from ipv6check.model.task import STAGE_CLOSED
from ipv6check.model.text import JSON

Remembered = TypeVar("Remembered")

MANY = 4096  # facts about addresses, or about names, that are kept for further systems
DECOYS_FROM = 61000
"""Ports from here on that nobody declared and that were asked last are decoys (`reach.open_everything`)."""


@dataclass(slots=True)
class Facts:
    """All facts of one run. Make it with `derive`."""

    inventory: Inventory
    run: RunMeta
    index: Index
    names: Names
    trust: TrustStore
    witnesses: dict[str, Witness]
    refusal: WhyNot
    explicit: Callable[[str], bool]
    zones: dict[str, list[Authority]]
    _declared_ports: frozenset[int]
    systems: dict[str, System]
    _connects: dict[tuple[str, str, int, str], Fact | None] = field(default_factory=dict)
    _decoys: dict[str, frozenset[str]] = field(default_factory=dict)
    _fetches: dict[str, dict[tuple[str, int], list[Asked]]] = field(default_factory=dict)
    _view: SystemView | None = None
    _remembered: dict[Hashable, object] = field(default_factory=dict)
    _plan: PlanTree | None = None

    def remember(self, key: Hashable, make: Callable[[], Remembered]) -> Remembered:
        """Return what `make` gives, made once for a key: what holds for a whole vantage."""
        if key not in self._remembered:
            self._remembered[key] = make()
        return cast("Remembered", self._remembered[key])

    def view(self, system_id: str) -> SystemView:
        """Return one system's facts; KeyError if the inventory has no such system.

        The last view is kept: judges ask for the same system check by check.
        """
        if self._view is None or self._view.system.id != system_id:
            self._forget()
            self._view = SystemView(self, self.systems[system_id])
        return self._view

    def _forget(self) -> None:
        """Let go of what was worked out for other systems, once it is much: few share an address."""
        if len(self._connects) > MANY:
            self._connects.clear()
        self.names.forget(MANY)

    @property
    def plan(self) -> PlanTree:
        """The address plan as a tree, made once."""
        if self._plan is None:
            self._plan = PlanTree(self.inventory.address_plan)
        return self._plan

    @property
    def absent(self) -> str:
        """Why a vantage that took no part has nothing to say (`Names.absent`)."""
        return self.names.absent

    @property
    def vantages(self) -> tuple[VantageState, ...]:
        """How each vantage that took part saw both families, in the inventory's order."""
        return tuple(each.state() for each in self.witnesses.values())

    @property
    def warnings(self) -> tuple[RunWarning, ...]:
        """What a reader of the whole run has to know, in a fixed order."""
        found = [warning for each in self.witnesses.values() for warning in each.warnings()]
        for vantage in self.witnesses:
            found += _resolver_warnings(self.names, vantage)
        return tuple(found)

    def translated(self, vantage: str) -> bool:
        """Whether a vantage's IPv4 is a translator's."""
        return vantage in self.witnesses and self.witnesses[vantage].translated

    def asked(self, vantage: str, address: str, port: int, transport: str) -> bool:
        """Whether a port was asked at all."""
        return (vantage, address, port, transport) in self.index.connects

    def connect(
        self, system: System, vantage: str, address: str, port: int, transport: str, *, by_dns: bool
    ) -> Fact:
        """Return whether a port answers; unknown with the reason if it was not asked or cannot be known."""
        fact = self._measured(vantage, address, port, transport)
        if fact is not None:
            return fact
        answer, failure = "unknown", self._why_not(system, vantage, address, by_dns=by_dns)
        if failure == "reach.no_address":
            answer = "no"
        return Fact(
            kind="udp.exchange" if transport == "udp" else "tcp.connect",
            subject=f"{address} {port}",
            vantage=vantage,
            answer="no" if answer == "no" else "unknown",
            family=family_of(address),
            address=address,
            port=port,
            failure=failure,
        )

    def steadiness(self, vantage: str, endpoint: Fact, transport: str) -> Steadiness:
        """Return how often one endpoint answered, of all the times it was tried over TCP or UDP."""
        address, port = endpoint.address or "", endpoint.port or 0
        asked = [*self.index.connects.get((vantage, address, port, transport), ())]
        if transport == "tcp":
            asked += self.index.talks.get((vantage, address, port), ())

        def masked(attempt: Observation) -> bool:
            silent = replace(endpoint, answer="no", failure="silent")
            span = (attempt.started, ended(attempt))
            return vantage in self.witnesses and self.witnesses[vantage].masked(silent, span) != silent

        return steadiness(asked, masked)

    def _measured(self, vantage: str, address: str, port: int, transport: str) -> Fact | None:
        key = (vantage, address, port, transport)
        if key not in self._connects:
            asked = [each for each in self.index.connects.get(key, ()) if "round" not in each.task.params]
            fact = connect_fact(asked)
            if fact is not None and vantage in self.witnesses:
                span = (min(a.began for a in asked), max(a.ended for a in asked))
                fact = self.witnesses[vantage].masked(fact, span)
            self._connects[key] = fact
        return self._connects[key]

    def _why_not(self, system: System, vantage: str, address: str, *, by_dns: bool) -> str:
        """Return why an address was not asked."""
        if vantage not in self.witnesses:
            return self.absent
        if (refusal := self.refusal(address, by_dns)) is not None:
            return refusal
        family = family_of(address)
        if self.witnesses[vantage].none[family]:
            return NO_FAMILY[family]
        if not schedule.in_window(system, self.run.began(vantage)):
            return "schedule.outside"
        return "not.asked"

    def open_everything(self, vantage: str, address: str) -> bool:
        """Whether an address accepts a connection to a port that stands for any."""
        if vantage not in self._decoys:
            self._decoys[vantage] = frozenset(
                asked.task.address
                for asked in self.index.kind(vantage, "tcp.connect")
                if asked.task.stage == STAGE_CLOSED
                and asked.task.address is not None
                and (asked.task.port or 0) >= DECOYS_FROM
                and asked.task.port not in self._declared_ports
                and asked.answered is not None
            )
        return address in self._decoys[vantage]

    def fetches(self, vantage: str) -> dict[tuple[str, int], list[Asked]]:
        """Return the fetches that redirects led to, by the host asked for and the port."""
        if vantage not in self._fetches:
            found: dict[tuple[str, int], list[Asked]] = {}
            for asked in self.index.kind(vantage, "http.get"):
                if asked.param("hop") not in (0, None):
                    host = str(asked.param("host")).lower().removesuffix(".")
                    found.setdefault((host, asked.task.port or 0), []).append(asked)
            self._fetches[vantage] = found
        return self._fetches[vantage]


def derive(
    inventory: Inventory,
    observations: Iterable[Observation],
    run: RunMeta,
    roots: Sequence[bytes] | bytes | None = (),
) -> Facts:
    """Read one run's observations. `roots` are the system's certificate roots (PEM)."""
    found = index(observations)
    present = set() if run.selection.declared_only else {*run.vantages, *found.vantages}
    witnesses = {
        vantage.name: witness(found, vantage) for vantage in inventory.vantages if vantage.name in present
    }

    trusted = frozenset(inventory.trust)
    explicit = scope.in_explicit_scope(inventory)
    return Facts(
        inventory=inventory,
        run=run,
        index=found,
        names=Names(found, inventory, run, witnesses.keys()),
        trust=TrustStore(
            system=(roots,) if isinstance(roots, bytes) else tuple(roots or ()),
            trust=tuple(file.content for file in inventory.files if file.name in trusted),
            moment=run.started,
        ),
        witnesses=witnesses,
        refusal=why_not(scope.permitted(inventory), explicit),
        explicit=explicit,
        zones=delegation.zones(inventory),
        _declared_ports=_ports(inventory),
        systems={system.id: system for system in inventory.systems},
    )


def _ports(inventory: Inventory) -> frozenset[int]:
    declared = {
        port
        for system in inventory.systems
        for service in system.services
        for ports in service.ports.values()
        for port in ports
    }
    return frozenset(declared | {c.port for system in inventory.systems for c in system.closed_ports})


def _resolver_warnings(names: Names, vantage: str) -> list[RunWarning]:
    """Say which resolvers of a view are dead, and which make up addresses."""
    found = []
    servers = names.servers(vantage)
    dead = [server for server in servers.values() if not server.alive]
    for server in dead:
        reason = "vantage.resolver" if len(dead) == len(servers) else "vantage.resolver_dead"
        found.append(RunWarning(reason=reason, args=_about(vantage, server)))
    for server in servers.values():
        if server.invented:
            args = {**_about(vantage, server), "addresses": sorted(server.invented)}
            found.append(RunWarning(reason="vantage.resolver_lies", args=args))
    return found


def _about(vantage: str, server: Server) -> dict[str, JSON]:
    address, port = server.endpoint.address, server.endpoint.port
    written = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return {"vantage": vantage, "server": written}
