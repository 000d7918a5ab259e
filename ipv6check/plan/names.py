"""Questions to the resolvers of the vantage's view: the first ones, and what follows from an answer.

docs/observations.md "Follow-ups" is the rule: TC asks over TCP, SERVFAIL asks with CD,
FORMERR, NOTIMP and silence ask without EDNS, and no definite answer asks the next server.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ipv6check.inventory import nat64
from ipv6check.model.inventory import FAMILIES, Endpoint, Family
from ipv6check.model.observation import Observation
from ipv6check.model.task import STAGE_NAMES, STAGE_VANTAGE, Task, make_task
from ipv6check.model.text import JSON
from ipv6check.plan import answers
from ipv6check.plan.index import Index

HIJACK_NAME = "ipv6check-nxdomain.invalid"  # never exists (RFC 6761 §6.4): an address for it is a lie
EDNS_HOSTILE = ("FORMERR", "NOTIMP")


def question(
    index: Index,
    server: Endpoint,
    name: str,
    rdtype: str,
    *,
    kind: str = "dns.query",
    cd: bool = False,
    edns: bool = True,
    stage: int = STAGE_NAMES,
    view: str | None = None,
) -> Task:
    """Make one question to one resolver: of the vantage's own view, or of another vantage's `view`."""
    params: dict[str, JSON] = {
        "name": name,
        "type": rdtype,
        "view": view or index.vantage.resolver,
        "rd": True,
        "cd": cd,
        "edns": edns,
    }
    if view is not None:
        params["purpose"] = "view"
    return make_task(
        kind,
        vantage=index.vantage.name,
        family=server.family,
        address=server.address,
        port=server.port,
        transport="udp" if kind == "dns.query" else "tcp",
        params=params,
        subject=f"{name} {rdtype}",
        stage=stage,
    )


def hijack_checks(index: Index) -> Iterator[Task]:
    """Yield a question for a name that does not exist, to every resolver."""
    for server in index.resolvers:
        yield question(index, server, HIJACK_NAME, "A", stage=STAGE_VANTAGE)


def translator_checks(index: Index) -> Iterator[Task]:
    """Yield the question that gives a DNS64's prefix away (RFC 7050 §3), to every resolver."""
    if "dns.nat64" in index.needs:
        for server in index.resolvers:
            yield question(index, server, nat64.DISCOVERY_NAME, "AAAA", stage=STAGE_VANTAGE)


def ask(index: Index, name: str, rdtype: str) -> Iterator[Task]:
    """Yield a question for records of any type, to the view's first server."""
    if index.resolvers and "dns.query" in index.needs:
        yield question(index, index.resolvers[0], name, rdtype)


def lookups(index: Index, name: str, families: tuple[Family, ...] = FAMILIES) -> Iterator[Task]:
    """Yield the A and AAAA questions for a name, to the view's first server."""
    for family in families:
        yield from ask(index, name, answers.TYPES[family])


def follow(index: Index, observation: Observation) -> Iterator[Task]:
    """Yield the questions that an answer, or the lack of one, makes necessary."""
    task = observation.task
    name, rdtype = str(task.params.get("name")), str(task.params.get("type"))
    cd, edns = task.params.get("cd") is True, task.params.get("edns") is not False
    view = str(task.params["view"]) if task.params.get("purpose") == "view" else None
    server = Endpoint(task.address or "", task.port or 0)
    code = answers.rcode(observation)
    ask = partial(question, index, server, name, rdtype, view=view)
    if observation.outcome in ("skipped", "crashed") or name == HIJACK_NAME:
        return
    if task.kind == "dns.query" and answers.truncated(observation):
        yield ask(kind="dns.tcp", cd=cd, edns=edns)
        return
    if answers.definite(observation) or cd:
        return
    if edns and (code in EDNS_HOSTILE or observation.failure == "no_answer"):
        yield ask(kind=task.kind, edns=False)
        return
    if code == "SERVFAIL":
        yield ask(kind=task.kind, cd=True, edns=edns)
    servers = index.resolvers if view is None else index.inventory.resolvers.get(view, ())
    if (following := _next(servers, server)) and name != nat64.DISCOVERY_NAME:
        yield question(index, following, name, rdtype, view=view)


def _next(servers: tuple[Endpoint, ...], server: Endpoint) -> Endpoint | None:
    place = servers.index(server) + 1 if server in servers else len(servers)
    return servers[place] if place < len(servers) else None
