"""What is known, what may start, and what is done: the order of a scan, without time or sockets.

A task waits for its parent, then for its host's turn: declared services, then conversations, then
closed ports and decoys, then audit ports one after the other; a later stage starts when every task
of the earlier ones is settled or waiting between its tries. A gentle host gets one task at a time, to
its end. A task that another's conversation may answer as well waits for that one's first try.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum

from ipv6check.model.task import STAGE_AUDIT, STAGE_SERVICES, STAGE_VANTAGE, Task
from ipv6check.plan.batch import merge


class State(Enum):
    """Where a task stands; `GONE` is a task whose parent did not succeed."""

    WAITING = "waiting"
    HELD = "held"
    READY = "ready"
    RUNNING = "running"
    RETRYING = "retrying"
    DONE = "done"
    GONE = "gone"


_IN_THE_WAY = (State.HELD, State.READY, State.RUNNING)


class _Host:
    """One address: how many tasks of each stage are in the way, and which are held back."""

    __slots__ = ("counts", "gentle", "held", "turn")

    def __init__(self) -> None:
        self.counts = [0] * (STAGE_AUDIT + 1)
        self.held: dict[int, deque[str]] = {}
        self.gentle = False
        self.turn: str | None = None  # the one task a gentle host is busy with

    def open_to(self, stage: int) -> bool:
        return not any(self.counts[STAGE_SERVICES:stage])


class Ledger:
    """The tasks of one scan. `lane_of` names the queue a kind of task is taken from."""

    def __init__(self, lane_of: Callable[[str], str]) -> None:
        self._lane_of = lane_of
        self._tasks: dict[str, Task] = {}
        self._states: dict[str, State] = {}
        self._succeeded: set[str] = set()
        self._children: dict[str, list[str]] = {}
        self._answered_by: dict[str, str] = {}  # until the first try of the one that may answer it too
        self._parked: set[str] = set()
        self._hosts: dict[str, _Host] = {}
        self._ready: dict[str, deque[str]] = {}
        self._open = 0
        self._running = 0
        self.known: dict[str, int] = {}
        self.done: dict[str, int] = {}

    @property
    def open(self) -> int:
        """How many tasks are held, ready, running or between their tries."""
        return self._open

    @property
    def running(self) -> int:
        """How many tasks are with a lane and not between two tries."""
        return self._running

    def knows(self, task_id: str) -> bool:
        """Whether the task was added."""
        return task_id in self._tasks

    def unsettled(self) -> list[Task]:
        """Return the tasks that are held, ready, running or between their tries."""
        open_states = (*_IN_THE_WAY, State.RETRYING)
        return [self._tasks[task_id] for task_id, state in self._states.items() if state in open_states]

    def state(self, task_id: str) -> State | None:
        """Return where a task stands, None if it is not known."""
        return self._states.get(task_id)

    def add(self, tasks: Iterable[Task]) -> list[Task]:
        """Take in tasks; return the new ones. A known one only gets the stricter conditions."""
        new = []
        tasks = tuple(tasks)
        for task in tasks:
            self._pair(task)
        for task in tasks:
            if task.id in self._tasks:
                self._tighten(task)
                continue
            new.append(task)
            self._tasks[task.id] = task
            lane = self._lane_of(task.kind)
            self.known[lane] = self.known.get(lane, 0) + 1
            self._enter(task)
        return new

    def take(self, lane: str) -> Task | None:
        """Return the next task of a lane, which then counts as running; None if none may start."""
        queue = self._ready.get(lane)
        while queue:
            task_id = queue.popleft()
            if self._states[task_id] is State.READY:
                self._states[task_id] = State.RUNNING
                self._running += 1
                return self._tasks[task_id]
        return None

    def retrying(self, task_id: str) -> None:
        """Note that a running task waits between two tries: it is no longer in its host's way."""
        if self._states.get(task_id) is State.RUNNING:
            self._part(task_id)
            self._leave(task_id, State.RETRYING)
            self._open += 1

    def settle(self, task_id: str, *, succeeded: bool) -> None:
        """Note a task's end; those that waited for it start, or go with it."""
        if self._states.get(task_id) in (None, State.DONE, State.GONE):
            return
        self._part(task_id)
        self._leave(task_id, State.DONE)
        lane = self._lane_of(self._tasks[task_id].kind)
        self.done[lane] = self.done.get(lane, 0) + 1
        if succeeded:
            self._succeeded.add(task_id)
        for child in self._children.pop(task_id, ()):
            if self._states[child] is State.WAITING:
                if succeeded:
                    self._admit(self._tasks[child])
                else:
                    self._drop(child)
        self._turn_over(task_id)

    def _pair(self, task: Task) -> None:
        """Note what a new task's conversation may answer as well, unless that is under way already."""
        other = task.answers
        if other is not None and task.id not in self._tasks and other.id not in self._answered_by:
            if self._states.get(other.id) in (None, State.WAITING):
                self._answered_by[other.id] = task.id

    def _part(self, task_id: str) -> None:
        """Let in what waited to be answered by a task's first try, now that this is over."""
        other = self._tasks[task_id].answers
        if other is None or self._answered_by.get(other.id) != task_id:
            return
        del self._answered_by[other.id]
        if other.id in self._parked:
            self._parked.remove(other.id)
            if self._states[other.id] is State.WAITING:
                self._admit(self._tasks[other.id])

    def _enter(self, task: Task) -> None:
        parent = task.parent
        if parent is None or parent in self._succeeded:
            self._admit(task)
        elif self._states.get(parent) in (State.DONE, State.GONE):
            self._states[task.id] = State.WAITING
            self._drop(task.id)
        else:
            self._states[task.id] = State.WAITING
            self._children.setdefault(parent, []).append(task.id)

    def _admit(self, task: Task) -> None:
        """Let a task that waits for nobody in, to its host's queue or straight to its lane's."""
        if task.id in self._answered_by:
            self._states[task.id] = State.WAITING
            self._parked.add(task.id)
            return
        self._open += 1
        if task.stage < STAGE_SERVICES or task.address is None:
            self._make_ready(task)
            return
        host = self._hosts.setdefault(task.address, _Host())
        host.gentle = host.gentle or task.gentle
        host.counts[task.stage] += 1
        host.held.setdefault(task.stage, deque()).append(task.id)
        self._states[task.id] = State.HELD
        self._release(host)

    def _make_ready(self, task: Task) -> None:
        self._states[task.id] = State.READY
        queue = self._ready.setdefault(self._lane_of(task.kind), deque())
        if task.stage == STAGE_VANTAGE:
            queue.appendleft(task.id)
        else:
            queue.append(task.id)

    def _release(self, host: _Host) -> None:
        """Move what a host's turn has come for to the lanes."""
        for stage in sorted(host.held):
            queue = host.held[stage]
            while queue and host.open_to(stage):
                if host.gentle and host.turn is not None:
                    return
                if stage == STAGE_AUDIT and host.counts[stage] > len(queue):
                    return  # one is under way
                task = self._tasks[queue.popleft()]
                if host.gentle:
                    host.turn = task.id
                self._make_ready(task)
            if not queue:
                del host.held[stage]

    def _leave(self, task_id: str, state: State) -> None:
        """Take a task out of its host's way."""
        before, task = self._states[task_id], self._tasks[task_id]
        self._states[task_id] = state
        if before is State.RUNNING:
            self._running -= 1
        if before in _IN_THE_WAY or before is State.RETRYING:
            self._open -= 1
        host = self._host(task)
        if host is not None and before in _IN_THE_WAY:
            host.counts[task.stage] -= 1
            if before is State.HELD:
                host.held[task.stage].remove(task_id)
            if state is not State.DONE:  # at its end the children come first, see `_turn_over`
                self._release(host)

    def _turn_over(self, task_id: str) -> None:
        host = self._host(self._tasks[task_id])
        if host is not None:
            if host.turn == task_id:
                host.turn = None
            self._release(host)

    def _host(self, task: Task) -> _Host | None:
        if task.stage < STAGE_SERVICES or task.address is None:
            return None
        return self._hosts.get(task.address)

    def _drop(self, task_id: str) -> None:
        """Let a task go whose parent did not succeed, and with it what waited for it."""
        self._states[task_id] = State.GONE
        self._part(task_id)
        lane = self._lane_of(self._tasks[task_id].kind)
        self.known[lane] -= 1
        for child in self._children.pop(task_id, ()):
            self._drop(child)

    def _tighten(self, task: Task) -> None:
        """Give a known task the stricter conditions of an equal one."""
        known, state = self._tasks[task.id], self._states[task.id]
        merged = self._tasks[task.id] = merge(known, task)
        host = self._host(merged)
        if host is not None:
            host.gentle = host.gentle or merged.gentle
            if merged.stage != known.stage and state in _IN_THE_WAY:
                self._move(host, known, merged.stage)
        if merged.parent is None and state in (State.WAITING, State.GONE):
            self.known[self._lane_of(task.kind)] += state is State.GONE
            self._admit(merged)

    def _move(self, host: _Host, task: Task, stage: int) -> None:
        """Put a task of a host into an earlier stage."""
        host.counts[task.stage] -= 1
        host.counts[stage] += 1
        if self._states[task.id] is State.HELD:
            host.held[task.stage].remove(task.id)
            host.held.setdefault(stage, deque()).append(task.id)
        self._release(host)
