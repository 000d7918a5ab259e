"""What has been settled so far, kept small: the memory of a scan between one answer and the next.

`Results` maps a task's id to what became of it. Of the data only what a later question may need
is kept (addresses, redirects): whole observations stay in the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, ValuesView
from dataclasses import dataclass
from datetime import datetime, timedelta

from ipv6check.inventory.delegation import Referral, referral
from ipv6check.model.inventory import Family
from ipv6check.model.observation import Observation, Outcome
from ipv6check.model.task import Task
from ipv6check.plan import answers, places

WALK = "walk"
"""The purpose of questions on an iterative walk (plan/walk.py)."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A task's end: how it came out, and when (UTC, the end of the last try)."""

    task: Task
    outcome: Outcome
    failure: str | None
    ended: datetime
    addresses: tuple[str, ...] = ()
    redirect: places.Place | None = None
    referral: Referral | None = None


def settled(observation: Observation) -> Settled:
    """Reduce a final observation to what the plan needs of it."""
    kind = observation.task.kind
    return Settled(
        task=observation.task,
        outcome=observation.outcome,
        failure=observation.failure,
        ended=observation.started + timedelta(seconds=observation.seconds),
        addresses=answers.addresses(observation) if kind in ("dns.query", "dns.tcp") else (),
        redirect=places.redirect(observation) if kind == "http.get" else None,
        referral=_referral(observation),
    )


def _referral(observation: Observation) -> Referral | None:
    """Return where a server on an iterative walk sends one on to."""
    if observation.outcome != "ok" or observation.task.params.get("purpose") != WALK:
        return None
    return referral(observation.data, str(observation.task.params.get("name")))


class Results(Mapping[str, Settled]):
    """The settled tasks by id, with the look-ups that follow-ups need."""

    def __init__(self) -> None:
        self._by_id: dict[str, Settled] = {}
        self._answers: dict[tuple[str, str], list[str]] = {}
        self._redirects: dict[tuple[str, Family], list[str]] = {}
        self._served: dict[str, set[str]] = {}
        self._walked: dict[str, set[str]] = {}
        self._waiting: dict[str, list[str]] = {}
        self._looks: dict[tuple[str | None, int | None], list[str]] = {}

    def record(self, observation: Observation) -> Settled:
        """Keep a task's final observation; a later one replaces an earlier (a skip, then an answer)."""
        found = settled(observation)
        known = found.task.id in self._by_id
        self._by_id[found.task.id] = found
        if known:
            return found
        params, family = found.task.params, found.task.family
        if params.get("purpose") == WALK:
            self._walk(found)
        if "look" in params:
            self._looks.setdefault((found.task.address, found.task.port), []).append(found.task.id)
        own = params.get("cd") is not True and "purpose" not in params
        if found.task.kind in ("dns.query", "dns.tcp") and own:
            key = (str(params.get("name")), str(params.get("type")))
            self._answers.setdefault(key, []).append(found.task.id)
            if key[1] == "NS":
                for server in answers.targets(observation):
                    self._served.setdefault(server, set()).add(key[0])
        if found.redirect is not None and found.redirect.is_name and family is not None:
            self._redirects.setdefault((found.redirect.host, family), []).append(found.task.id)
        return found

    def addresses(self, name: str, family: Family) -> tuple[str, ...]:
        """Return the addresses of a name in all answers so far, sorted."""
        ids = self._answers.get((name, answers.TYPES[family]), ())
        return tuple(sorted({address for id_ in ids for address in self._by_id[id_].addresses}))

    def looks_at(self, first: Task) -> tuple[Settled, ...]:
        """Return the further looks at the port of a first connection, in the order they were settled."""
        return tuple(self._by_id[id_] for id_ in self._looks.get((first.address, first.port), ()))

    def values(self) -> ValuesView[Settled]:
        """Return all of them; a Mapping's own way looks each up again."""
        return self._by_id.values()

    def count(self, rdtype: str) -> int:
        """Return how many names were asked for records of a type."""
        return sum(asked == rdtype for _, asked in self._answers)

    def _walk(self, found: Settled) -> None:
        if found.task.params.get("type") == "AAAA":
            self._walked.setdefault(str(found.task.params.get("name")), set()).update(found.addresses)
        for server, glue in found.referral.servers if found.referral is not None else ():
            if not glue:
                self._waiting.setdefault(server, []).append(found.task.id)

    def walked(self, server: str) -> tuple[str, ...]:
        """Return the IPv6 addresses of a name server that a walk of its own has found so far."""
        return tuple(sorted(self._walked.get(server, ())))

    def waiting(self, server: str) -> tuple[Settled, ...]:
        """Return the referrals to a name server that came without its address."""
        return tuple(self._by_id[id_] for id_ in self._waiting.get(server, ()))

    def zones_of(self, server: str) -> tuple[str, ...]:
        """Return the zones whose NS records name a server, so far."""
        return tuple(sorted(self._served.get(server, ())))

    def redirects(self, name: str, family: Family) -> tuple[Settled, ...]:
        """Return the fetches over a family that were sent on to a name."""
        return tuple(self._by_id[id_] for id_ in self._redirects.get((name, family), ()))

    def __getitem__(self, task_id: str) -> Settled:
        return self._by_id[task_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)
