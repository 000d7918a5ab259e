"""reach.stable: what counts as a try, what as loss, and whose trouble does not count at all."""

from __future__ import annotations

import pytest

from tests.unit.judging_builder import CANARY4, V4, V6, Run, dual_stack, host, service, system

PORT = 1521


def looked(run: Run, *outcomes: str, port: int = PORT) -> Run:
    """Look again, so many times: `ok`, `closed`, `silent`, or a number of packets sent again."""
    for number, outcome in enumerate(outcomes, 1):
        if outcome.isdigit():
            run.open(V6, port, look=number, retransmits=int(outcome))
        elif outcome == "ok":
            run.open(V6, port, look=number)
        else:
            getattr(run, outcome)(V6, port, look=number)
    return run


def opened() -> Run:
    run = dual_stack()
    run.open(V6, PORT)
    run.open(V4, PORT)
    return run


def test_what_answers_every_time_passes_and_says_how_often() -> None:
    found = looked(opened(), *["ok"] * 20).one("reach.stable")
    assert (found.verdict, found.args["answered"], found.args["tries"]) == ("pass", 21, 21)
    assert len(found.evidence) == 21


def test_answered_and_refused_is_unstable_and_the_service_still_answers() -> None:
    run = dual_stack()
    run.closed(V6, PORT)
    run.open(V4, PORT)
    looked(run, "ok", "closed")
    found = run.one("reach.stable")
    assert (found.verdict, found.reason) == ("warn", "reach.unstable")
    assert (found.args["answered"], found.args["refused"], found.args["tries"]) == (1, 2, 3)
    assert run.said("reach.service") == {("pass", "ok")}
    assert run.said("parity.service") == {("pass", "ok")}


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (["1"], ("pass", "ok")),  # one packet is no pattern
        (["1", "1"], ("warn", "reach.loss")),
        (["3"], ("warn", "reach.loss")),
        (["ok"] * 99 + ["1", "1"], ("pass", "ok")),  # 2 of 103: under the share
    ],
)
def test_packets_sent_again_are_loss_from_two_and_a_twentieth_on(
    outcomes: list[str], said: tuple[str, str]
) -> None:
    assert looked(opened(), *outcomes).said("reach.stable") == {said}


def test_the_thresholds_are_the_profiles() -> None:
    run = looked(opened(), "1")
    (found,) = [f for f in run.findings(lost_packets=1) if f.check == "reach.stable"]
    assert found.reason == "reach.loss"
    (found,) = [f for f in run.findings(lost_packets=1, lost_share=0.9) if f.check == "reach.stable"]
    assert found.reason == "ok"


def test_a_connection_that_nothing_came_back_for_is_loss() -> None:
    run = dual_stack()
    run.open(V6, PORT, silent_first=1)
    run.canaries(round_=1)
    found = run.one("reach.stable")
    assert (found.reason, found.args["lost"], found.args["tries"]) == ("reach.loss", 4, 2)


def test_what_the_vantage_lost_itself_does_not_count() -> None:
    run = opened()
    run.silent(V6, PORT, look=1)
    run.canaries(alive=[CANARY4], round_=1)
    run.canaries(alive=[CANARY4], round_=2)
    assert run.said("reach.stable") == {("pass", "ok")}


def test_our_own_limits_are_no_tries() -> None:
    run = opened()
    run.fails(V6, PORT, "overloaded")
    assert run.one("reach.stable").args["tries"] == 1


def test_the_connections_of_conversations_count_too() -> None:
    run = Run.of(system(services=[service("ssh", 22)]))
    run.named()
    run.open(V6, 22)
    run.talk("ssh.greeting", V6, 22, {}, "closed")
    found = run.one("reach.stable")
    assert (found.reason, found.args["answered"], found.args["refused"]) == ("reach.unstable", 1, 2)


def test_what_never_answers_is_another_checks_finding() -> None:
    run = dual_stack()
    run.closed(V6, PORT)
    run.open(V4, PORT)
    found = run.one("reach.stable")
    assert (found.verdict, found.reason) == ("not_applicable", "not.answering")
    assert found.root is not None


def test_without_an_address_it_fails_with_the_name_and_with_an_unknown_one_it_is_unknown() -> None:
    run = Run.of(system(services=[service("tcp", PORT)]))
    run.named(aaaa=())
    assert run.said("reach.stable") == {("fail", "reach.no_address")}
    run = Run.of(system(services=[service("tcp", PORT)]))
    run.answers("www.example", "AAAA", rcode="SERVFAIL")
    assert run.said("reach.stable") == {("unknown", "dns.servfail")}


def test_the_endpoint_that_agrees_least_with_itself_is_named() -> None:
    other = "2001:db8:20::81"
    run = Run.of(system([host(V6), host(other)], [service("tcp", PORT)]))
    for address in (V6, other):
        run.open(address, PORT)
    run.closed(other, PORT, look=1)
    said = {f.target.address: f.reason for f in run.findings() if f.check == "reach.stable"}
    assert said == {V6: "ok", other: "reach.unstable"}
