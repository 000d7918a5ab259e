"""How long a round trip to an endpoint takes: the shortest that any of its connections saw.

The kernel timed each connection (`rtt_ms`). The first one is left out where there are others: it may
have waited for neighbour discovery, up to a second.
"""

from __future__ import annotations

from ipv6check.facts.tries import Index

MEASURED = 2
"""Connections without which nothing is said."""


def round_trip(index: Index, vantage: str, address: str, port: int) -> tuple[float, tuple[str, ...]] | None:
    """Return the shortest round trip in milliseconds, and its evidence; None without two connections.

    All of them are evidence: which was the shortest is chance, and another judgement of the same network
    must cite the same questions.
    """
    asked = [
        *index.connects.get((vantage, address, port, "tcp"), ()),
        *index.talks.get((vantage, address, port), ()),
    ]
    found = []
    for each in asked:
        for attempt in each.tries:
            value = attempt.data.get("rtt_ms")
            if attempt.outcome == "ok" and isinstance(value, int | float) and not isinstance(value, bool):
                found.append((attempt.started, attempt.id, float(value)))
    if len(found) < MEASURED:
        return None
    shortest = min(value for _, _, value in sorted(found)[1:])
    return shortest, tuple(sorted(identity for _, identity, _ in found))
