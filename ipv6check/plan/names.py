"""Questions to the resolvers of the vantage's view: the first ones, and what follows from an answer.

docs/observations.md "Follow-ups" is the rule: TC asks over TCP, SERVFAIL asks with CD,
FORMERR, NOTIMP and silence ask without EDNS, and no definite answer asks the next server.
"""

from __future__ import annotations

from collections.abc import Iterator

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
) -> Task:
    """Make one question to one resolver."""
    params: dict[str, JSON] = {
        "name": name,
        "type": rdtype,
        "view": index.vantage.resolver,
        "rd": True,
        "cd": cd,
        "edns": edns,
    }
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


def lookups(index: Index, name: str, families: tuple[Family, ...] = FAMILIES) -> Iterator[Task]:
    """Yield the A and AAAA questions for a name, to the view's first server."""
    if index.resolvers and "dns.query" in index.needs:
        for family in families:
            yield question(index, index.resolvers[0], name, answers.TYPES[family])


def follow(index: Index, observation: Observation) -> Iterator[Task]:
    """Yield the questions that an answer, or the lack of one, makes necessary."""
    task = observation.task
    name, rdtype = str(task.params.get("name")), str(task.params.get("type"))
    cd, edns = task.params.get("cd") is True, task.params.get("edns") is not False
    server = Endpoint(task.address or "", task.port or 0)
    code = answers.rcode(observation)
    if observation.outcome in ("skipped", "crashed") or name == HIJACK_NAME:
        return
    if task.kind == "dns.query" and answers.truncated(observation):
        yield question(index, server, name, rdtype, kind="dns.tcp", cd=cd, edns=edns)
        return
    if answers.definite(observation) or cd:
        return
    if edns and (code in EDNS_HOSTILE or observation.failure == "no_answer"):
        yield question(index, server, name, rdtype, kind=task.kind, edns=False)
        return
    if code == "SERVFAIL":
        yield question(index, server, name, rdtype, kind=task.kind, cd=True, edns=edns)
    if following := _next(index, server):
        yield question(index, following, name, rdtype)


def _next(index: Index, server: Endpoint) -> Endpoint | None:
    servers = index.resolvers
    place = servers.index(server) + 1 if server in servers else len(servers)
    return servers[place] if place < len(servers) else None
