"""A lane: whatever carries out one family of tasks, a sweep on its own thread or the conversations.

The engine gives a lane tasks while it has room and collects an observation a try. A lane tries
again by the task's Policy and marks the last try `final`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ipv6check.model.observation import Observation
from ipv6check.model.task import Task

DNS = "dns"
CONNECT = "connect"
TALK = "talk"

_SWEPT = {"dns.query": DNS, "tcp.connect": CONNECT}


def lane_of(kind: str) -> str:
    """Return the lane that serves a kind of task: a sweep, or the conversations."""
    return _SWEPT.get(kind, TALK)


class Lane(Protocol):
    """What the engine needs of whoever carries tasks out."""

    def start(self, wake: Callable[[], None]) -> None:
        """Begin; `wake` is to be called, from any thread, when there is something to collect."""

    @property
    def room(self) -> int:
        """How many more tasks it takes now."""

    def submit(self, task: Task, earlier: Sequence[str] = ()) -> None:
        """Take a task that may start at once; `earlier` are the failures of an earlier sitting's tries."""

    def collect(self) -> list[Observation]:
        """Return the observations since the last call; re-raise what broke the lane itself."""

    async def stop(self) -> None:
        """Give up whatever is under way, at once, and release everything."""
