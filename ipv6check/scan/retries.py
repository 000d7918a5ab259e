"""How long the tries that are still to come may take: what is silent is asked again for half a minute.

Input: observations as they come in. Output: seconds, for the estimate of what is left.
"""

from __future__ import annotations

from ipv6check.model.observation import Observation
from ipv6check.net.policy import POLICIES


class Retries:
    """Tasks of which a try has failed and another will follow; `now` is monotonic seconds."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def see(self, observation: Observation, now: float) -> None:
        """Note a try: until when its task may go on if every later try stays unanswered as well."""
        task = observation.task
        policy = POLICIES.get(task.kind)
        if observation.final or policy is None:
            self._until.pop(task.id, None)
            return
        later = policy.gaps[observation.attempt - 1 :]
        # A gap lies between the starts of two tries, and this try began before its end is seen.
        ahead = max(sum(later) - observation.seconds, 0.0) + policy.deadline
        self._until[task.id] = now + ahead

    def left(self, now: float) -> float:
        """Return the seconds until the last of them is settled at the latest; 0 where there is none."""
        return max((until - now for until in self._until.values()), default=0.0)
