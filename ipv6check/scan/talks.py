"""Conversations: the lane of the probes that are coroutines, one asyncio task a try.

Owns deadline, retries, limits and classification of each (a `Policy` value): a probe returns what
it saw or raises `Failed`; anything else is our own bug and becomes `crashed`, its traceback kept.
"""

from __future__ import annotations

import asyncio
import heapq
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

from ipv6check.model.observation import Observation, Outcome
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net.failure import OVERLOADED, SLOW, Failed
from ipv6check.net.limits import Refusal
from ipv6check.net.net import Net

Data = Mapping[str, JSON]
Probe = Callable[[Task, Net], Awaitable[Data]]
Shared = Callable[[Task, Net], Awaitable[tuple[Data, Data]]]

ROOM = 512
GRACE = 1.0  # seconds a probe gets to report its own deadline in its own words
MAX_TRACEBACK = 8192  # characters
_PAUSE = 0.05  # seconds until limits are asked again when nothing else happens


@dataclass(slots=True)
class _Talk:
    """One task between its first and its last try."""

    task: Task
    failures: list[str] = field(default_factory=list)
    tries: int = 0
    began: float = 0.0


class Talks:
    """The lane of conversations. `probes` maps a kind of task to its coroutine function.

    `shared` maps the kind of a task that answers another one as well (`Task.answers`), and the other's,
    to the conversation that returns the data of both. It is held at the first try, and fails as the
    task's own would: the other one is then asked by itself.
    """

    def __init__(
        self, probes: Mapping[str, Probe], net: Net, shared: Mapping[tuple[str, str], Shared] | None = None
    ) -> None:
        self._probes = probes
        self._shared = shared or {}
        self._net = net
        self._ours: deque[_Talk] = deque()  # about the vantage itself: these need no place
        self._due: deque[_Talk] = deque()
        self._later: list[tuple[float, int, _Talk]] = []
        self._order = count()
        self._running: set[asyncio.Task[None]] = set()
        self._found: list[Observation] = []
        self._wake: Callable[[], None] = lambda: None
        self._timer: asyncio.TimerHandle | None = None
        self._pumping = False
        self._broken: BaseException | None = None

    def start(self, wake: Callable[[], None]) -> None:
        """Begin; must be called inside the running event loop."""
        self._wake = wake

    @property
    def room(self) -> int:
        """How many more conversations may wait or run here."""
        return ROOM - len(self._ours) - len(self._due) - len(self._running)

    def submit(self, task: Task, earlier: Sequence[str] = ()) -> None:
        """Take a task, and how its tries before this sitting failed; it starts once the limits permit."""
        self._queue(_Talk(task, list(earlier)))
        self._pump_soon()

    def collect(self) -> list[Observation]:
        """Return the tries that have ended since the last call; raise what broke this lane."""
        if self._broken is not None:
            raise self._broken
        found, self._found = self._found, []
        return found

    async def stop(self) -> None:
        """Cancel what is under way; it is not observed."""
        self._ours.clear()
        self._due.clear()
        self._later.clear()
        if self._timer is not None:
            self._timer.cancel()
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _queue(self, talk: _Talk) -> None:
        (self._due if _limited(talk.task) else self._ours).append(talk)

    def _pump_soon(self) -> None:
        """Pump once for all that ends or comes in this turn of the loop."""
        if not self._pumping:
            self._pumping = True
            asyncio.get_running_loop().call_soon(self._pump)

    def _pump(self) -> None:
        """Start what is due and has a place; come back when the next is due."""
        self._pumping = False
        now = self._net.clock()
        while self._later and self._later[0][0] <= now:
            self._queue(heapq.heappop(self._later)[2])
        while self._ours:
            self._begin(self._ours.popleft())
        refused = []
        while self._due:
            talk = self._due.popleft()
            refusal = self._net.limits.ask(talk.task.address or "", gentle=talk.task.gentle)
            if refusal is None:
                self._begin(talk)
                continue
            refused.append(talk)
            if refusal in (Refusal.TOTAL, Refusal.RATE):
                break  # nobody else has a place either
        self._due.extendleft(reversed(refused))
        self._set_timer(now)

    def _begin(self, talk: _Talk) -> None:
        running = asyncio.create_task(self._try(talk))
        self._running.add(running)
        running.add_done_callback(self._ended)

    def _set_timer(self, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        pause = _PAUSE if self._due else self._later[0][0] - now if self._later else None
        if pause is not None:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, pause), self._pump)

    def _ended(self, running: asyncio.Task[None]) -> None:
        self._running.discard(running)
        if not running.cancelled() and (error := running.exception()) is not None:
            self._broken = error
            self._wake()
        self._pump_soon()

    async def _try(self, talk: _Talk) -> None:
        try:
            observation, also = await self._observe(talk)
        finally:
            if _limited(talk.task):
                self._net.limits.release(talk.task.address or "")
        if also is not None:
            self._found.append(also)
        self._found.append(self._again(talk, observation))
        self._wake()

    async def _observe(self, talk: _Talk) -> tuple[Observation, Observation | None]:
        """Make one try and say how it came out, and what it saw for another question if it answered one."""
        task, net = talk.task, self._net
        talk.tries += 1
        talk.began = net.clock()
        started = net.now()
        policy = net.policy(task.kind)
        outcome: Outcome = "ok"
        failure: str | None = None
        data: Data
        more: Data | None = None
        try:
            async with asyncio.timeout(policy.deadline + GRACE) as scope:
                data, more = await self._ask(talk)
        except Failed as failed:
            outcome, failure, data = "failed", failed.word, failed.data
        except Exception as error:  # noqa: BLE001 - whatever else a probe raises is our bug, kept as such
            if isinstance(error, TimeoutError) and scope.expired():
                late = net.clock() - talk.began > policy.deadline + GRACE + policy.patience
                outcome, failure, data = "failed", OVERLOADED if late else SLOW, {}
            else:
                text = traceback.format_exc()[-MAX_TRACEBACK:]
                outcome, data = "crashed", {"traceback": text}
        observation = Observation(
            task=task,
            attempt=talk.tries,
            started=started,
            seconds=net.clock() - talk.began,
            outcome=outcome,
            failure=failure,
            data=data,
        )
        if more is None or task.answers is None:
            return observation, None
        return observation, replace(observation, task=task.answers, attempt=1, data=more)

    async def _ask(self, talk: _Talk) -> tuple[Data, Data | None]:
        """Hold the conversation; the second data are those of the question that it answers as well."""
        task, other = talk.task, talk.task.answers
        both = None if other is None or talk.failures else self._shared.get((task.kind, other.kind))
        if both is not None:
            return await both(task, self._net)
        return await self._probes[task.kind](task, self._net), None

    def _again(self, talk: _Talk, observation: Observation) -> Observation:
        """Plan another try if the policy wants one; return the observation, final or not."""
        if observation.outcome != "failed" or observation.failure is None:
            return observation
        talk.failures.append(observation.failure)
        policy = self._net.policy(talk.task.kind)
        if observation.failure == OVERLOADED:
            self._net.limits.back_off()
        if policy.is_final(talk.failures):
            return observation
        pause = policy.wait(talk.failures, self._net.clock() - talk.began)
        until = talk.task.until
        if until is not None and self._net.now() + timedelta(seconds=pause) >= until:
            return observation
        heapq.heappush(self._later, (self._net.clock() + pause, next(self._order), talk))
        self._pump_soon()
        return replace(observation, final=False)


def _limited(task: Task) -> bool:
    """Whether a place in the limits is needed: the vantage's own questions never queue behind targets."""
    return task.address is not None and not task.kind.startswith("vantage.")
