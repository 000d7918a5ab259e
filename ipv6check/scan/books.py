"""The books of a scan: every observation is stored, settled, and followed up by the plan.

Also replays what an earlier sitting of the same run stored, so that only what is unanswered is
asked. Skips are no answers: they are asked again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from ipv6check.model.inventory import FAMILIES, Family
from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.model.text import Text
from ipv6check.plan import Plan, Results
from ipv6check.plan.spots import MAX_ADDRESSES
from ipv6check.scan import remarks
from ipv6check.scan.lanes import lane_of
from ipv6check.scan.ledger import Ledger, State
from ipv6check.store import Run


class Books:
    """What one scan knows. `note` takes remarks for a person, `now` gives UTC."""

    def __init__(
        self, plan: Plan, run: Run, *, note: Callable[[Text], None], now: Callable[[], datetime]
    ) -> None:
        self._plan = plan
        self._run = run
        self._note = note
        self._now = now
        self.ledger = Ledger(lane_of)
        self.results = Results()
        self._tries: dict[str, int] = {}
        self._stash: dict[str, Observation] = {}
        self._earlier: dict[str, list[str]] = {}
        self._round = 0
        self.asked = 0
        self.unanswered = 0

    def begin(self, stored: Iterable[Observation]) -> None:
        """Take the plan's first questions, and the answers of earlier sittings, in their order."""
        self.add(self._plan.initial())
        resumed = False
        for observation in stored:
            resumed = True
            task = observation.task
            self._tries[task.id] = max(self._tries.get(task.id, 0), observation.attempt)
            self._note_round(task)
            if not observation.final and observation.failure is not None:
                self._earlier.setdefault(task.id, []).append(observation.failure)
            if not observation.final or observation.outcome == "skipped":
                continue
            if self.ledger.knows(task.id):
                self._settle(observation)
            else:
                self._stash[task.id] = observation
        if resumed:
            self.look_again(FAMILIES)

    def earlier(self, task_id: str) -> tuple[str, ...]:
        """Return how the tries of earlier sittings failed: they count, and are not made again."""
        return tuple(self._earlier.get(task_id, ()))

    def add(self, tasks: Iterable[Task]) -> bool:
        """Take in tasks; say whether any was new. What an earlier sitting answered is settled at once."""
        new = self.ledger.add(tasks)
        waiting = deque(new)
        while waiting:
            observation = self._stash.pop(waiting.popleft().id, None)
            if observation is not None:
                waiting.extend(self._settle_one(observation))
        return bool(new)

    def look_again(self, families: tuple[Family, ...]) -> None:
        """Ask about the vantage itself once more."""
        if families:
            self._round += 1
            self.add(self._plan.again(self._round, families))

    def take_in(self, observation: Observation) -> Observation | None:
        """Store a try from a lane and do what follows from it; return it as stored.

        None if the question was answered already: two conversations may have answered it.
        """
        task_id = observation.task.id
        if self.ledger.state(task_id) is State.DONE:
            return None
        attempt = self._tries.get(task_id, 0) + 1
        if attempt != observation.attempt:
            observation = replace(observation, attempt=attempt)
        self._tries[task_id] = attempt
        self._run.append(observation)
        self.asked += 1
        self._remark(observation)
        if observation.final:
            self._settle(observation)
        else:
            self.ledger.retrying(task_id)
        return observation

    def skip(self, task: Task, why: str) -> None:
        """Store that a task is deliberately not asked, or not asked any further."""
        attempt = self._tries.get(task.id, 0) + 1
        self._tries[task.id] = attempt
        skipped = Observation(
            task=task, attempt=attempt, started=self._now(), seconds=0.0, outcome="skipped", failure=why
        )
        self._run.append(skipped)
        self._settle(skipped)

    def _settle(self, observation: Observation) -> None:
        waiting = deque(self._settle_one(observation))
        while waiting:
            stashed = self._stash.pop(waiting.popleft().id, None)
            if stashed is not None:
                waiting.extend(self._settle_one(stashed))

    def _settle_one(self, observation: Observation) -> list[Task]:
        """Settle one task and take in what follows; return the tasks that were new."""
        self.results.record(observation)
        self.unanswered += observation.outcome == "failed"
        self.ledger.settle(observation.task.id, succeeded=observation.outcome == "ok")
        return self.ledger.add(self._plan.expand(observation, self.results))

    def _note_round(self, task: Task) -> None:
        number = task.params.get("round")
        if task.kind.startswith("vantage.") and isinstance(number, int):
            self._round = max(self._round, number)

    def _remark(self, observation: Observation) -> None:
        """Say aloud what a person should know while the scan runs."""
        task = observation.task
        if observation.outcome == "crashed":
            self._note(remarks.fill(remarks.CRASHED, what=f"{task.kind} {task.subject}"))
        if not observation.final:
            return
        if left := self._plan.left_out(observation):
            name = str(task.params.get("name"))
            self._note(remarks.fill(remarks.LEFT_OUT, name=name, kept=MAX_ADDRESSES, left=left))
        if observation.outcome == "failed" and task.params.get("round") == 0:
            if task.kind == "vantage.source":
                self._note(remarks.fill(remarks.NO_SOURCE, family=task.family))
            elif task.kind == "vantage.canary":
                self._note(remarks.fill(remarks.CANARY_SILENT, address=task.address, family=task.family))
