"""The arguments of reasons: what a text needs to name the very address, server and error.

A finding that follows from another's reason takes the same arguments, so that it reads as well.
"""

from __future__ import annotations

from ipv6check.facts.names import NameFact
from ipv6check.model.fact import Fact
from ipv6check.model.text import JSON

_CODES = {
    "closed": "reach.closed",
    "silent": "reach.silent",
    "rejected": "reach.rejected",
    "unreachable": "reach.unreachable",
    "protocol": "reach.protocol",
}


def code(fact: Fact) -> str:
    """Return the reason code of a fact that is no yes."""
    return _CODES.get(fact.failure or "", fact.failure or "not.asked")


def of_name(fact: NameFact) -> dict[str, JSON]:
    """Return the arguments of a DNS reason: which name, whose answer, who must act."""
    server = fact.server
    args: dict[str, JSON] = {
        "name": fact.name,
        "type": fact.rdtype,
        "owner": fact.said.chain[-1] if fact.said.chain else fact.name,
        "links": fact.said.links,
        "rcode": fact.said.rcode or "-",
        "server": "-" if server is None else written(server.address, server.port),
        "dnssec": "bogus" if fact.failure == "dns.bogus" else fact.said.validation,
    }
    if fact.prefix:
        args["prefix"] = fact.prefix
    if fact.alias_of not in (None, fact.name):
        args["alias_of"] = fact.alias_of
    return args


def of_fact(fact: Fact) -> dict[str, JSON]:
    """Return the arguments of a reach code: where, how often, and who said it."""
    data = fact.data
    args: dict[str, JSON] = {
        "address": fact.address,
        "port": fact.port,
        "endpoint": endpoint(fact),
        "offender": data.get("offender") or "-",
        "error": data.get("error") or data.get("word") or fact.failure or "-",
    }
    args |= {key: data[key] for key in ("tries", "waited_ms") if key in data}
    return args


def endpoint(fact: Fact) -> str:
    """Return a fact's address and port as they are written in a URL."""
    return written(fact.address or "-", fact.port or 0)


def written(address: str, port: int) -> str:
    """Return an address and a port as they are written in a URL."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
