"""A question that another one's conversation may answer as well: when it is asked by itself, and when not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ipv6check.model.task import STAGE_CLOSED, STAGE_CONVERSATIONS, Task, make_task
from ipv6check.scan.lanes import CONNECT, TALK, lane_of
from ipv6check.scan.ledger import Ledger, State

ADDRESS = "2001:db8::80"


def ask(kind: str, parent: Task | None = None, *, gentle: bool = False, **params: str) -> Task:
    return make_task(
        kind,
        vantage="local",
        family=6,
        address=ADDRESS,
        port=443,
        transport="tcp",
        params=params,
        parent=None if parent is None else parent.id,
        stage=STAGE_CONVERSATIONS if parent else 2,
        gentle=gentle,
    )


CONNECTED = ask("tcp.connect")
SHAKEN = ask("tls.handshake", CONNECTED)
FETCHED = replace(ask("http.get", CONNECTED, path="/"), answers=SHAKEN)
OTHER_PATH = replace(ask("http.get", CONNECTED, path="/health"), answers=SHAKEN)


def connected(*tasks: Task) -> Ledger:
    """Return a ledger whose connection stands, with these conversations over it."""
    ledger = Ledger(lane_of)
    ledger.add((CONNECTED, *tasks))
    assert ledger.take(CONNECT) == CONNECTED
    ledger.settle(CONNECTED.id, succeeded=True)
    return ledger


def taken(ledger: Ledger) -> list[Task]:
    """Return what the lane of conversations is given now."""
    found = []
    while (task := ledger.take(TALK)) is not None:
        found.append(task)
    return found


@pytest.mark.parametrize("order", [(SHAKEN, FETCHED), (FETCHED, SHAKEN)])
def test_the_fetch_goes_first_and_its_end_answers_both(order: tuple[Task, Task]) -> None:
    ledger = connected(*order)
    assert taken(ledger) == [FETCHED]
    ledger.settle(SHAKEN.id, succeeded=True)
    ledger.settle(FETCHED.id, succeeded=True)
    assert (taken(ledger), ledger.open, ledger.running) == ([], 0, 0)
    assert ledger.done == ledger.known


def test_after_a_failed_first_try_the_other_is_asked_beside_the_second() -> None:
    ledger = connected(SHAKEN, FETCHED)
    taken(ledger)
    ledger.retrying(FETCHED.id)
    assert taken(ledger) == [SHAKEN]
    ledger.settle(SHAKEN.id, succeeded=True)
    ledger.settle(FETCHED.id, succeeded=False)
    assert ledger.open == 0


@pytest.mark.parametrize("succeeded", [True, False])
def test_an_end_without_an_answer_for_the_other_lets_it_in(succeeded: bool) -> None:
    ledger = connected(SHAKEN, FETCHED)
    taken(ledger)
    ledger.settle(FETCHED.id, succeeded=succeeded)
    assert taken(ledger) == [SHAKEN]


def test_both_go_with_their_connection() -> None:
    ledger = Ledger(lane_of)
    ledger.add((CONNECTED, SHAKEN, FETCHED))
    ledger.take(CONNECT)
    ledger.settle(CONNECTED.id, succeeded=False)
    assert (taken(ledger), ledger.open) == ([], 0)
    assert ledger.state(SHAKEN.id) is ledger.state(FETCHED.id) is State.GONE


def test_of_two_fetches_the_first_answers_for_the_handshake() -> None:
    ledger = connected(SHAKEN, FETCHED, OTHER_PATH)
    assert taken(ledger) == [FETCHED, OTHER_PATH]
    ledger.settle(SHAKEN.id, succeeded=True)  # whichever came first
    ledger.settle(OTHER_PATH.id, succeeded=True)
    ledger.settle(FETCHED.id, succeeded=False)
    assert (taken(ledger), ledger.open) == ([], 0)


def test_a_fetch_declared_later_finds_the_handshake_under_way() -> None:
    ledger = connected(SHAKEN)
    assert taken(ledger) == [SHAKEN]
    ledger.add((FETCHED,))
    assert taken(ledger) == [FETCHED]
    ledger.settle(FETCHED.id, succeeded=True)
    assert ledger.state(SHAKEN.id) is State.RUNNING


def test_what_an_earlier_sitting_answered_is_not_asked_again() -> None:
    ledger = Ledger(lane_of)
    ledger.add((CONNECTED, SHAKEN, FETCHED))
    ledger.settle(CONNECTED.id, succeeded=True)
    ledger.settle(SHAKEN.id, succeeded=True)
    assert taken(ledger) == [FETCHED]
    ledger.settle(FETCHED.id, succeeded=False)
    assert (taken(ledger), ledger.open) == ([], 0)


def test_later_stages_of_the_host_wait_for_the_handshake_too() -> None:
    ledger = connected(SHAKEN, FETCHED)
    closed = replace(ask("tcp.connect", look="x"), stage=STAGE_CLOSED)
    ledger.add((closed,))
    taken(ledger)
    ledger.retrying(FETCHED.id)
    assert ledger.take(CONNECT) is None
    assert taken(ledger) == [SHAKEN]
    ledger.settle(SHAKEN.id, succeeded=True)
    assert ledger.take(CONNECT) == closed


def test_a_gentle_host_is_asked_the_handshake_when_the_fetch_is_over() -> None:
    shaken = replace(SHAKEN, gentle=True)
    fetched = replace(FETCHED, gentle=True, answers=shaken)
    ledger = connected(shaken, fetched)
    assert taken(ledger) == [fetched]
    ledger.retrying(fetched.id)
    assert taken(ledger) == []
    ledger.settle(fetched.id, succeeded=False)
    assert taken(ledger) == [shaken]
