"""Observations in order: the tries at each task, and the tasks by what they asked.

In: the observations of one or more vantages, in any order, perhaps with repetitions. Out: an
`Index` whose look-ups never depend on that order. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ipv6check.model.inventory import Family
from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.model.text import JSON

DNS_KINDS = ("dns.query", "dns.tcp")
CONNECT_KINDS = ("tcp.connect", "udp.exchange")
TALK_KINDS = (
    *("tls.handshake", "http.get", "smtp.greeting", "ssh.greeting", "ssh.hostkey", "app.greeting"),
    *("path.mtu", "tcp.time", "tls.starttls"),
)


def ended(observation: Observation) -> datetime:
    """Return when a try was over (UTC)."""
    return observation.started + timedelta(seconds=max(0.0, observation.seconds))


@dataclass(frozen=True, slots=True)
class Asked:
    """One task and its tries, by attempt; there is at least one."""

    task: Task
    tries: tuple[Observation, ...]

    @property
    def last(self) -> Observation:
        """The last try."""
        return self.tries[-1]

    @property
    def answered(self) -> Observation | None:
        """The last try that was answered, if any was."""
        return next((each for each in reversed(self.tries) if each.outcome == "ok"), None)

    @property
    def began(self) -> datetime:
        """When the first try began."""
        return min(each.started for each in self.tries)

    @property
    def ended(self) -> datetime:
        """When the last try was over."""
        return max(ended(each) for each in self.tries)

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of all tries."""
        return tuple(each.id for each in self.tries)

    def param(self, name: str) -> JSON:
        """Return one parameter of the task, None if it has none of that name."""
        return self.task.params.get(name)


@dataclass(slots=True)
class Index:
    """The tasks that were asked, by what facts look for; every list is in the order of task ids."""

    by_id: dict[str, Asked] = field(default_factory=dict)
    by_kind: dict[str, list[Asked]] = field(default_factory=dict)
    dns: dict[tuple[str, str, str], list[Asked]] = field(default_factory=dict)
    elsewhere: dict[tuple[str, str, str, str], list[Asked]] = field(default_factory=dict)
    views: dict[tuple[str, str], list[Asked]] = field(default_factory=dict)
    authority: dict[tuple[str, str, str, str], list[Asked]] = field(default_factory=dict)
    connects: dict[tuple[str, str, int, str], list[Asked]] = field(default_factory=dict)
    talks: dict[tuple[str, str, int], list[Asked]] = field(default_factory=dict)
    vantages: set[str] = field(default_factory=set)

    def cited(self, evidence: Iterable[str]) -> tuple[Observation, ...]:
        """Return the observations of these ids, in their order; unknown ids are left out."""
        found = []
        for each in evidence:
            task_id, _, attempt = each.partition(".")
            asked = self.by_id.get(task_id)
            found += [t for t in asked.tries if str(t.attempt) == attempt] if asked else []
        return tuple(found)

    def kind(self, vantage: str, kind: str) -> list[Asked]:
        """Return the tasks of one kind asked from one vantage."""
        return [each for each in self.by_kind.get(kind, ()) if each.task.vantage == vantage]


def index(observations: Iterable[Observation]) -> Index:
    """Sort observations. Of two with one id (a resumed or merged run) the earlier one counts."""
    by_task: dict[str, dict[int, Observation]] = {}
    for observation in observations:
        tries = by_task.setdefault(observation.task.id, {})
        known = tries.get(observation.attempt)
        if known is None or _before(observation, known):
            tries[observation.attempt] = observation
    found = Index()
    for task_id in sorted(by_task):
        tries = by_task[task_id]
        ordered = tuple(tries[attempt] for attempt in sorted(tries))
        _enter(found, Asked(ordered[0].task, ordered))
    return found


def _before(one: Observation, other: Observation) -> bool:
    return (one.started, one.seconds, one.outcome) < (other.started, other.seconds, other.outcome)


def _enter(found: Index, asked: Asked) -> None:
    task = asked.task
    found.vantages.add(task.vantage)
    found.by_id[task.id] = asked
    found.by_kind.setdefault(task.kind, []).append(asked)
    if task.kind in DNS_KINDS:
        _enter_question(found, asked)
    elif task.address is None or task.port is None:
        return
    elif task.kind in CONNECT_KINDS:
        place = (task.vantage, task.address, task.port, "udp" if task.kind == "udp.exchange" else "tcp")
        found.connects.setdefault(place, []).append(asked)
    elif task.kind in TALK_KINDS:
        found.talks.setdefault((task.vantage, task.address, task.port), []).append(asked)


def _enter_question(found: Index, asked: Asked) -> None:
    """Sort a DNS question: into the vantage's own view (""), another's, or what was asked of servers.

    `views` holds all questions of a view; `dns` those of the own view about one name and type,
    `elsewhere` those of another; `authority` the questions to authoritative servers, by their purpose.
    """
    vantage, params = asked.task.vantage, asked.task.params
    name, rdtype, purpose = str(params.get("name")), str(params.get("type")), params.get("purpose")
    if purpose in (None, "view"):
        view = str(params.get("view")) if purpose == "view" else ""
        found.views.setdefault((vantage, view), []).append(asked)
        if view:
            found.elsewhere.setdefault((vantage, view, name, rdtype), []).append(asked)
        else:
            found.dns.setdefault((vantage, name, rdtype), []).append(asked)
    else:
        found.authority.setdefault((vantage, str(purpose), name, rdtype), []).append(asked)


def text(data: Mapping[str, JSON], key: str) -> str | None:
    """Return a string of an observation's data, None if there is none."""
    value = data.get(key)
    return value if isinstance(value, str) else None


def number(data: Mapping[str, JSON], key: str) -> int | None:
    """Return a whole number of an observation's data, None if there is none."""
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def mapping(data: Mapping[str, JSON], key: str) -> Mapping[str, JSON]:
    """Return a mapping of an observation's data, an empty one if there is none."""
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def sequence(value: JSON) -> tuple[JSON, ...]:
    """Return a list as a tuple, an empty one for everything else."""
    if value is None or isinstance(value, str | Mapping | bool | int | float):
        return ()
    return tuple(value)


def items(data: Mapping[str, JSON], key: str) -> tuple[JSON, ...]:
    """Return a list of an observation's data, an empty one if there is none."""
    return sequence(data.get(key))


def family_of(address: str) -> Family:
    """Return 4 or 6, by the address's form."""
    return 6 if ":" in address else 4
