"""What one try at one task saw: the only truth a run keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ipv6check.model.task import Task
from ipv6check.model.text import JSON

Outcome = Literal["ok", "failed", "skipped", "crashed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One try. `attempt` counts from 1; `started` is UTC; `seconds` was measured monotonically.

    `ok`: the question was answered (a DNS SERVFAIL is an answer; a TCP RST is not a connection).
    `failed`: it was not; `failure` is a word of docs/observations.md. `skipped`: deliberately not
    asked (`failure` says why). `crashed`: our own bug (`data["traceback"]`). `final` is set on the
    last try at a task: nothing more will be asked of it.
    """

    task: Task
    attempt: int
    started: datetime
    seconds: float
    outcome: Outcome
    failure: str | None = None
    data: Mapping[str, JSON] = field(default_factory=dict)
    final: bool = True

    @property
    def id(self) -> str:
        """`<task>.<attempt>` (interface.md §3)."""
        return f"{self.task.id}.{self.attempt}"
