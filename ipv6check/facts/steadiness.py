"""How often a port answered, of all the times it was tried: what `reach.stable` is judged by.

Every connection counts: the first, those of the conversations, and the later looks. A try that this
vantage itself may have spoiled does not (`masked` says so), nor one that our own limits ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ipv6check.facts.connects import DEFINITE
from ipv6check.facts.tries import CONNECT_KINDS, Asked, number
from ipv6check.model.observation import Observation

SYNS = 4
"""SYNs of a connection that nothing came back for: they leave at 0, 1, 3 and 7 s."""

_NOT_TOLD = frozenset({"overloaded", "local", "no_privilege", "not_permitted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Steadiness:
    """Tries that tell something; how many were answered, how many refused, how many packets were lost."""

    tries: int = 0
    answered: int = 0
    refused: int = 0
    lost: int = 0
    evidence: tuple[str, ...] = ()

    @property
    def packets(self) -> int:
        """Packets that asked for a connection, at the least."""
        return self.answered + self.refused + self.lost

    def __add__(self, other: Steadiness) -> Steadiness:
        return Steadiness(
            tries=self.tries + other.tries,
            answered=self.answered + other.answered,
            refused=self.refused + other.refused,
            lost=self.lost + other.lost,
            evidence=(*self.evidence, *other.evidence),
        )


def steadiness(asked: Iterable[Asked], masked: Callable[[Observation], bool]) -> Steadiness:
    """Count the tries at one port of one address, in any order."""
    found = Steadiness()
    for each in asked:
        if "round" not in each.task.params:
            for attempt in each.tries:
                if attempt.outcome in ("ok", "failed") and attempt.failure not in _NOT_TOLD:
                    found = found + _one(attempt, masked)
    return found


def _one(attempt: Observation, masked: Callable[[Observation], bool]) -> Steadiness:
    evidence = (attempt.id,)
    if attempt.failure in DEFINITE:
        return Steadiness(tries=1, refused=1, evidence=evidence)
    if attempt.failure in ("silent", "no_answer"):
        if masked(attempt):
            return Steadiness()
        lost = SYNS if attempt.failure == "silent" else 1
        return Steadiness(tries=1, lost=lost, evidence=evidence)
    again = number(attempt.data, "retransmits") if attempt.task.kind in CONNECT_KINDS else None
    # Whatever else a conversation came to, its connection stood.
    return Steadiness(tries=1, answered=1, lost=max(0, again or 0), evidence=evidence)
