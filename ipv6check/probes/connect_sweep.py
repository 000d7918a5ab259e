"""The connect sweep: thousands of TCP connects to literal addresses in one loop.

In: `tcp.connect` tasks. Out: an observation a try, `final` on the last. Non-blocking sockets and one
epoll; no task, future or timer a connect. It executes the Policy (deadline, tries, gaps) and the
Limits; what a try amounts to is `net/connect.py`'s to say.

A connection that succeeded is closed at once, in order (FIN): an abortive close would spare us
TIME_WAIT, but servers log a RST as an error and intrusion detection counts it as a scan. Many that
succeed together are closed together (`net/closing.py`), and hold their places until they are.
"""

from __future__ import annotations

import errno
import os
import select
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import connect
from ipv6check.net.closing import Closer
from ipv6check.net.failure import OUTSIDE_SCHEDULE, OVERLOADED, SILENT, UNREACHABLE, Failed, classify_oserror
from ipv6check.net.net import Net
from ipv6check.net.policy import Policy
from ipv6check.net.routes import Neighbourhood
from ipv6check.probes.connect_attempt import Attempt
from ipv6check.probes.connect_queue import ConnectQueue

KIND: Final = "tcp.connect"
_STARTS_A_STEP: Final = 64  # so that answers are read, and deadlines looked at, between them
_EVENTS_A_STEP: Final = 256
_UNDER_WAY: Final = frozenset({0, errno.EINPROGRESS})
_LOSS: Final = frozenset({SILENT, UNREACHABLE})


