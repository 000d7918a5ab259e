"""path.mtu: what stalls, what is slow, what proves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from ipv6check.model.inventory import Endpoint
from tests.golden.path_recipes import SMALL, crosses
from tests.unit.judging_builder import V6, Run, service, system

CONTROL = Endpoint("2001:db8:50::1", 443)


def alive(*services: str, **more: object) -> Run:
    run = Run.of(system(services=[service(each) for each in services or ("https",)]), **more)
    run.named()
    for each in run.inventory.systems[0].services:
        run.open(V6, each.ports[6][0])
    return run


def said(run: Run) -> set[tuple[str, str]]:
    return run.said("path.mtu")


def test_a_stall_that_small_packets_do_not_have_is_a_black_hole() -> None:
    run = alive()
    crosses(run, "response", word="slow")
    crosses(run, "response", mss=SMALL)
    assert said(run) == {("fail", "pmtu.blackhole")}


def test_a_stall_that_small_packets_have_too_is_the_applications_slowness() -> None:
    run = alive()
    crosses(run, "response", word="slow")
    crosses(run, "response", mss=SMALL, word="slow")
    assert said(run) == {("unknown", "reach.slow")}


def test_a_stall_not_yet_asked_about_in_small_packets_is_not_judged() -> None:
    run = alive()
    crosses(run, "response", word="slow")
    assert said(run) == {("unknown", "reach.slow")}


@pytest.mark.parametrize(
    ("direction", "seen"), [("response", {"largest": 1428}), ("request", {"progress": 1428})]
)
def test_a_stall_in_which_something_large_came_through_is_loss(direction: str, seen: Any) -> None:
    run = alive()
    if direction == "request":
        crosses(run, "response")
    crosses(run, direction, word="slow", **seen)
    crosses(run, direction, mss=SMALL)
    assert said(run) == {("unknown", "reach.slow")}


def test_waits_on_a_lossy_path_are_no_slow_recovery() -> None:
    run = alive()
    crosses(run, "response", stalled_ms=5100)
    crosses(run, "response", round_=2, stalled_ms=5000)
    crosses(run, "response", mss=SMALL)
    crosses(run, "request")
    assert said(run) == {("not_applicable", "pmtu.not_exercised")}


def test_a_large_request_that_vanishes_is_a_black_hole_of_requests() -> None:
    run = alive()
    crosses(run, "response")
    crosses(run, "request", word="slow")
    crosses(run, "request", mss=SMALL)
    assert run.one("path.mtu").args["direction"] == "request"
    assert said(run) == {("fail", "pmtu.blackhole")}


def test_twice_slow_and_quick_in_small_packets_is_slow_recovery() -> None:
    run = alive()
    crosses(run, "response", stalled_ms=5100, largest=1012)
    crosses(run, "response", round_=2, stalled_ms=5000, largest=1012)
    crosses(run, "response", mss=SMALL)
    assert said(run) == {("warn", "pmtu.slow_recovery")}


@pytest.mark.parametrize(("again", "small"), [(30, 30), (5000, 4000)])
def test_slow_once_or_slow_whatever_the_size_is_no_matter_of_the_path(again: int, small: int) -> None:
    run = alive()
    crosses(run, "response", stalled_ms=5100)
    crosses(run, "response", round_=2, stalled_ms=again)
    crosses(run, "response", mss=SMALL, stalled_ms=small)
    crosses(run, "request")
    assert said(run) == {("not_applicable", "pmtu.not_exercised")}


def test_an_answer_smaller_than_a_packet_proves_nothing() -> None:
    run = alive()
    crosses(run, "response", received=900, largest=536)
    crosses(run, "request", pmtu=1280)
    assert said(run) == {("not_applicable", "pmtu.not_exercised")}


def test_segments_that_our_own_kernel_asked_to_be_small_prove_nothing() -> None:
    run = alive()
    crosses(run, "response", announced=1220, largest=1208)
    crosses(run, "request", pmtu=1280)
    assert said(run) == {("not_applicable", "pmtu.not_exercised")}


def test_a_forged_packet_too_big_that_is_ignored_is_a_black_hole() -> None:
    run = alive()
    crosses(run, "response")
    crosses(run, "response", forged=True)
    crosses(run, "request")
    assert said(run) == {("fail", "pmtu.blackhole")}


def test_a_forged_packet_too_big_that_is_heeded_passes() -> None:
    run = alive()
    crosses(run, "response")
    crosses(run, "response", forged=True, largest=1208)
    crosses(run, "request")
    assert said(run) == {("pass", "ok")}


def test_a_control_that_stalls_too_makes_it_our_own_trouble() -> None:
    run = alive(controls=(CONTROL,))
    crosses(run, "response", word="slow")
    crosses(run, "response", mss=SMALL)
    crosses(run, "response", address=CONTROL.address, name=None, word="slow")
    assert said(run) == {("unknown", "vantage.pmtu")}


def test_a_dead_port_is_judged_elsewhere_and_an_app_without_an_exchange_is_not_tested() -> None:
    run = Run.of(system(services=[service("tcp", 1521), service("https")]))
    run.named()
    run.closed(V6)
    run.open(V6, 1521)
    assert run.said("path.mtu", app="https") == {("not_applicable", "not.answering")}
    assert run.said("path.mtu", app="tcp") == {("not_applicable", "pmtu.not_exercised")}
