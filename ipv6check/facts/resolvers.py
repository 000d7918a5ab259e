"""Facts about resolvers: which are alive, which make addresses up, which translate (DNS64).

A resolver that is dead, or that lies about names that do not exist, is the vantage's trouble. What a
DNS64 resolver makes of an A record is no AAAA record (RFC 6147); its prefix comes from RFC 7050.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ipv6check.facts.dns_answer import ADDRESS_TYPES, Said, read
from ipv6check.facts.tries import Asked
from ipv6check.inventory import nat64
from ipv6check.inventory.addresses import Block
from ipv6check.model.inventory import Endpoint

NEVER_EXISTS = ".invalid"
"""Names below it do not exist (RFC 6761 §6.4): a resolver that finds an address for one lies."""


@dataclass(frozen=True, slots=True)
class Server:
    """One resolver of a view: whether it answered anything at all, and what it makes up.

    `invented` are addresses it gives to names that do not exist; `nat64` are the prefixes of its
    DNS64, empty if it does none. Of a resolver that was silent about them, the well-known prefixes are
    its translator's; one that answers with an error has told of none.
    """

    endpoint: Endpoint
    alive: bool
    invented: frozenset[str] = frozenset()
    nat64: tuple[Block, ...] = ()

    def synthesised(self, address: str) -> Block | None:
        """Return the prefix that makes an address a translator's, None for an address of its own."""
        return nat64.behind(address, self.nat64) if self.nat64 else None


def endpoint(asked: Asked) -> Endpoint | None:
    """Return whom a question was put to, None if nobody."""
    task = asked.task
    return None if task.address is None or task.port is None else Endpoint(task.address, task.port)


def state(server: Endpoint, questions: Iterable[Asked]) -> Server:
    """Return what a server's answers to all questions of a view tell of it."""
    alive = False
    invented: set[str] = set()
    discoveries: list[Said | None] = []
    for each in questions:
        name, answer = str(each.param("name")), each.answered
        alive = alive or answer is not None
        if name == nat64.DISCOVERY_NAME:
            discoveries.append(None if answer is None else read(answer.data, name, "AAAA"))
        elif answer is not None and name.endswith(NEVER_EXISTS):
            for rdtype in ADDRESS_TYPES:
                invented.update(read(answer.data, name, rdtype).addresses)
    return Server(server, alive, frozenset(invented), _prefixes(discoveries))


def _prefixes(discoveries: list[Said | None]) -> tuple[Block, ...]:
    """Return the prefixes of a DNS64 by what was said of `ipv4only.arpa` (None: nothing)."""
    told = [said for said in discoveries if said is not None]
    if discoveries and not told:
        return nat64.WELL_KNOWN
    return nat64.prefixes(address for said in told for address in said.addresses)
