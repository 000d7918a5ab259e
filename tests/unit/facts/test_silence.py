"""Silence is only definite after three serial tries of eight seconds, spread over half a minute."""

from datetime import timedelta

import pytest

from ipv6check.model.text import JSON
from tests.unit.judging_builder import V4, V6, dual_stack

PORT = 1521


def judged(tries: int, seconds: float, gap: float) -> tuple[str, str]:
    run = dual_stack()
    run.open(V4, PORT)
    run.silent(V6, PORT, tries=tries, seconds=seconds, gap=gap)
    run.canaries(round_=1)
    finding = run.one("reach.service")
    return finding.verdict, finding.reason


@pytest.mark.parametrize(
    ("tries", "seconds", "gap"), [(3, 8.0, 4.0), (3, 8.5, 6.0), (4, 8.0, 1.0), (3, 12.0, 0.0)]
)
def test_enough_tries_long_enough_and_far_enough_apart(tries: int, seconds: float, gap: float) -> None:
    assert judged(tries, seconds, gap) == ("fail", "reach.silent")


@pytest.mark.parametrize(
    ("tries", "seconds", "gap"),
    [(1, 8.5, 0.0), (2, 8.5, 30.0), (3, 3.0, 30.0), (3, 8.0, 0.0), (2, 3.0, 6.0)],
)
def test_less_than_that_is_unknown(tries: int, seconds: float, gap: float) -> None:
    assert judged(tries, seconds, gap) == ("unknown", "not.asked")


def test_a_rejection_that_came_once_is_not_drowned_by_silence() -> None:
    run = dual_stack()
    run.open(V4, PORT)
    task = run.connect_task(V6, PORT)
    data: dict[str, JSON] = {"icmp": {"type": 1, "code": 1, "offender": "2001:db8:ff::1"}}
    run.say(task, "failed", "silent", seconds=8.5, attempt=1)
    run.say(task, "failed", "rejected", data, attempt=2)
    run.say(task, "failed", "silent", seconds=8.5, attempt=3)
    finding = run.one("reach.service")
    assert (finding.reason, finding.args["offender"]) == ("reach.rejected", "2001:db8:ff::1")


def test_a_cut_off_by_time_says_so() -> None:
    run = dual_stack()
    run.open(V4, PORT)
    task = run.connect_task(V6, PORT)
    run.say(task, "failed", "silent", seconds=8.5, attempt=1, final=False)
    run.say(task, "skipped", "time.over", seconds=0.0, attempt=2)
    assert run.said("reach.service") == {("unknown", "time.over")}


def test_the_waiting_is_told_in_milliseconds() -> None:
    run = dual_stack()
    run.open(V4, PORT)
    run.silent(V6, PORT)
    run.canaries(round_=1)
    args = run.one("reach.service").args
    assert args["tries"] == 3
    assert isinstance(args["waited_ms"], int)
    assert args["waited_ms"] > 30_000


def test_tries_of_one_task_in_any_order_are_the_same_silence() -> None:
    run = dual_stack()
    run.open(V4, PORT)
    run.silent(V6, PORT)
    run.canaries(round_=1)
    before = run.findings()
    run.observations.reverse()
    assert run.findings() == before
    assert run.now - run.observations[-1].started > timedelta(0)
