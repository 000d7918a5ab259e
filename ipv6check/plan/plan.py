"""`Plan`: the pure planner of one scan from one vantage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ipv6check.model.inventory import FAMILIES, Endpoint, Family, Inventory
from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.plan import (
    answers,
    authority,
    closing,
    estimate,
    index,
    large,
    mail,
    management,
    mentioned,
    names,
    records,
    redirects,
    spots,
    vantage,
    views,
    walk,
)
from ipv6check.plan.batch import unique
from ipv6check.plan.estimate import Estimate
from ipv6check.plan.results import Results


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to ask for an inventory, from one vantage, for some systems and some kinds of question.

    `resolvers` are the servers of the vantage's view, in order; `system_ids` None means all;
    `needs` are the kinds of task that somebody will read (what those need is added);
    `moment` (UTC) decides which windows are open; `audit_ports` are tried on every host that they are
    no service of (TCP); `active_pmtu` permits a forged Packet Too Big. KeyError if there is no such vantage.
    """

    inventory: Inventory
    vantage: str
    resolvers: tuple[Endpoint, ...]
    system_ids: frozenset[str] | None = None
    needs: frozenset[str]
    moment: datetime
    audit_ports: tuple[int, ...] = ()
    active_pmtu: bool = False
    index: index.Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        built = index.build(
            self.inventory,
            vantage=self.vantage,
            resolvers=self.resolvers,
            system_ids=self.system_ids,
            needs=self.needs,
            moment=self.moment,
            audit_ports=self.audit_ports,
            active_pmtu=self.active_pmtu,
        )
        object.__setattr__(self, "index", built)

    def initial(self) -> tuple[Task, ...]:
        """Return the questions known before any answer, in the order they should be asked."""
        return unique(self._initial())

    def expand(self, observation: Observation, results: Results) -> tuple[Task, ...]:
        """Return what follows from a task's final observation, which `results` already holds.

        Only redirects and the answers they wait for look at `results`. Tasks may come out more than
        once, over several calls: the caller knows them by their ids.
        """
        return unique(self._expand(observation, results))

    def closing(self, results: Results) -> tuple[Task, ...]:
        """Return what is to be asked once nothing else is left; call until it returns nothing."""
        return closing.closing(self.index, results)

    def again(self, round_: int, families: tuple[Family, ...] = FAMILIES) -> tuple[Task, ...]:
        """Return the questions about the vantage itself, asked once more (`round_` counts from 1)."""
        return (
            *vantage.sources(self.index, round_, families),
            *vantage.canaries(self.index, round_, families),
        )

    def left_out(self, observation: Observation) -> int:
        """Return how many permitted addresses of an answer for a declared name are not contacted."""
        name = str(observation.task.params.get("name"))
        asked = observation.task.kind in ("dns.query", "dns.tcp") and "purpose" not in observation.task.params
        if not asked or name not in self.index.names:
            return 0
        permitted = [a for a in answers.addresses(observation) if self.index.permitted(a, True) is None]
        return max(0, len(permitted) - spots.MAX_ADDRESSES)

    def estimate(self, *, rate: float) -> Estimate:
        """Return whom a scan would contact and why; `rate` is in connections a second."""
        return estimate.estimate(self.index, self.initial(), rate=rate)

    def _initial(self) -> Iterator[Task]:
        if not self.index.needs:
            return
        yield from self.again(0)
        if "dns.query" in self.index.needs:
            yield from names.hijack_checks(self.index)
            yield from names.translator_checks(self.index)
            yield from views.knocks(self.index)
        for name in self.index.names:
            yield from names.lookups(self.index, name)
        yield from mentioned.of_inventory(self.index)
        yield from mail.initial(self.index)
        yield from records.initial(self.index)
        yield from authority.initial(self.index)
        yield from walk.initial(self.index)
        yield from spots.of_literals(self.index)
        yield from management.tasks(self.index)

    def _expand(self, observation: Observation, results: Results) -> Iterator[Task]:
        task = observation.task
        if task.params.get("purpose") == "view":
            yield from views.follow(self.index, observation)
            return
        if task.params.get("purpose") is not None:
            if task.params.get("purpose") == authority.PURPOSE:
                yield from authority.again(self.index, observation)
            yield from walk.follow(self.index, observation, results)
            return
        yield from mail.follow(self.index, observation, results)
        if task.kind in ("dns.query", "dns.tcp"):
            yield from names.follow(self.index, observation)
            yield from records.follow(self.index, observation)
            yield from authority.follow(self.index, observation, results)
            yield from walk.follow_view(self.index, observation, results)
            if task.params.get("cd") is not True:
                yield from self._addresses(observation, results)
        elif task.kind == "http.get" and task.id in results:
            yield from redirects.follow(self.index, results[task.id], results)
            yield from mentioned.of_observation(self.index, observation)
        elif task.kind == "path.mtu":
            yield from large.follow(self.index, observation)
        elif task.kind == "tls.handshake":
            yield from mentioned.of_observation(self.index, observation)

    def _addresses(self, observation: Observation, results: Results) -> Iterator[Task]:
        found = answers.addresses(observation)
        name = str(observation.task.params.get("name"))
        if not found or name == names.HIJACK_NAME:
            return
        yield from spots.of_name(self.index, name, found)
        family: Family = 6 if observation.task.params.get("type") == "AAAA" else 4
        yield from redirects.arrivals(self.index, name, family, results)
