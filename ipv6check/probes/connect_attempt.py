"""One connect task between its first and its last try, and the observations it yields."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from ipv6check.model.observation import Observation, Outcome
from ipv6check.model.task import STAGE_AUDIT, Task
from ipv6check.model.text import JSON
from ipv6check.net.routes import sockaddr

Where: TypeAlias = "tuple[str, int] | tuple[str, int, int, int]"
NOTHING: Final[Mapping[str, JSON]] = {}


class Attempt:
    """A task and its tries so far: mutable, and private to one sweep.

    `sock` is set while a try is under way. `audit`: a port that should not answer gets one try, for
    there silence is as good as a refusal. `began` is monotonic seconds, `started` UTC, both of the
    current or last try, and set by `begin`.
    """

    __slots__ = (
        "address",
        "alone",
        "audit",
        "began",
        "failures",
        "family",
        "gentle",
        "port",
        "sock",
        "started",
        "task",
        "tries",
        "where",
    )

    started: datetime

    def __init__(self, task: Task, earlier: Sequence[str] = ()) -> None:
        """Begin with the failures of earlier tries; ValueError or OSError: no literal address and port."""
        if task.address is None or task.port is None:
            raise ValueError(f"a connect needs an address and a port: {task.id}")
        self.task = task
        self.address = task.address
        self.port = task.port
        self.gentle = task.gentle
        self.audit = task.stage == STAGE_AUDIT
        self.family = socket.AF_INET6 if ":" in task.address else socket.AF_INET
        socket.inet_pton(self.family, task.address.partition("%")[0])  # OSError: no literal; never resolve
        self.where: Where | None = None
        self.sock: socket.socket | None = None
        self.failures: list[str] = list(earlier)
        self.tries = 0
        self.began = 0.0
        self.alone = False

    def resolve_zone(self) -> Where:
        """Return the socket address; OSError (ENODEV) if the zone names no interface here."""
        if self.where is None:
            self.where = sockaddr(self.address, self.port)
        return self.where

    def begin(self, began: float, started: datetime) -> None:
        """Count a try that starts now."""
        self.tries += 1
        self.began = began
        self.started = started

    def observation(
        self,
        outcome: Outcome,
        seconds: float,
        *,
        failure: str | None = None,
        data: Mapping[str, JSON] = NOTHING,
        final: bool = True,
    ) -> Observation:
        """Return the observation of the current try."""
        return Observation(
            task=self.task,
            attempt=self.tries,
            started=self.started,
            seconds=seconds,
            outcome=outcome,
            failure=failure,
            data=data,
            final=final,
        )