class ConnectSweep:
    """`submit` tasks, `step` for observations until `pending` is 0, then `close`.

    One thread only, but for `wake`. `pending` counts tasks without their final observation.
    """

    def __init__(self, net: Net, policy: Policy | None = None) -> None:
        self._net = net
        self._policy = policy or net.policy(KIND)
        self._near = Neighbourhood(clock=net.clock)
        self._queue = ConnectQueue(net.limits, net.clock)
        # By descriptor. One deadline serves all and a dict keeps the order of insertion, so the first
        # is always the next to expire.
        self._under_way: dict[int, Attempt] = {}
        self._found: list[Observation] = []
        self._parting: list[Attempt] = []  # connected, and to be closed when the step ends
        self._closer = Closer(net.limits.release_all)
        self._overloads = 0
        self._startable = False
        self._draining = False
        self._sleeping = False
        self._thread = 0
        self.pending = 0
        self._poll = select.epoll()
        self._alarm = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._poll.register(self._alarm, select.EPOLLIN)
        net.limits.listen(self._given_back)

    def submit(self, task: Task, earlier: Sequence[str] = ()) -> None:
        """Take a task, and how its tries before this sitting failed.

        ValueError or OSError if it names no literal address and port.
        """
        self._queue.add(Attempt(task, earlier))
        self.pending += 1

    def step(self, timeout: float) -> list[Observation]:
        """Start what may start, wait at most `timeout` seconds for news, and return what ended."""
        self._thread = threading.get_ident()
        self._start(self._net.clock())
        self._sleeping = True
        events = self._poll.poll(self._patience(timeout), _EVENTS_A_STEP)
        self._sleeping = False
        now = self._net.clock()
        for descriptor, mask in events:
            if descriptor == self._alarm:
                os.eventfd_read(self._alarm)
            else:
                self._finish(descriptor, mask, now)
        # A deadline is looked at only when nothing more was to be read: an answer in time counts.
        if len(events) < _EVENTS_A_STEP:
            self._expire(now)
        self._part()
        found, self._found = self._found, []
        return found

    def wake(self) -> None:
        """Let a waiting `step` return early; safe on any thread."""
        os.eventfd_write(self._alarm, 1)

    def release_held(self) -> None:
        """Start the last tries that were held back in lossy networks, one at a time in each."""
        self._queue.release_held()

    def drain(self) -> None:
        """Start nothing any more: what waits is forgotten, what is under way ends within its deadline."""
        self._draining = True
        self.pending -= self._queue.clear()

    def close(self) -> None:
        """Close every socket; what is pending is forgotten."""
        self._part()
        self._closer.stop()
        self._net.limits.unlisten(self._given_back)
        while self._under_way:
            _, attempt = self._under_way.popitem()
            self._close(attempt)
        self._queue.clear()
        self.pending = 0
        self._poll.close()
        os.close(self._alarm)

    def _given_back(self, address: str) -> None:
        self._queue.given_back(address)
        if self._sleeping and threading.get_ident() != self._thread:
            self._sleeping = False
            self.wake()

    def _patience(self, timeout: float) -> float:
        """Return how long the poll may wait: until the next deadline, start or token at most.

        `_sleeping` is set by now: what is given back after this look wakes the poll.
        """
        if self._found or self._startable or self._queue.has_news:
            return 0.0
        until = self._queue.next_time()
        if self._under_way:
            oldest = next(iter(self._under_way.values()))
            deadline = oldest.began + self._policy.deadline
            until = deadline if until is None else min(until, deadline)
        return timeout if until is None else max(0.0, min(timeout, until - self._net.clock()))

    # Starting

    def _start(self, now: float) -> None:
        queue = self._queue
        queue.due(now, self._is_held)
        if queue.has_held and queue.is_quiet and not self._under_way:
            queue.release_held()
        self._startable = False
        for _ in range(_STARTS_A_STEP):
            attempt = queue.next(now)
            if attempt is None:
                return
            self._connect(attempt)
        self._startable = True

    def _is_held(self, attempt: Attempt) -> bool:
        return SILENT in attempt.failures and self._policy.is_last(attempt.failures)

    def _connect(self, attempt: Attempt) -> None:
        """Start one try; it holds its place in the limits from here to `_close`."""
        began, started = self._net.clock(), self._net.now()
        attempt.begin(began, started)
        if attempt.task.until is not None and started > attempt.task.until:
            self._skip(attempt, OUTSIDE_SCHEDULE)
            return
        try:
            self._net.permitted(attempt.address, attempt.port)
            sock, number = connect.begin(attempt.family, attempt.resolve_zone())
        except Failed as refused:
            self._fail(attempt, refused, began)
            return
        except OSError as error:
            self._fail(attempt, classify_oserror(error, sync=True), began)
            return
        attempt.sock = sock
        if number in _UNDER_WAY:
            descriptor = sock.fileno()
            self._under_way[descriptor] = attempt
            self._poll.register(descriptor, select.EPOLLOUT | select.EPOLLONESHOT)
            self._overloads = 0
        else:
            self._fail(
                attempt, connect.failure_of(sock, number, attempt.address, self._near, sync=True), began
            )

    # Ending

    def _finish(self, descriptor: int, mask: int, now: float) -> None:
        attempt = self._under_way.pop(descriptor, None)
        if attempt is None or attempt.sock is None:
            return
        try:
            source = connect.outcome_of(
                attempt.sock, attempt.address, self._near, writable_only=mask == select.EPOLLOUT
            )
        except Failed as failed:
            self._fail(attempt, failed, now)
            return
        data = connect.measured(attempt.sock, source, now - attempt.began)
        self._parting.append(attempt)
        self._queue.ended(attempt)
        if attempt.failures and not _LOSS.isdisjoint(attempt.failures):
            self._queue.saw_loss(attempt.address)
        self._record(attempt, now, None, data, final=True)

    def _expire(self, now: float) -> None:
        deadline = self._policy.deadline
        while self._under_way:
            descriptor, attempt = next(iter(self._under_way.items()))
            late = now - attempt.began - deadline
            if late < 0.0:
                return
            del self._under_way[descriptor]
            if attempt.sock is None:
                continue
            failed = connect.silence_of(attempt.sock, attempt.address)
            if late > self._policy.patience:
                failed = Failed(OVERLOADED, {**failed.data, "detail": "late", "late": round(late, 3)})
            self._fail(attempt, failed, now)

    def _fail(self, attempt: Attempt, failed: Failed, now: float) -> None:
        """End a try that failed: record it, and arrange the next or leave it at that."""
        self._close(attempt)
        attempt.failures.append(failed.word)
        final = self._policy.is_final(attempt.failures) or (attempt.audit and failed.word != OVERLOADED)
        self._record(attempt, now, failed.word, failed.data, final=final)
        if failed.word == OVERLOADED:
            self._back_off(now)
        if not final and not self._draining:
            wait = self._policy.wait(attempt.failures, now - attempt.began)
            self._queue.add_later(attempt, now + wait)

    def _back_off(self, now: float) -> None:
        """Lower what runs at once and start nothing for a while; a burst of trouble counts once."""
        if self._queue.is_paused(now):
            return
        self._net.limits.back_off()
        self._overloads += 1
        pause = self._policy.back_off * 2.0 ** (self._overloads - 1)
        self._queue.pause(now + min(pause, self._policy.longest_back_off))

    def _skip(self, attempt: Attempt, word: str) -> None:
        self._close(attempt)
        self.pending -= 1
        self._found.append(attempt.observation("skipped", 0.0, failure=word))

    def _part(self) -> None:
        """Close what has connected in this step."""
        if not self._parting:
            return
        parting, self._parting = self._parting, []
        sockets = [attempt.sock for attempt in parting if attempt.sock is not None]
        self._closer.take(sockets, [attempt.address for attempt in parting])
        for attempt in parting:
            attempt.sock = None

    def _close(self, attempt: Attempt) -> None:
        """Give everything back that a try held."""
        if attempt.sock is not None:
            attempt.sock.close()  # which takes it out of the epoll too
            attempt.sock = None
        self._net.limits.release(attempt.address)
        self._queue.ended(attempt)

    def _record(
        self, attempt: Attempt, now: float, word: str | None, data: Mapping[str, JSON], *, final: bool
    ) -> None:
        if final or self._draining:
            self.pending -= 1
        seconds = max(0.0, now - attempt.began)
        self._found.append(
            attempt.observation(
                "ok" if word is None else "failed", seconds, failure=word, data=data, final=final
            )
        )


def sweep(tasks: Iterable[Task], policy: Policy, net: Net) -> Iterator[Observation]:
    """Connect to all and yield an observation a try, as they end; tasks are drawn as there is room."""
    connecting = ConnectSweep(net, policy)
    room = 4 * net.limits.total
    source = iter(tasks)
    try:
        more = True
        while more or connecting.pending:
            while more and connecting.pending < room:
                task = next(source, None)
                if task is None:
                    more = False
                else:
                    connecting.submit(task)
            yield from connecting.step(1.0)
    finally:
        connecting.close()
