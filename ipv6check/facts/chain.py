"""Facts about delegation: a zone's walk over IPv6 alone, and the glue its parent gives.

The walk is read again from what each server said, the way plan/walk.py asked; it ends at the zone, at a
zone none of whose servers can be reached over IPv6, or where somebody may not be asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipv6check.facts.dns_answer import read
from ipv6check.facts.tries import Asked, items, sequence, text
from ipv6check.facts.unanswered import unanswered
from ipv6check.inventory.delegation import WALK_DEPTH, Referral, below, referral
from ipv6check.model.fact import Answer
from ipv6check.model.text import JSON

if TYPE_CHECKING:
    from ipv6check.facts.derive import Facts

_STEPS = 16
_NOT_ANSWERED = frozenset({"no_answer", "closed", "rejected", "unreachable", "local"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """How far a walk came: `zone` is the one it ended at, `servers` those that it had of that zone."""

    answer: Answer
    zone: str
    reason: str = ""
    servers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Glue:
    """What a parent gives of a zone: IPv6 glue by server. `authoritative`: it serves the zone itself."""

    servers: tuple[tuple[str, tuple[str, ...]], ...]
    authoritative: bool
    evidence: tuple[str, ...]


def walk(facts: Facts, vantage: str, name: str, rdtype: str = "SOA", depth: int = 0) -> Chain:
    """Return how a name resolves over IPv6 transport alone, from the roots down."""
    asked = [
        each
        for each in facts.index.authority.get((vantage, "walk", name, rdtype), ())
        if each.param("depth") == depth
    ]
    zone, servers = "", tuple(a for a in facts.inventory.dns_roots if ":" in a)
    evidence: tuple[str, ...] = ()
    for _ in range(_STEPS):
        here = [each for each in asked if each.param("zone") == zone]
        evidence = (*evidence, *(i for each in here for i in each.evidence))
        answered = [each for each in here if each.answered is not None]
        if not answered:
            return _stopped(facts, vantage, zone, servers, here, evidence)
        end = next((each for each in answered if _final(each)), None)
        if end is not None and end.answered is not None:
            said = read(end.answered.data, name, rdtype)
            return Chain(answer="yes", zone=zone, addresses=said.addresses, evidence=evidence)
        onward = [
            r for each in answered if (r := _referral(each, name)) and r.zone != zone and below(r.zone, zone)
        ]
        if not onward:
            return Chain(answer="no", zone=zone, reason="ns.chain_broken", servers=servers, evidence=evidence)
        zone = onward[0].zone
        servers = tuple(dict.fromkeys(server for each in onward for server, _ in each.servers))
        if not _addresses(facts, vantage, onward, depth):
            return Chain(answer="no", zone=zone, reason="ns.chain_broken", servers=servers, evidence=evidence)
    return Chain(answer="unknown", zone=zone, reason="not.asked", servers=servers, evidence=evidence)


def _addresses(facts: Facts, vantage: str, onward: list[Referral], depth: int) -> bool:
    """Whether any server of a zone has an IPv6 address that somebody without IPv4 can learn."""
    for each in onward:
        for server, glue in each.servers:
            if glue:
                return True
            if not below(server, each.zone) and depth < WALK_DEPTH:
                found = walk(facts, vantage, server, "AAAA", depth + 1)
                if found.answer == "unknown" or found.addresses:
                    return True
    return False


def _stopped(
    facts: Facts,
    vantage: str,
    zone: str,
    servers: tuple[str, ...],
    here: list[Asked],
    evidence: tuple[str, ...],
) -> Chain:
    """Tell servers that nobody was allowed to ask from those that did not answer."""
    if not here:
        reason = "scope.outside" if zone else "not.asked"
        return Chain(answer="unknown", zone=zone, reason=reason, servers=servers, evidence=evidence)
    for each in here:
        if (ours := _ours(facts, vantage, each)) is not None:
            return Chain(answer="unknown", zone=zone, reason=ours, servers=servers, evidence=evidence)
    return Chain(answer="no", zone=zone, reason="ns.chain_broken", servers=servers, evidence=evidence)


def _ours(facts: Facts, vantage: str, asked: Asked) -> str | None:
    """Return why it is this side's trouble that a server did not answer, None if it is the server's."""
    word = asked.last.failure or ""
    if word in ("schedule.outside", "time.over"):
        return word
    if asked.last.outcome != "failed" or word not in _NOT_ANSWERED:
        return "internal.crashed" if asked.last.outcome == "crashed" else "not.asked"
    masked = unanswered(facts, vantage, asked)
    return masked.failure if masked.answer == "unknown" else None


def _final(asked: Asked) -> bool:
    return asked.answered is not None and "AA" in items(asked.answered.data, "flags")


def _referral(asked: Asked, name: str) -> Referral | None:
    return None if asked.answered is None else referral(asked.answered.data, name)


def glue(facts: Facts, vantage: str, zone: str) -> Glue | None:
    """Return the glue that a zone's parent gives, None if no parent was asked, or none told."""
    found: dict[str, set[str]] = {}
    authoritative = False
    evidence: tuple[str, ...] = ()
    for asked in facts.index.authority.get((vantage, "parent", zone, "NS"), ()):
        if asked.answered is None:
            continue
        data = asked.answered.data
        seen = referral(data, zone)
        if seen is not None and seen.zone == zone:
            evidence = (*evidence, *asked.evidence)
            for server, addresses in seen.servers:
                found.setdefault(server, set()).update(addresses)
        elif text(data, "rcode") == "NOERROR" and _has_own(data.get("answers"), zone):
            authoritative, evidence = True, (*evidence, *asked.evidence)
    if not found and not authoritative:
        return None
    servers = tuple((server, tuple(sorted(found[server]))) for server in sorted(found))
    return Glue(servers=servers, authoritative=authoritative, evidence=evidence)


def _has_own(answers: JSON, zone: str) -> bool:
    records = [sequence(each) for each in sequence(answers)]
    return any(len(r) == 4 and str(r[0]).removesuffix(".") == zone and r[1] == "NS" for r in records)
