"""parity.latency: slower beyond floor and ratio, measured after a warm-up, over both families."""

from __future__ import annotations

import pytest

from tests.unit.judging_builder import V4, V6, Run, dual_stack, host, service, system


def timed(run: Run, address: str, *samples: float) -> None:
    for number, rtt in enumerate(samples):
        run.talk("tcp.time", address, 1521, {"sample": number}, rtt_ms=rtt)


def measured(six: tuple[float, ...], four: tuple[float, ...]) -> Run:
    run = dual_stack()
    run.open(V6, 1521)
    run.open(V4, 1521)
    timed(run, V6, *six)
    timed(run, V4, *four)
    return run


@pytest.mark.parametrize(
    ("six", "four", "expected"),
    [
        (10.0, 10.0, ("pass", "ok")),
        (29.0, 10.0, ("pass", "ok")),  # three times as long, but within the floor
        (31.0, 10.0, ("warn", "latency.slower")),
        (140.0, 100.0, ("pass", "ok")),  # 40 ms more, but within the ratio
        (151.0, 100.0, ("warn", "latency.slower")),
        (10.0, 500.0, ("pass", "ok")),
    ],
)
def test_slower_means_beyond_floor_and_ratio(six: float, four: float, expected: tuple[str, str]) -> None:
    assert measured((900.0, six), (900.0, four)).said("parity.latency") == {expected}


def test_the_first_connection_does_not_count_and_the_shortest_of_the_others_does() -> None:
    assert measured((1000.0, 80.0, 5.0), (5.0, 5.0, 5.0)).said("parity.latency") == {("pass", "ok")}
    assert measured((1.0, 80.0, 90.0), (1.0, 5.0, 5.0)).said("parity.latency") == {("warn", "latency.slower")}


def test_the_profile_sets_floor_and_ratio() -> None:
    run = measured((9.0, 9.0), (4.0, 4.0))
    (finding,) = [f for f in run.findings(floor_ms=2, ratio=1.2) if f.check == "parity.latency"]
    assert (finding.verdict, finding.args["ipv6_rtt_ms"]) == ("warn", 9.0)


def test_one_connection_is_too_few() -> None:
    assert measured((80.0,), (1.0, 1.0)).said("parity.latency") == {
        ("not_applicable", "latency.not_measured")
    }


def test_the_slowest_of_several_addresses_counts() -> None:
    second = "2001:db8:10::81"
    run = Run.of(system([host(V6), host(second), host(V4)], [service("tcp", 1521)]))
    for address, rtt in ((V6, 1.0), (second, 90.0), (V4, 1.0)):
        run.open(address, 1521)
        timed(run, address, rtt, rtt)
    assert run.one("parity.latency").target.address == second


def test_without_two_families_that_answer_there_is_nothing_to_compare() -> None:
    run = dual_stack()
    run.open(V6, 1521)
    run.closed(V4, 1521)
    assert run.said("parity.latency") == {("not_applicable", "ipv4.not_offered")}
    run = dual_stack()
    run.closed(V6, 1521)
    run.open(V4, 1521)
    assert run.said("parity.latency") == {("not_applicable", "not.answering")}
    run = Run.of(system(services=[service("tcp", 1521)]))
    run.named(aaaa=())
    run.open(V4, 1521)
    assert run.said("parity.latency") == {("fail", "reach.no_address")}
