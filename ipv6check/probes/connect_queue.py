"""Which connect may start next: what is ready, what waits for a time, a limit, or for quiet.

Nothing here opens a socket. A task that a limit refuses is parked until a connection to its host
or its network is given back, so that nobody asks in vain again and again.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import TypeAlias

from ipv6check.net.limits import Limits, Refusal, network_of
from ipv6check.probes.connect_attempt import Attempt

_Key: TypeAlias = "str | bytes"


class ConnectQueue:
    """The waiting attempts of one sweep. Only `given_back` may be called from other threads."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._ready: deque[Attempt] = deque()
        self._later: list[tuple[float, int, Attempt]] = []
        self._order = count()
        self._parked: dict[_Key, deque[Attempt]] = {}
        self._freed: deque[str] = deque()
        self._held: dict[bytes, deque[Attempt]] = {}
        self._alone: set[bytes] = set()
        self._lossy: set[bytes] = set()
        self._not_before = 0.0
        self.token_at: float | None = None

    def add(self, attempt: Attempt) -> None:
        """Take an attempt that may start at once."""
        self._ready.append(attempt)

    def add_later(self, attempt: Attempt, at: float) -> None:
        """Take an attempt that may start at a monotonic time."""
        heapq.heappush(self._later, (at, next(self._order), attempt))

    def pause(self, until: float) -> None:
        """Start nothing before that time: our own limits were hit."""
        self._not_before = until

    def is_paused(self, now: float) -> bool:
        """Say whether nothing may start now."""
        return now < self._not_before

    def given_back(self, address: str) -> None:
        """Note that a connection to that address ended; safe on any thread."""
        self._freed.append(address)

    @property
    def has_news(self) -> bool:
        """Whether connections were given back that have not been looked at, and may be now."""
        return bool(self._freed) and not self.is_paused(self._clock())

    def next(self, now: float) -> Attempt | None:
        """Return an attempt that has been given its place in the limits, or None if none may start now."""
        self.token_at = None
        if self.is_paused(now):
            return None
        self._unpark()
        while self._ready:
            attempt = self._ready[0]
            refusal = self._limits.ask(attempt.address, gentle=attempt.gentle)
            if refusal is Refusal.TOTAL:
                return None
            if refusal is Refusal.RATE:
                self.token_at = now + self._limits.next_token()
                return None
            self._ready.popleft()
            if refusal is None:
                return attempt
            key: _Key = attempt.address if refusal is Refusal.HOST else network_of(attempt.address)
            self._parked.setdefault(key, deque()).append(attempt)
        return None

    def due(self, now: float, hold: Callable[[Attempt], bool]) -> None:
        """Make ready what was to start by now; what `hold` picks out in a lossy network waits for quiet."""
        later = self._later
        while later and later[0][0] <= now:
            attempt = heapq.heappop(later)[2]
            if self._lossy and hold(attempt):
                network = network_of(attempt.address)
                if network in self._lossy:
                    self._held.setdefault(network, deque()).append(attempt)
                    continue
            self._ready.append(attempt)

    def next_time(self) -> float | None:
        """Return when something changes by itself, or None: only an answer or a release can."""
        times = [self._later[0][0]] if self._later else []
        if self.token_at is not None:
            times.append(self.token_at)
        if self._ready and self.is_paused(self._clock()):
            times.append(self._not_before)
        return min(times, default=None)

    def saw_loss(self, address: str) -> None:
        """Note that a target there answered only after it had been silent."""
        self._lossy.add(network_of(address))

    @property
    def is_quiet(self) -> bool:
        """Whether nothing waits but what is held."""
        return not (self._ready or self._later or self._parked)

    @property
    def has_held(self) -> bool:
        """Whether last tries are held back until it is quiet."""
        return bool(self._held)

    def release_held(self) -> None:
        """Make one held try of each network ready, in networks where none is under way."""
        for network in list(self._held):
            if network not in self._alone:
                self._release_one(network)

    def ended(self, attempt: Attempt) -> None:
        """Note that a try is over: after one that ran alone, its network's next held try follows."""
        if attempt.alone:
            attempt.alone = False
            network = network_of(attempt.address)
            self._alone.discard(network)
            self._release_one(network)

    def clear(self) -> int:
        """Forget all that wait; return how many there were."""
        parked = sum(len(queue) for queue in self._parked.values())
        held = sum(len(queue) for queue in self._held.values())
        forgotten = len(self._ready) + len(self._later) + parked + held
        for container in (self._ready, self._later, self._parked, self._held):
            container.clear()
        return forgotten

    def _release_one(self, network: bytes) -> None:
        held = self._held.get(network)
        if not held:
            return
        attempt = held.popleft()
        if not held:
            del self._held[network]
        attempt.alone = True
        self._alone.add(network)
        self._ready.append(attempt)

    def _unpark(self) -> None:
        """Make ready one parked attempt a freed host and a freed network each: they ask again."""
        freed = self._freed
        if not self._parked:
            freed.clear()
            return
        while freed:
            address = freed.popleft()
            for key in (address, network_of(address)):
                parked = self._parked.get(key)
                if parked:
                    self._ready.append(parked.popleft())
                    if not parked:
                        del self._parked[key]
