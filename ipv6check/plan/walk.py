"""The iterative walk over IPv6 alone: from `dns_roots` down to each declared zone (`ns.chain`).

Every referral leads to the IPv6 addresses of the next zone's servers: from its glue, or, where a server's
name lies outside the zone, from a walk of its own for that name. Also asks the parents of declared
zones for their NS records, to see the glue (`ns.glue`). Nobody is asked who may not be.
"""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.inventory.delegation import DNS_PORT, WALK_DEPTH, Referral, ancestors, below
from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.plan import authority, names
from ipv6check.plan.index import Index
from ipv6check.plan.results import WALK, Results, Settled

NEED = "dns.walk"
GLUE = "dns.glue"
PARENT = "parent"
MAX_ADDRESSES = 4  # of one zone's referral that are asked
MAX_PARENTS = 3  # names above a zone that are tried for its parent


def initial(index: Index) -> Iterator[Task]:
    """Yield the first questions of each walk, to the roots, and those for the parents' name servers."""
    for zone in index.zones:
        if NEED in index.needs:
            yield from _start(index, zone, "SOA", 0)
        if GLUE in index.needs:
            for root in index.inventory.dns_roots:
                yield authority.ask(index, root, DNS_PORT, zone, "NS", purpose=PARENT, edns=True)
            for parent in list(ancestors(zone))[:MAX_PARENTS]:
                if parent:
                    yield from names.ask(index, parent, "NS")


def roots(index: Index) -> tuple[str, ...]:
    """Return the roots that are asked at all: none where the inventory declares no zone."""
    wanted = bool(index.zones) and bool({NEED, GLUE} & index.needs)
    return index.inventory.dns_roots if wanted else ()


def follow_view(index: Index, observation: Observation, results: Results) -> Iterator[Task]:
    """Yield the questions to a parent's servers, as the vantage's view gives their addresses."""
    if GLUE not in index.needs:
        return
    if observation.task.params.get("type") == "NS":
        yield from authority.server_lookups(index, observation)
    for parent, server, address in authority.servers(observation, results):
        yield from _at_parent(index, parent, server, address)


def _at_parent(index: Index, parent: str, server: str, address: str) -> Iterator[Task]:
    if authority.may_ask(index, server, address, DNS_PORT):
        for zone in index.zones:
            if zone != parent and parent in list(ancestors(zone))[:MAX_PARENTS]:
                yield authority.ask(index, address, DNS_PORT, zone, "NS", purpose=PARENT, edns=True)


def follow(index: Index, observation: Observation, results: Results) -> Iterator[Task]:
    """Yield the next step of a walk: to the servers that a referral names, or that waited for an address."""
    task = observation.task
    settled = results.get(task.id)
    if settled is None or observation.outcome != "ok":
        return
    if settled.referral is not None and _deeper(settled.referral, str(task.params.get("zone"))):
        yield from _onward(index, settled, settled.referral, results)
    if task.params.get("type") == "AAAA":
        for waiting in results.waiting(str(task.params.get("name"))):
            if waiting.referral is not None:
                server = str(task.params.get("name"))
                for address in settled.addresses:
                    yield from _step(index, waiting.task, waiting.referral.zone, server, address)


def _onward(index: Index, settled: Settled, referral: Referral, results: Results) -> Iterator[Task]:
    task, asked = settled.task, 0
    depth = task.params.get("depth")
    for server, glue in referral.servers:
        addresses = glue or results.walked(server)
        for address in addresses:
            if asked < MAX_ADDRESSES:
                asked += 1
                yield from _step(index, task, referral.zone, server, address)
        if not glue and not below(server, referral.zone) and isinstance(depth, int) and depth < WALK_DEPTH:
            yield from _start(index, server, "AAAA", depth + 1)


def _step(index: Index, task: Task, zone: str, server: str, address: str) -> Iterator[Task]:
    if ":" in address and authority.may_ask(index, server, address, DNS_PORT):
        depth = task.params.get("depth")
        yield _ask(index, address, str(task.params["name"]), str(task.params["type"]), zone, depth)


def _start(index: Index, name: str, rdtype: str, depth: int) -> Iterator[Task]:
    for root in index.inventory.dns_roots:
        if ":" in root:
            yield _ask(index, root, name, rdtype, "", depth)


def _ask(index: Index, address: str, name: str, rdtype: str, zone: str, depth: object) -> Task:
    more: dict[str, JSON] = {"zone": zone, "depth": depth if isinstance(depth, int) else 0}
    return authority.ask(index, address, DNS_PORT, name, rdtype, purpose=WALK, edns=True, more=more)


def _deeper(referral: Referral, zone: str) -> bool:
    """Whether a referral leads down: one to the same zone or above it is a circle."""
    return referral.zone != zone and below(referral.zone, zone)
