"""Questions to the authoritative servers of declared zones, to see that they answer AAAA as they answer A.

A zone's servers are its NS records by the vantage's view, and the hosts that declare it. Each is asked
for A and AAAA of every declared name of the zone, without recursion and without EDNS. An AAAA question
that goes wrong is put three times, with an A question answered between each (catalogue.md, `ns.aaaa`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ipv6check.inventory.delegation import DNS_PORT, ROUNDS, zone_of
from ipv6check.model.inventory import FAMILIES, Endpoint, Family
from ipv6check.model.observation import Observation
from ipv6check.model.task import STAGE_SERVICES, Task, make_task
from ipv6check.model.text import JSON
from ipv6check.plan import answers, names
from ipv6check.plan.index import PRINTER_PORTS, Index
from ipv6check.plan.results import Results

NEED = "dns.authority"
PURPOSE = "authority"
MAX_SERVERS = 16  # NS records of one zone that are followed


def initial(index: Index) -> Iterator[Task]:
    """Yield what can be asked before any answer: the zones' NS records, and declared literal servers."""
    if NEED not in index.needs:
        return
    for zone, served in index.zones.items():
        yield from names.ask(index, zone, "NS")
        for each in served:
            if each.host.address is not None:
                yield from _of_host(index, zone, each.host.address, each.service.ports)


def follow(index: Index, observation: Observation, results: Results) -> Iterator[Task]:
    """Yield what an answer of the vantage's own view leads to: name servers, and their addresses."""
    if NEED not in index.needs:
        return
    name, rdtype = str(observation.task.params.get("name")), observation.task.params.get("type")
    if rdtype == "NS" and name in index.zones:
        yield from server_lookups(index, observation)
    for zone, server, address in servers(observation, results):
        if zone in index.zones:
            yield from _of_server(index, zone, server, address)
    if rdtype in answers.TYPES.values():
        for address in answers.addresses(observation):
            for zone, served in index.zones.items():
                for each in served:
                    if each.host.name == name:
                        yield from _of_host(index, zone, address, each.service.ports)


def server_lookups(index: Index, observation: Observation) -> Iterator[Task]:
    """Yield the questions for the addresses of the name servers that an answer names."""
    for server in answers.targets(observation)[:MAX_SERVERS]:
        yield from names.lookups(index, server)


def servers(observation: Observation, results: Results) -> Iterator[tuple[str, str, str]]:
    """Yield zone, name and address of each name server that an answer, with those before it, makes known.

    The answer is one to a question for NS records, or for a name server's own addresses.
    """
    name, rdtype = str(observation.task.params.get("name")), observation.task.params.get("type")
    if rdtype == "NS":
        for server in answers.targets(observation)[:MAX_SERVERS]:
            for family in FAMILIES:
                for address in results.addresses(server, family):
                    yield name, server, address
    elif rdtype in answers.TYPES.values():
        for zone in results.zones_of(name):
            for address in answers.addresses(observation):
                yield zone, name, address


def again(index: Index, observation: Observation) -> Iterator[Task]:
    """Yield the next question of a server that answered AAAA wrongly: first A, then AAAA once more."""
    task = observation.task
    number, rdtype = task.params.get("round"), task.params.get("type")
    if not isinstance(number, int) or observation.outcome in ("skipped", "crashed"):
        return
    wrong = observation.failure == "no_answer" or answers.rcode(observation) not in (None, "NOERROR")
    if rdtype == "AAAA" and wrong and number < ROUNDS:
        yield _question(index, task, "A", number + 1)
    elif rdtype == "A" and number > 1 and answers.rcode(observation) == "NOERROR":
        yield _question(index, task, "AAAA", number)


def may_ask(index: Index, server: str, address: str, port: int) -> bool:
    """Whether a name server's address may be asked: it is a target of its own, named, or in the DNS scope."""
    if port in PRINTER_PORTS:
        return False
    if Endpoint(address, port) in index.resolvers or (
        address in index.inventory.dns_roots and port == DNS_PORT
    ):
        return True
    declared = any(server in (e.host.name, e.host.address) for s in index.zones.values() for e in s)
    if declared and index.permitted(address, True) is None:
        return True
    return port == DNS_PORT and index.server_refusal(address) is None


def _of_host(
    index: Index, zone: str, address: str, ports: Mapping[Family, tuple[int, ...]]
) -> Iterator[Task]:
    for port in ports.get(Endpoint(address, 0).family, ()):
        if port not in PRINTER_PORTS and index.permitted(address, True) is None:
            yield from _at(index, zone, address, port)


def _of_server(index: Index, zone: str, server: str, address: str) -> Iterator[Task]:
    if may_ask(index, server, address, DNS_PORT):
        yield from _at(index, zone, address, DNS_PORT)


def _at(index: Index, zone: str, address: str, port: int) -> Iterator[Task]:
    """Yield the first round of questions about every declared name of a zone to one address."""
    for name in index.names:
        if zone_of(name, index.zones) == zone:
            for family in FAMILIES:
                yield ask(index, address, port, name, answers.TYPES[family], round_=1)


def ask(
    index: Index,
    address: str,
    port: int,
    name: str,
    rdtype: str,
    *,
    purpose: str = PURPOSE,
    kind: str = "dns.query",
    rd: bool = False,
    edns: bool = False,
    round_: int | None = None,
    more: Mapping[str, JSON] | None = None,
) -> Task:
    """Make one question to an authoritative server; `more` are further params."""
    params: dict[str, JSON] = {
        "name": name,
        "type": rdtype,
        "purpose": purpose,
        "rd": rd,
        "cd": False,
        "edns": edns,
        **(more or {}),
    }
    if round_ is not None:
        params["round"] = round_
    condition = index.condition(address)
    family: Family = 6 if ":" in address else 4
    return make_task(
        kind,
        vantage=index.vantage.name,
        family=family,
        address=address,
        port=port,
        transport="udp" if kind == "dns.query" else "tcp",
        params=params,
        subject=f"{name} {rdtype} @{address}",
        stage=STAGE_SERVICES,
        gentle=condition.gentle,
        until=condition.until,
    )


def _question(index: Index, like: Task, rdtype: str, number: int) -> Task:
    name = str(like.params.get("name"))
    return ask(index, like.address or "", like.port or 0, name, rdtype, round_=number)
