"""What a user waits for a broken IPv6 before IPv4 is tried, with RFC 8305 (Happy Eyeballs) and without.

Pure arithmetic over what was measured: no client is imitated on the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ipv6check.facts.tries import number
from ipv6check.model.fact import Fact

ATTEMPT_DELAY_MS = 250
"""RFC 8305 §5, Connection Attempt Delay: after it the next address is tried beside the first."""

RESOLUTION_DELAY_MS = 50
"""RFC 8305 §3, Resolution Delay: how long an A answer waits for the AAAA answer."""

SYN_TIMEOUT_MS = 127_000
"""Linux's default, six repeated SYNs (1+2+4+8+16+32+64 s); Windows gives up after 21 s."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Milliseconds until a client is connected over IPv4: one that keeps RFC 8305, and one that does not."""

    with_ms: int
    without_ms: int


def attempt_ms(fact: Fact) -> int:
    """Return how long one blocking connection attempt to a dead endpoint lasts."""
    if fact.failure == "silent":
        return SYN_TIMEOUT_MS
    # Refused, prohibited, no route: whoever says so says it at once; a dead neighbour takes seconds.
    return number(fact.data, "answered_ms") or 0


def wait_for(dead: Sequence[Fact]) -> Wait:
    """Return what the dead IPv6 endpoints of a name cost a client that tries them first.

    RFC 8305 §4 interleaves the families: IPv4 is the second attempt, however many IPv6 addresses
    there are. Without it they are tried one after the other.
    """
    each = [attempt_ms(fact) for fact in dead]
    return Wait(min(ATTEMPT_DELAY_MS, max(each, default=0)), sum(each))
