"""What the DNS sweep keeps of each question and each server: tries, and how much is asked at once.

A `Server` holds its questions back as its `Window` says; an `Ask` is one task on its way.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from errno import ECONNREFUSED
from typing import TypeAlias

from ipv6check.model.inventory import Family
from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import errqueue
from ipv6check.net.dns_query import Query
from ipv6check.net.dns_socket import MAX_GROUP, NO_GROUPS, Channel, Peer, answers_from
from ipv6check.net.errqueue import IcmpError
from ipv6check.net.failure import CLOSED, Failed, errno_name
from ipv6check.net.routes import Neighbourhood, sockaddr

Ticket: TypeAlias = "tuple[Channel[Ask], bytes, int, float]"

_BURST = 0.05  # seconds of the rate that may be sent at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How much one server is asked: questions open at once, and new ones a second (0: not limited)."""

    in_flight: int = 100
    rate: float = 250.0

    @classmethod
    def lifted(cls, in_flight: int = 100) -> Window:
        """Return the bounds for a lab of one's own: no rate."""
        return cls(in_flight=in_flight, rate=0.0)


class Server:
    """One name server's address: what waits for it, what is open, and what its rate still allows."""

    def __init__(self, address: str, port: int, window: Window) -> None:
        """Raise OSError if the address has a zone that is unknown here."""
        self.address = address
        self.family: Family = 6 if ":" in address else 4
        self.send_to: Peer = sockaddr(address, port)
        self.answers_from = answers_from(self.send_to)
        self.window = window
        self.waiting: deque[Ask] = deque()
        self.answering = False  # whether the latest try that ended here was answered
        self._groups = True
        self.in_flight = 0
        self.tokens = 1.0
        self.stamp = -math.inf

    def room(self, now: float) -> int:
        """Return how many questions may leave at `now`."""
        room = self.window.in_flight - self.in_flight
        rate = self.window.rate
        if rate:
            self.tokens = min(max(1.0, rate * _BURST), self.tokens + (now - self.stamp) * rate)
            self.stamp = now
            room = min(room, int(self.tokens))
        return room

    def next_start(self, now: float) -> float:
        """Return when the next question may leave, as far as time decides it."""
        if self.in_flight >= self.window.in_flight:
            return math.inf
        if not self.window.rate or self.tokens >= 1:
            return now
        return max(now, self.stamp + (1 - self.tokens) / self.window.rate)

    def draw(self, room: int) -> list[Ask]:
        """Take the next questions to send, `room` at most: one, or several of one length to send at once.

        Only first tries travel in company, and only to a server that answers: where datagrams stay one
        packet up to whoever drops or rejects them, one loss or one ICMP error stands for them all.
        """
        waiting = self.waiting
        while waiting and waiting[0].done:  # answered late, while it waited
            waiting.popleft()
        if not waiting:
            return []
        first = waiting.popleft()
        asks = [first]
        if self.answering and self._groups and not first.attempt:
            room = min(room, MAX_GROUP)
            until, size = first.task.until, len(first.query.tail)
            while len(asks) < room and waiting:
                ask = waiting[0]
                if ask.attempt or ask.done or len(ask.query.tail) != size or ask.task.until != until:
                    break
                asks.append(waiting.popleft())
        return asks

    def put_back(self, asks: Sequence[Ask]) -> None:
        """Let questions that were drawn wait again, before all others."""
        self.waiting.extendleft(reversed(asks))

    def ungroup(self, asks: Sequence[Ask], error: OSError) -> bool:
        """Put back what could not be sent in company, to be sent one by one; False if it was one alone."""
        if len(asks) == 1:
            return False
        self.answering = False
        if error.errno in NO_GROUPS:
            self._groups = False
        self.put_back(asks)
        return True

    def explain(self, error: IcmpError, near: Neighbourhood) -> Failed:
        """Return what an ICMP error about a question to this server amounts to.

        A port unreachable from the server itself means closed: nobody else knows its ports.
        """
        data: dict[str, JSON] = {"errno": errno_name(error.errno), "icmp": error.as_data()}
        if error.errno == ECONNREFUSED and error.offender in (self.address, self.answers_from[0]):
            return Failed(CLOSED, data)
        own = error.offender is not None and near.is_own(error.offender)
        word, detail = errqueue.classify(error, own=own, onlink=own and near.is_onlink(self.address))
        if detail is not None:
            data["detail"] = detail
        return Failed(word, data)


class Ask:
    """One task on its way. `open`: its latest try is under way; `done`: nothing more will be asked of it.

    `ticket` is the latest question that left, and `older` those before it whose answer would still be
    taken: channel, id, attempt, when it was sent.
    """

    __slots__ = (
        "attempt",
        "begun",
        "done",
        "failures",
        "ignored",
        "older",
        "open",
        "query",
        "server",
        "started",
        "task",
        "ticket",
    )

    def __init__(self, task: Task, query: Query, server: Server, earlier: Sequence[str] = ()) -> None:
        self.task = task
        self.query = query
        self.server = server
        self.attempt = 0
        self.failures: list[str] = [*earlier]
        self.begun = 0.0
        self.started: datetime
        self.ignored = 0
        self.ticket: Ticket | None = None
        self.older: tuple[Ticket, ...] = ()
        self.open = False
        self.done = False

    def begin(self, now: float, moment: datetime) -> None:
        """Start the next try; `now` is monotonic, `moment` UTC."""
        server = self.server
        server.in_flight += 1
        server.tokens -= 1.0
        self.open = True
        self.attempt += 1
        self.begun = now
        self.started = moment

    def end(self) -> None:
        """End the try that is under way."""
        self.open = False
        self.server.in_flight -= 1

    def left(self, channel: Channel[Ask], ident: bytes) -> None:
        """Note that the try that was begun is on its way."""
        if self.ticket is not None:
            self.older += (self.ticket,)
        self.ticket = channel, ident, self.attempt, self.begun
        channel.sent += 1
        channel.questions[ident] = self

    def sent_with(self, ident: bytes, channel: Channel[Ask]) -> tuple[int, float]:
        """Return which try an id was sent with, and when."""
        for ticket in (self.ticket, *self.older):
            if ticket is not None and ticket[1] == ident and ticket[0] is channel:
                return ticket[2:]
        return self.attempt, self.begun

    def forget(self) -> None:
        """Take no answer any more."""
        self.done = True
        if self.ticket is not None:
            del self.ticket[0].questions[self.ticket[1]]
        for channel, ident, _, _ in self.older:
            del channel.questions[ident]
