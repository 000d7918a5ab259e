"""The engine: gives each lane what may start, and lives until nothing is left or it is told to stop.

Ends by itself when the plan has nothing more to ask; by `--max-time`, when the rest is skipped; or
by an interrupt, when what is under way may end and the rest stays unasked for a later sitting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ipv6check.model.inventory import FAMILIES
from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.plan import Plan
from ipv6check.scan import remarks
from ipv6check.scan.books import Books
from ipv6check.scan.lanes import Lane
from ipv6check.scan.progress import Count, Progress
from ipv6check.scan.retries import Retries
from ipv6check.scan.watch import Watch
from ipv6check.store import Run

DRAIN = 12.0  # seconds that a try under way gets to end by itself
SYNC_EVERY = 5.0  # seconds of observations that a power cut may take
TICK = 0.2
TIME_OVER = "time.over"
OUTSIDE = "schedule.outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanEnd:
    """How a sitting ended; `asked` counts tries.

    `complete`: every question was put, unless its window was closed.
    """

    complete: bool
    interrupted: bool
    asked: int


class Engine:
    """One sitting. `lanes` maps the names of scan/lanes.py to whoever carries their tasks out.

    `clock` gives monotonic seconds, `now` UTC; `max_time` is in seconds from the engine's making.
    """

    def __init__(
        self,
        plan: Plan,
        run: Run,
        lanes: Mapping[str, Lane],
        progress: Progress,
        *,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        max_time: float | None = None,
    ) -> None:
        self._plan = plan
        self._run = run
        self._lanes = lanes
        self._progress = progress
        self._clock = clock
        self._now = now
        self._books = Books(plan, run, note=progress.note, now=now)
        self._began = self._synced = clock()
        self._deadline = None if max_time is None else self._began + max_time
        self._watch = Watch(self._began)
        self._retries = Retries()
        self._event = asyncio.Event()
        self._interrupted: float | None = None
        self._stopped = False
        self._time_over: float | None = None
        self._looked_last = False

    def interrupt(self) -> None:
        """First call: start nothing more, let what is under way end. Second call: stop at once."""
        if self._interrupted is not None:
            self._stopped = True
        else:
            self._interrupted = self._clock()
            self._progress.note(remarks.INTERRUPTED)
        self._event.set()

    async def run(self, stored: Iterable[Observation] = ()) -> ScanEnd:
        """Ask everything that `stored` does not answer; return when nothing is left, or when stopped.

        StoreError if an observation cannot be written: what is in the store then is whole.
        """
        self._books.begin(stored)
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._event.set)

        for lane in self._lanes.values():
            lane.start(wake)
        try:
            await self._until_the_end()
            self._collect()
        finally:
            for lane in self._lanes.values():
                await lane.stop()
            self._progress.close()
        if self._time_over is not None and self._interrupted is None:
            while left := self._books.ledger.unsettled():  # a skip may let one more in
                for task in left:
                    self._books.skip(task, TIME_OVER)
        self._run.sync()
        interrupted = self._interrupted is not None
        complete = not interrupted and self._time_over is None
        return ScanEnd(complete=complete, interrupted=interrupted, asked=self._books.asked)

    async def _until_the_end(self) -> None:
        while not self._stopped:
            self._look_at_the_clock()
            if self._interrupted is None:
                self._start_ready()
            self._run.flush()
            self._tell()
            if self._at_the_end():
                return
            await self._wait()
            self._collect()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(TICK):
                await self._event.wait()
        except TimeoutError:
            return  # nothing came: the clock is looked at all the same
        self._event.clear()

    def _look_at_the_clock(self) -> None:
        now = self._clock()
        if self._deadline is not None and self._time_over is None and now >= self._deadline:
            self._time_over = now
            self._progress.note(remarks.TIME_OVER)
        if now - self._synced >= SYNC_EVERY:
            self._synced = now
            self._run.sync()
        if self._interrupted is None and self._time_over is None:
            self._books.look_again(self._watch.due(now))

    def _start_ready(self) -> None:
        """Give every lane what it has room for; skip what may not start any more."""
        for name, lane in self._lanes.items():
            room = lane.room
            while room > 0 and (task := self._books.ledger.take(name)) is not None:
                why = self._why_not(task)
                if why is None:
                    lane.submit(task, self._books.earlier(task.id))
                    room -= 1
                else:
                    self._books.skip(task, why)

    def _why_not(self, task: Task) -> str | None:
        if self._time_over is not None:
            return TIME_OVER
        return OUTSIDE if task.until is not None and self._now() >= task.until else None

    def _collect(self) -> None:
        for lane in self._lanes.values():
            for observation in lane.collect():
                stored = self._books.take_in(observation)
                if stored is None:
                    continue
                self._retries.see(stored, self._clock())
                if stored.final:
                    self._watch.see(stored, self._clock())

    def _at_the_end(self) -> bool:
        """Whether to stop; when nothing else is left, ask what the plan keeps for the end."""
        ledger = self._books.ledger
        cut = self._interrupted if self._interrupted is not None else self._time_over
        if cut is not None:
            return ledger.running == 0 or self._clock() >= cut + DRAIN
        if ledger.open:
            return False
        self._books.add(self._plan.closing(self._books.results))
        if not ledger.open and not self._looked_last:
            self._looked_last = True
            self._books.look_again(FAMILIES)
        self._event.set()
        return ledger.open == 0

    def _tell(self) -> None:
        ledger = self._books.ledger
        layers = {name: (ledger.done.get(name, 0), ledger.known.get(name, 0)) for name in self._lanes}
        now = self._clock()
        self._progress.update(
            Count(
                layers=layers,
                unanswered=self._books.unanswered,
                seconds=now - self._began,
                retries=self._retries.left(now),
            )
        )
