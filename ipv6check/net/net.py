"""What every probe is handed: the guard, the limits, the clock, and the policies as scaled."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ipv6check.net.limits import Limits
from ipv6check.net.permission import Guard
from ipv6check.net.policy import POLICIES, Policy

if TYPE_CHECKING:
    from ipv6check.net.raw_helper import RawHelper


def utc_now() -> datetime:
    """Return the wall clock's time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """One scan's way to the network.

    `permitted` raises NotPermitted for whom we may not contact, and is asked before every socket.
    `clock` gives monotonic seconds, `now` the wall clock in UTC. `policy_scale` multiplies every
    deadline and gap; only tests change it. `raw` sends what needs privilege, if the scan
    was asked for that.
    """

    permitted: Guard
    limits: Limits = field(default_factory=Limits)
    policy_scale: float = 1.0
    raw: RawHelper | None = None
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = utc_now

    def permit(self, address: str, port: int | None) -> None:
        """Raise NotPermitted unless this address and port may be contacted."""
        self.permitted(address, port)

    require_permission = permit

    def policy(self, kind: str) -> Policy:
        """Return the policy of that kind of task, scaled; KeyError for an unknown kind."""
        policy = POLICIES[kind]
        return policy if self.policy_scale == 1.0 else policy.scaled(self.policy_scale)
