"""Waiting for connections: one edge-triggered epoll a loop, at which each socket is registered once.

asyncio's own readers and writers are registered and removed again at every wait, with a timer each: for
a conversation of four short waits that costs more than what is said. Whoever uses a `Watch` tries
first and waits when the socket would block: an edge that came before the try is never missed.
"""

from __future__ import annotations

import asyncio
import select
import weakref
from typing import Final

_EVENTS: Final = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET

_of_loop: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Poll] = weakref.WeakKeyDictionary()


class _Poll:
    """The epoll of one loop, which is itself one descriptor among those that the loop waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._epoll = select.epoll()
        self._watches: dict[int, Watch] = {}
        loop.add_reader(self._epoll.fileno(), self._wake)

    def register(self, descriptor: int, watch: Watch) -> None:
        self._epoll.register(descriptor, _EVENTS)
        self._watches[descriptor] = watch

    def forget(self, descriptor: int, watch: Watch) -> None:
        """Drop a watch; the kernel drops its registration when the socket is closed."""
        if self._watches.get(descriptor) is watch:
            del self._watches[descriptor]

    def _wake(self) -> None:
        for descriptor, _ in self._epoll.poll(0):
            watch = self._watches.get(descriptor)
            if watch is not None:
                watch.happened()


class Watch:
    """One socket's readiness. Make it in the running loop once connect() was called, and close it first."""

    __slots__ = ("_alarm", "_descriptor", "_poll", "_until", "_waiter")

    def __init__(self, descriptor: int) -> None:
        loop = asyncio.get_running_loop()
        poll = _of_loop.get(loop)
        if poll is None:
            poll = _of_loop[loop] = _Poll(loop)
        self._poll = poll
        self._descriptor = descriptor
        self._waiter: asyncio.Future[bool] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._until = 0.0
        poll.register(descriptor, self)

    async def ready(self, until: float) -> bool:
        """Wait until the socket may be read or written again, or has failed; False when `until` has passed.

        `until` is in the loop's time. One wait at a time.
        """
        loop = asyncio.get_running_loop()
        if loop.time() >= until:
            return False
        self._until = until
        if self._alarm is None:
            self._alarm = loop.call_at(until, self._ring)
        elif self._alarm.when() > until:
            self._alarm.cancel()
            self._alarm = loop.call_at(until, self._ring)
        self._waiter = waiter = loop.create_future()
        try:
            woken: bool = await waiter
            return woken
        finally:
            self._waiter = None

    def happened(self) -> None:
        """Let go on who waits; nobody does where the socket is looked at anyway."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(True)

    def close(self) -> None:
        """Forget the socket, which is closed next."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._poll.forget(self._descriptor, self)

    def _ring(self) -> None:
        """End the wait whose time is over; for a longer one that began since then, set the alarm again."""
        self._alarm = None
        waiter = self._waiter
        if waiter is None or waiter.done():
            return
        loop = asyncio.get_running_loop()
        if loop.time() < self._until:
            self._alarm = loop.call_at(self._until, self._ring)
        else:
            waiter.set_result(False)
