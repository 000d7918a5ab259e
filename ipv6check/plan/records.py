"""Further questions about declared names: HTTPS records, a sibling that nobody made, PTR records.

The HTTPS record's target and the names that a PTR leads to are looked up too, in the same view.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from ipv6check.inventory.reverse import MAX_POINTERS, can_have_pointer
from ipv6check.model.asked_names import service_owners, sibling
from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.plan import answers, names
from ipv6check.plan.index import Index

MAX_REVERSED = 16  # addresses of one name whose PTR is asked for


def initial(index: Index) -> Iterator[Task]:
    """Yield the questions known before any answer."""
    if "dns.hints" in index.needs:
        for declared in index.names.values():
            for owner in sorted({o for system, host in declared for o in service_owners(system, host)}):
                yield from names.ask(index, owner, "HTTPS")
    if "dns.reverse" in index.needs:
        senders = [address for system in index.systems for address in system.mail_senders]
        yield from _reverse(index, [*index.literals, *senders])


def follow(index: Index, observation: Observation) -> Iterator[Task]:
    """Yield what an answer of the vantage's own view leads to."""
    rdtype = observation.task.params.get("type")
    name = str(observation.task.params.get("name"))
    if rdtype == "AAAA" and name in index.names and (found := answers.addresses(observation)):
        if "dns.reverse" in index.needs:
            yield from _reverse(index, found[:MAX_REVERSED])
        if "dns.wildcard" in index.needs and (stranger := sibling(name, index.moment)):
            yield from names.ask(index, stranger, "AAAA")
    elif rdtype == "PTR" and "dns.reverse" in index.needs:
        for pointed in answers.targets(observation)[:MAX_POINTERS]:
            yield from names.lookups(index, pointed, (6,))
    elif rdtype == "HTTPS":
        for target in answers.service_targets(observation):
            yield from names.lookups(index, target, (6,))


def _reverse(index: Index, addresses: Iterable[str]) -> Iterator[Task]:
    """Yield the PTR questions for IPv6 addresses that can have one."""
    for address in addresses:
        if can_have_pointer(address):
            yield from names.ask(index, ipaddress.ip_address(address).reverse_pointer, "PTR")
