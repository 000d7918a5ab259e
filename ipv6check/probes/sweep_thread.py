"""A sweep on a thread of its own, fed and drained by bounded queues.

In: tasks, from one other thread. Out: observations, in batches. The feeder is told by a call that
something is there; the sweep is woken when it waits. When nobody collects, the sweep stops reading,
and what it then misses is `overloaded`, never silence.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from ipv6check.model.observation import Observation
from ipv6check.model.task import Task

ROOM: Final = 8192  # tasks between submit and their final observation
UNCOLLECTED: Final = 16384  # observations that wait for the engine
_IDLE: Final = 60.0  # seconds a sweep that can be woken may wait for news
_UNWOKEN: Final = 0.02  # the same for one that cannot


class Sweep(Protocol):
    """What runs on the thread."""

    @property
    def pending(self) -> int:
        """How many tasks have no final observation yet."""

    def submit(self, task: Task, earlier: Sequence[str] = ()) -> None:
        """Take a task, and how its tries before this sitting failed."""

    def step(self, timeout: float) -> list[Observation]:
        """Work, wait at most `timeout` seconds for news, and return what ended."""

    def close(self) -> None:
        """Give everything back."""


class SweepThread:
    """Runs `make()`'s sweep; it is made, stepped and closed on its own thread.

    `wake` lets a waiting step of the sweep return early (safe on any thread); without it the sweep
    is asked to wait shortly. What breaks the sweep is raised by the next `collect`.
    """

    def __init__(self, sweep: Sweep, *, name: str, wake: Callable[[], None] | None = None) -> None:
        self._sweep = sweep
        self._wake_sweep = wake
        self._tell: Callable[[], None] = lambda: None
        self._inbox: deque[tuple[Task, Sequence[str]]] = deque()
        self._outbox: list[Observation] = []
        self._state = threading.Condition()
        self._unfinished = 0
        self._stopping = False
        self._broken: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self, wake: Callable[[], None]) -> None:
        """Begin; `wake` is called on the sweep's thread when there is something to collect."""
        self._tell = wake
        self._thread.start()

    @property
    def room(self) -> int:
        """How many more tasks it takes now."""
        return ROOM - self._unfinished

    def submit(self, task: Task, earlier: Sequence[str] = ()) -> None:
        """Take a task that may start at once; never waits."""
        with self._state:
            self._inbox.append((task, earlier))
            self._unfinished += 1
            self._rouse()

    def collect(self) -> list[Observation]:
        """Return the observations since the last call; raise what broke the sweep."""
        with self._state:
            if self._broken is not None:
                raise self._broken
            found, self._outbox = self._outbox, []
            self._unfinished -= sum(observation.final for observation in found)
            self._state.notify_all()
        return found

    async def stop(self) -> None:
        """Give up what is under way, and wait until the thread has given everything back."""
        with self._state:
            self._stopping = True
            self._rouse()
        if self._thread.ident is None:
            self._sweep.close()
        else:
            await asyncio.to_thread(self._thread.join)

    def _rouse(self) -> None:
        """Wake the thread wherever it waits; the lock is held, so that the sweep is not closed meanwhile."""
        self._state.notify_all()
        if self._wake_sweep is not None and self._thread.is_alive():
            self._wake_sweep()

    def _run(self) -> None:
        try:
            while self._feed():
                self._hand_over(self._sweep.step(_IDLE if self._wake_sweep else _UNWOKEN))
        except BaseException as error:  # noqa: BLE001 (nobody hears a thread: `collect` raises it in the engine)
            with self._state:
                self._broken = error
            self._tell()
        finally:
            with self._state:
                self._wake_sweep = None
            self._sweep.close()

    def _feed(self) -> bool:
        """Hand the sweep what has come in; sleep while there is nothing to do; False to end."""
        with self._state:
            while not (self._inbox or self._stopping or self._sweep.pending):
                self._state.wait()
            if self._stopping:
                return False
            tasks = list(self._inbox)
            self._inbox.clear()
        for task, earlier in tasks:
            self._sweep.submit(task, earlier)
        return True

    def _hand_over(self, found: list[Observation]) -> None:
        if not found:
            return
        with self._state:
            while len(self._outbox) > UNCOLLECTED and not self._stopping:
                self._state.wait()
            self._outbox += found
        self._tell()
