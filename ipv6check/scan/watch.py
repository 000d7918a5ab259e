"""When the vantage has to look at itself again: after failures, so that they can be told from its own.

A family with final failures since its canaries were last asked is due when that is long enough
ago; a canary's word then stands within a minute of each failure (catalogue.md, `vantage.broken`).
"""

from __future__ import annotations

from ipv6check.model.inventory import FAMILIES, Family
from ipv6check.model.observation import Observation

AFTER = 20.0  # seconds between two looks; a look itself may take half a minute
NOT_AN_ANSWER = frozenset({"silent", "unreachable", "rejected", "local", "no_answer"})


class Watch:
    """Which families are due; `now` is always monotonic seconds."""

    def __init__(self, now: float) -> None:
        self._asked: dict[Family, float] = dict.fromkeys(FAMILIES, now)
        self._failed: dict[Family, float | None] = dict.fromkeys(FAMILIES)

    def see(self, observation: Observation, now: float) -> None:
        """Note a final observation: only failures that nobody answered for make a family due."""
        task = observation.task
        if task.family is None or task.kind.startswith("vantage."):
            return
        if observation.outcome == "failed" and observation.failure in NOT_AN_ANSWER:
            self._failed[task.family] = now

    def due(self, now: float) -> tuple[Family, ...]:
        """Return the families that have to be asked about now; they count as asked from here on."""
        families = tuple(f for f in FAMILIES if self._failed[f] is not None and now - self._asked[f] >= AFTER)
        for family in families:
            self._asked[family] = now
            self._failed[family] = None
        return families
