"""The DNS sweep: thousands of questions to name servers over UDP in one loop.

In: `dns.query` tasks. Out: an observation a try. Questions are prepared once, deadlines stand in one
queue, and no question has a timer or a future of its own. Every answer is checked (source address
and port, id, opcode, question) and read whole; what is not for us is counted and ignored.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from errno import EMSGSIZE
from heapq import heappop, heappush
from itertools import count
from typing import Final

from ipv6check.model.observation import Observation, Outcome
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import dns_message
from ipv6check.net.dns_query import question_of
from ipv6check.net.dns_socket import MAX_DATAGRAM, Channel, Channels
from ipv6check.net.dns_window import Ask, Server, Window
from ipv6check.net.dns_wire import is_answer, read_answer
from ipv6check.net.failure import (
    LOCAL,
    NO_ANSWER,
    OUTSIDE_SCHEDULE,
    OVERLOADED,
    TOO_LARGE,
    Failed,
    local_failure,
)
from ipv6check.net.net import Net
from ipv6check.net.policy import Policy
from ipv6check.net.routes import Neighbourhood
from ipv6check.net.sources import refusal

KIND: Final = "dns.query"
AHEAD: Final = 1024  # tasks `sweep` takes before it has answers
_MAX_DATAGRAMS: Final = 2048  # read at once from one socket, so that others get their turn
_MAX_SEARCHES: Final = 64  # strays a step whose owner is searched for by their question


class DnsSweep:
    """`submit` tasks, `step` for observations until `pending` is 0, then `close`.

    One thread only, but for `wake`. `pending` counts tasks without their final observation; `window`
    bounds what each server is asked; `strays` counts datagrams that nobody had asked for.
    """

    def __init__(self, net: Net, policy: Policy | None = None, window: Window | None = None) -> None:
        self.pending = 0
        self.strays = 0
        self._net = net
        self._clock = net.clock
        self._near = Neighbourhood(clock=net.clock)
        self._policy = policy or net.policy(KIND)
        self._window = window or Window()
        self._servers: dict[tuple[str | None, int | None], Server | Failed] = {}
        self._waiting: dict[Server, None] = {}  # the servers with questions waiting, in order
        self._channels: Channels[Ask] = Channels()
        self._deadlines: deque[tuple[float, Ask, int]] = deque()
        self._paused: list[tuple[float, int, Ask]] = []
        self._order = count()
        self._found: list[Observation] = []
        self._searches = 0
        self._left = math.inf
        self._draining = False

    def submit(self, task: Task, earlier: Sequence[str] = ()) -> None:
        """Take a task, and how its tries before this sitting failed; observations come out of `step`."""
        self.pending += 1
        server = self._server(task)
        try:
            if isinstance(server, Failed):
                raise server
            self._queue(Ask(task, question_of(task.params), server, earlier))
        except Failed as failed:
            self._refuse(task, failed)

    def step(self, timeout: float) -> list[Observation]:
        """Send what may be sent, wait at most `timeout` seconds for news, and return what ended."""
        now = self._clock()
        late = now - self._left
        self._send(now)
        wait = 0.0 if self._found else min(timeout, max(0.0, self._next_event(now) - now))
        self._searches = _MAX_SEARCHES
        drained = True
        for channel, errors in self._channels.ready(wait):
            if errors:
                self._take_errors(channel)
            drained = self._receive(channel) and drained
        now = self._clock()
        if drained:  # never give up a question whose answer may lie in the buffer
            self._expire(now, late)
        self._send(now)
        found, self._found = self._found, []
        self._left = self._clock()
        return found

    def wake(self) -> None:
        """Let a waiting `step` return early; safe on any thread."""
        self._channels.wake()

    def drain(self) -> None:
        """Ask nothing any more: what waits is forgotten, what is under way ends within its deadline."""
        self._draining = True
        waiting = [ask for server in self._waiting for ask in server.waiting if not ask.done]
        for ask in (*waiting, *(ask for _, _, ask in self._paused if not ask.done)):
            self._forget(ask)
        self._waiting.clear()
        self._paused.clear()

    def close(self) -> None:
        """Close the sockets; what is still pending is forgotten."""
        self.pending = 0
        self._channels.close()

    def _server(self, task: Task) -> Server | Failed:
        key = task.address, task.port
        server = self._servers.get(key)
        if server is None:
            server = self._servers[key] = self._meet(task)
        return server

    def _meet(self, task: Task) -> Server | Failed:
        if task.address is None or task.port is None:
            return Failed(LOCAL, {"detail": "a question needs its server's address and port"})
        try:
            self._net.permit(task.address, task.port)
            return Server(task.address, task.port, self._window)
        except Failed as refused:
            return refused
        except OSError as error:
            return local_failure(error)

    def _refuse(self, task: Task, failed: Failed) -> None:
        """Record a task that can never be asked."""
        self.pending -= 1
        self._found.append(
            Observation(
                task=task,
                attempt=1,
                started=self._net.now(),
                seconds=0.0,
                outcome="failed",
                failure=failed.word,
                data=failed.data,
            )
        )

    def _queue(self, ask: Ask) -> None:
        ask.server.waiting.append(ask)
        self._waiting[ask.server] = None

    def _next_event(self, now: float) -> float:
        """Return when something is due though nothing comes in."""
        due = self._deadlines[0][0] if self._deadlines else math.inf
        if self._paused:
            due = min(due, self._paused[0][0])
        for server in self._waiting:
            due = min(due, server.next_start(now))
        return due

    # Sending

    def _send(self, now: float) -> None:
        while self._paused and self._paused[0][0] <= now:
            ask = heappop(self._paused)[2]
            if not ask.done:
                self._queue(ask)
        if self._waiting:
            for server in list(self._waiting):
                self._send_to(server, now)
                if not server.waiting:
                    del self._waiting[server]

    def _send_to(self, server: Server, now: float) -> None:
        room = server.room(now)
        moment = self._net.now()  # one reading serves all that leaves at once, as `now` does
        deadline = now + self._policy.deadline
        while room > 0 and (asks := server.draw(room)):
            until = asks[0].task.until
            if until is not None and moment > until:
                self._skip(server, asks, now, moment)
                continue
            try:
                channel = self._channels.channel(server.family)
                idents = channel.fresh_ids(len(asks))
                self._transmit(
                    channel, [i + ask.query.tail for i, ask in zip(idents, asks, strict=True)], server
                )
            except BlockingIOError:  # the kernel's buffer is full: a moment later
                server.put_back(asks)
                return
            except OSError as error:
                if server.ungroup(asks, error):
                    continue
                asks[0].begin(now, moment)
                self._fail(asks[0], refusal(error, server.address), now)
                continue
            room -= len(asks)
            for ident, ask in zip(idents, asks, strict=True):
                ask.begin(now, moment)
                ask.left(channel, ident)
                self._deadlines.append((deadline, ask, ask.attempt))

    def _skip(self, server: Server, asks: Sequence[Ask], now: float, moment: datetime) -> None:
        """Record that the first question's window has closed; look at those drawn with it again."""
        server.put_back(asks[1:])
        asks[0].begin(now, moment)
        self._end(asks[0], "skipped", OUTSIDE_SCHEDULE, {}, now)

    def _transmit(self, channel: Channel[Ask], wires: Sequence[bytes], server: Server) -> None:
        """Send datagrams. An error that belongs to earlier ones is taken off the queue first."""
        for _ in range(3):
            try:
                channel.send(wires, server.send_to)
                return
            except BlockingIOError:
                raise
            except OSError:
                if not self._take_errors(channel):
                    raise
        channel.send(wires, server.send_to)

    # Receiving

    def _receive(self, channel: Channel[Ask]) -> bool:
        """Read what has come; return whether that was all."""
        receive = channel.socket.recvfrom
        questions = channel.questions
        for _ in range(_MAX_DATAGRAMS):
            try:
                wire, peer = receive(MAX_DATAGRAM)
            except BlockingIOError:
                return True
            except OSError:  # an ICMP error: what it is about stands in the queue
                self._take_errors(channel)
                continue
            ask = questions.get(wire[:2])
            if ask is not None and ask.server.answers_from == peer and is_answer(wire, ask.query):
                self._answer(ask, wire, channel)
            else:
                self._ignore(channel, wire, ask)
        return False

    def _answer(self, ask: Ask, wire: bytes, channel: Channel[Ask]) -> None:
        now = self._clock()
        if not ask.open:
            # A try that was given up is answered while the next one waits: it saves that one.
            ask.begin(now, self._net.now())
        data = read_answer(wire, ask.query)
        if data is None:
            try:
                if len(wire) >= MAX_DATAGRAM:
                    raise Failed(TOO_LARGE, {"size": len(wire)})
                data = dns_message.read(wire, ask.query)
            except Failed as failed:
                self._fail(ask, Failed(failed.word, {**failed.data, "ignored": ask.ignored}), now)
                return
        ask.server.answering = True
        data["ignored"] = ask.ignored
        if ask.attempt > 1:
            attempt, sent = ask.sent_with(wire[:2], channel)
            if attempt != ask.attempt:
                data["late_try"] = attempt
                data["late_seconds"] = now - sent
        self._end(ask, "ok", None, data, now)

    def _ignore(self, channel: Channel[Ask], wire: bytes, ask: Ask | None) -> None:
        """Count a datagram that is nobody's answer, on the question it pretends to answer if there is one."""
        self.strays += 1
        if ask is None and self._searches > 0:
            self._searches -= 1
            ask = next((kept for kept in channel.questions.values() if is_answer(wire, kept.query)), None)
        if ask is not None:
            ask.ignored += 1

    def _take_errors(self, channel: Channel[Ask]) -> bool:
        """End the tries that ICMP errors are about; return whether there were any errors."""
        some = False
        for payload, peer, error in channel.errors():
            some = True
            ident = payload[:2]
            ask = channel.questions.get(ident)
            if ask is None or not ask.open or error.errno == EMSGSIZE:
                continue
            if ask.server.answers_from[:2] == peer[:2] and ask.sent_with(ident, channel)[0] == ask.attempt:
                self._fail(ask, ask.server.explain(error, self._near), self._clock())
        return some

    # Ending

    def _expire(self, now: float, late: float) -> None:
        """End the tries whose time is over; `late` is how long nobody had looked at the sockets."""
        deadlines = self._deadlines
        while deadlines:
            deadline, ask, attempt = deadlines[0]
            if ask.open and ask.attempt == attempt:
                if deadline > now:
                    return
                failed = Failed(NO_ANSWER, {"ignored": ask.ignored})
                if late > self._policy.patience:  # the answer may have been dropped here
                    failed = Failed(OVERLOADED, {"detail": "late", "late": round(late, 3)})
                self._fail(ask, failed, now)
            deadlines.popleft()

    def _fail(self, ask: Ask, failed: Failed, now: float) -> None:
        """End a try in failure, and put the question aside for the next one if it has one."""
        ask.server.answering = False
        ask.failures.append(failed.word)
        final = self._policy.is_final(ask.failures)
        self._end(ask, "failed", failed.word, failed.data, now, final=final)
        if final or self._draining:
            return
        again = now + self._policy.wait(ask.failures, now - ask.begun)
        heappush(self._paused, (again, next(self._order), ask))

    def _end(
        self,
        ask: Ask,
        outcome: Outcome,
        failure: str | None,
        data: Mapping[str, JSON],
        now: float,
        *,
        final: bool = True,
    ) -> None:
        """Record how the try that is under way ended."""
        ask.end()
        self._found.append(
            Observation(
                task=ask.task,
                attempt=ask.attempt,
                started=ask.started,
                seconds=now - ask.begun,
                outcome=outcome,
                failure=failure,
                data=data,
                final=final,
            )
        )
        if final or self._draining:
            self._forget(ask)

    def _forget(self, ask: Ask) -> None:
        self.pending -= 1
        ask.forget()


def sweep(
    tasks: Iterable[Task], policy: Policy, net: Net, window: Window | None = None
) -> Iterator[Observation]:
    """Ask all `tasks` and yield an observation a try, as they end; tasks are drawn as there is room."""
    asking = DnsSweep(net, policy, window)
    source = iter(tasks)
    try:
        more = True
        while more or asking.pending:
            while more and asking.pending < AHEAD:
                task = next(source, None)
                if task is None:
                    more = False
                else:
                    asking.submit(task)
            yield from asking.step(1.0)
    finally:
        asking.close()
