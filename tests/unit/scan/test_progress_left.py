"""What a person is told of the time that is left: honest while silent ports are asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ipv6check.model.observation import Observation
from ipv6check.model.task import make_task
from ipv6check.scan.progress import Count, line
from ipv6check.scan.retries import Retries

TASK = make_task(
    "tcp.connect",
    vantage="local",
    family=6,
    address="2001:db8::1",
    port=443,
    transport="tcp",
    params=None,
)
SILENT = Observation(
    task=TASK,
    attempt=1,
    final=False,
    started=datetime(2026, 11, 25, tzinfo=UTC),
    seconds=8.5,
    outcome="failed",
    failure="silent",
    data={},
)


def count(done: int, known: int, seconds: float, retries: float = 0.0) -> Count:
    return Count(layers={"connect": (done, known)}, unanswered=0, seconds=seconds, retries=retries)


def test_the_rest_takes_as_long_as_what_is_done() -> None:
    assert count(50, 100, 10.0).left == 10.0
    assert count(0, 100, 10.0).left is None


def test_one_silent_port_keeps_the_estimate_up_although_nearly_all_is_done() -> None:
    retries = Retries()
    retries.see(SILENT, now=8.5)
    left = retries.left(8.5)
    assert 25 < left < 35  # tries start at 0, 10.5 and 30 s, and the last may take 8.5 s
    assert retries.left(18.5) == left - 10
    shown = line(count(199, 200, 8.5, left), "en")
    assert shown.endswith("about 30s left")


def test_the_last_try_takes_the_task_off_the_estimate() -> None:
    retries = Retries()
    retries.see(SILENT, now=8.5)
    retries.see(replace(SILENT, attempt=2), now=19.0)
    assert 18 < retries.left(19.0) < 20
    retries.see(replace(SILENT, attempt=3, final=True), now=38.5)
    assert retries.left(38.5) == 0.0
