"""Inventories, plans and observations for tests: as short to write as what they mean."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ipv6check.inventory import load
from ipv6check.model.inventory import Endpoint, Inventory
from ipv6check.model.observation import Observation, Outcome
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.plan import Plan, Results

MOMENT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Vietnam
RESOLVERS = (Endpoint("198.51.100.53", 53), Endpoint("2001:db8:100::53", 53))
EVERYTHING = frozenset(
    {
        "dns.query",
        "tcp.connect",
        "tls.handshake",
        "http.get",
        "smtp.greeting",
        "ssh.greeting",
        "app.greeting",
        "udp.exchange",
    }
)
HEAD = """
version: 1
organization: {id: tinh-mau, name: Tỉnh Mẫu}
scope: ["2001:db8::/32", 198.51.100.0/24]
resolvers: {internal: [198.51.100.53, "2001:db8:100::53"]}
vantages:
  inside:
    resolver: internal
    sees: [internet, wan, internal]
    canaries: ["2001:db8:100:1::1", "198.51.100.1:443"]
    controls: ["[2001:db8:100:1::25]:25"]
  outside: {resolver: system, sees: [internet]}
systems:
"""


def inventory(systems: str, head: str = HEAD) -> Inventory:
    """Load an inventory of these systems (YAML list entries); fails with its errors."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "inventory.yaml")
        path.write_text(head + systems, encoding="utf-8")
        loaded = load(path)
    assert loaded.inventory is not None, "\n".join(map(str, loaded.errors))
    return loaded.inventory


def plan(
    systems: str | Inventory,
    *,
    head: str = HEAD,
    vantage: str = "inside",
    system_ids: Iterable[str] | None = None,
    needs: frozenset[str] = EVERYTHING,
    moment: datetime = MOMENT,
    resolvers: tuple[Endpoint, ...] = RESOLVERS,
    audit_ports: tuple[int, ...] = (),
) -> Plan:
    """Make a plan from the vantage `inside`."""
    return Plan(
        inventory=inventory(systems, head) if isinstance(systems, str) else systems,
        vantage=vantage,
        resolvers=resolvers,
        system_ids=None if system_ids is None else frozenset(system_ids),
        needs=needs,
        moment=moment,
        audit_ports=audit_ports,
    )


def observe(
    task: Task,
    outcome: Outcome = "ok",
    failure: str | None = None,
    data: Mapping[str, JSON] | None = None,
    *,
    after: float = 0.0,
    attempt: int = 1,
    final: bool = True,
) -> Observation:
    """Make an observation of a task, begun `after` seconds from the moment of all plans here."""
    return Observation(
        task=task,
        attempt=attempt,
        started=MOMENT + timedelta(seconds=after),
        seconds=0.01,
        outcome=outcome,
        failure=failure,
        data=data or {},
        final=final,
    )


def failed(task: Task, word: str, *, after: float = 0.0) -> Observation:
    """Make a failed observation."""
    return observe(task, "failed", word, after=after)


def answer(task: Task, *records: str, rcode: str = "NOERROR", flags: Iterable[str] = ()) -> Observation:
    """Make a DNS answer; each record is an address, or `owner TYPE text`."""
    name, rdtype = str(task.params["name"]), str(task.params["type"])
    answers: list[JSON] = []
    for record in records:
        owner, kind, text = record.split() if " " in record else (name, rdtype, record)
        answers.append([owner, kind, 300, text])
    data: dict[str, JSON] = {"rcode": rcode, "flags": ["QR", *flags], "answers": answers}
    return observe(task, data=data)


def redirected(task: Task, location: str, status: int = 301) -> Observation:
    """Make the observation of a fetch that was sent on."""
    return observe(task, data={"status": status, "location": location})


def expand(made: Plan, observation: Observation, results: Results | None = None) -> tuple[Task, ...]:
    """Record an observation and return what follows from it."""
    results = Results() if results is None else results
    results.record(observation)
    return made.expand(observation, results)


def shown(tasks: Iterable[Task]) -> list[str]:
    """Return tasks as short lines: kind, where, and what is telling of the parameters."""
    return [show(task) for task in tasks]


def show(task: Task) -> str:
    """Return one task as a short line."""
    params = task.params
    told = [
        str(params[key])
        for key in ("name", "type", "app", "sni", "path", "round", "look")
        if params.get(key) not in (None, "")
    ]
    told += [f"fetch={params['fetch']} hop={params['hop']}"] if "fetch" in params else []
    told += ["cd"] if params.get("cd") else []
    told += ["plain"] if params.get("edns") is False else []
    where = f"{task.address} {task.port}" if task.port is not None else str(task.address)
    return " ".join([task.kind, where, *told])


def find(tasks: Iterable[Task], line: str) -> Task:
    """Return the one task whose short line starts so."""
    found = [task for task in tasks if show(task).startswith(line)]
    assert len(found) == 1, (line, shown(tasks))
    return found[0]
