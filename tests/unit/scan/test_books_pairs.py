"""The books of two questions that one conversation answers: each is stored once, whatever was cut off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from ipv6check.model.observation import Observation
from ipv6check.model.task import Task
from ipv6check.scan.books import Books
from ipv6check.scan.lanes import CONNECT, TALK
from ipv6check.scan.ledger import State
from ipv6check.store import Run
from tests.unit.plan.making import MOMENT, plan

ADDRESS = "2001:db8:100:10::80"
SYSTEM = (
    '- {id: portal, hosts: [{host: "2001:db8:100:10::80", name: www.tinhmau.example}], services: [https]}'
)
NEEDS = frozenset({"tcp.connect", "tls.handshake", "http.get"})


@dataclass
class Stored:
    """A run in memory."""

    observations: list[Observation] = field(default_factory=list)

    def append(self, observation: Observation) -> None:
        self.observations.append(observation)

    @property
    def ids(self) -> list[str]:
        return [each.id for each in self.observations]


def sitting(earlier: Iterable[Observation] = ()) -> tuple[Books, Stored]:
    stored = Stored(list(earlier))
    books = Books(plan(SYSTEM, needs=NEEDS), cast(Run, stored), note=lambda text: None, now=lambda: MOMENT)
    books.begin(tuple(stored.observations))
    return books, stored


def given(books: Books) -> list[Task]:
    """Return what may start now at the system's address."""
    found = []
    for lane in (CONNECT, TALK):
        while (task := books.ledger.take(lane)) is not None:
            if task.address == ADDRESS and task.port is not None:
                found.append(task)
    return found


def said(task: Task, outcome: str = "ok", *, final: bool = True) -> Observation:
    failure = None if outcome == "ok" else "slow"
    return Observation(
        task=task,
        attempt=1,
        started=MOMENT,
        seconds=0.1,
        outcome="ok" if outcome == "ok" else "failed",
        failure=failure,
        final=final,
    )


def connected(earlier: Iterable[Observation] = ()) -> tuple[Books, Stored, Task, Task]:
    """Return the books once the port is open, with the fetch that was given out and its handshake."""
    books, stored = sitting(earlier)
    (connect,) = given(books)
    books.take_in(said(connect))
    (fetch,) = given(books)
    assert fetch.answers is not None
    return books, stored, fetch, fetch.answers


def test_one_conversation_settles_both() -> None:
    books, stored, fetch, shake = connected()
    books.take_in(said(shake))
    books.take_in(said(fetch))
    assert (stored.ids[-2:], given(books)) == ([f"{shake.id}.1", f"{fetch.id}.1"], [])


def test_a_kill_after_the_first_observation_leaves_the_fetch_to_ask() -> None:
    books, stored, fetch, shake = connected()
    books.take_in(said(shake))
    again, kept = sitting(stored.observations)
    assert given(again) == [fetch]
    assert again.take_in(said(shake)) is None  # it was answered before: the second answer is dropped
    again.take_in(said(fetch))
    assert len(kept.ids) == len(set(kept.ids)) == 3


def test_a_run_that_has_the_fetch_alone_is_asked_for_the_handshake() -> None:
    books, stored, fetch, shake = connected()
    books.take_in(said(fetch))
    again, _ = sitting(stored.observations)
    assert given(again) == [shake]


def test_an_earlier_sittings_failed_try_counts_and_the_handshake_is_asked_after_the_next() -> None:
    books, stored, fetch, shake = connected()
    books.take_in(said(fetch, "failed", final=False))
    again, _ = sitting(stored.observations)
    assert given(again) == [fetch]
    assert again.earlier(fetch.id) == ("slow",)
    again.take_in(said(fetch, "failed"))
    assert given(again) == [shake]


def test_the_tries_of_each_are_its_own() -> None:
    books, stored, fetch, shake = connected()
    books.take_in(said(fetch, "failed", final=False))
    (alone,) = given(books)
    assert alone == shake
    books.take_in(said(shake, "failed", final=False))
    books.take_in(said(shake))
    books.take_in(said(fetch))
    assert [id_ for id_ in stored.ids if id_.startswith((shake.id, fetch.id))] == [
        f"{fetch.id}.1",
        f"{shake.id}.1",
        f"{shake.id}.2",
        f"{fetch.id}.2",
    ]
    assert books.ledger.state(shake.id) is State.DONE


def test_skipping_the_fetch_lets_the_handshake_be_skipped_too() -> None:
    books, stored, fetch, shake = connected()
    while left := books.ledger.unsettled():
        for task in left:
            books.skip(task, "time.over")
    skipped = {each.task.id for each in stored.observations if each.outcome == "skipped"}
    assert {fetch.id, shake.id} <= skipped
