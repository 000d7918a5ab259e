"""The DNS sweep against a programmable name server: every outcome apart, nothing lost, nothing mixed up."""

from __future__ import annotations

import socket
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from ipv6check.model.observation import Observation
from ipv6check.model.task import Task, make_task
from ipv6check.model.text import JSON
from ipv6check.net.dns_window import Window
from ipv6check.net.net import Net
from ipv6check.net.permission import NotPermitted
from ipv6check.net.policy import POLICIES, Policy
from ipv6check.probes import dns_sweep
from ipv6check.probes.dns_sweep import DnsSweep, sweep
from tests.lab.dns_rules import Rule
from tests.lab.nameserver import NameServer

QUICK = POLICIES["dns.query"].scaled(0.05)  # 0.25 s a try, starts 0.3 and 0.6 s apart
WWW = "www.tinhmau.example"


def anybody(address: str, port: int | None) -> None:
    return None


NET = Net(permitted=anybody)


def question(
    server: NameServer, name: str = WWW, rdtype: str = "AAAA", address: str = "127.0.0.1", **params: JSON
) -> Task:
    return make_task(
        "dns.query",
        vantage="local",
        family=6 if ":" in address else 4,
        address=address,
        port=server.port,
        transport="udp",
        params={"name": name, "type": rdtype, "view": "system", **params},
    )


def ask(tasks: Iterable[Task], policy: Policy = QUICK, net: Net = NET) -> list[Observation]:
    return list(sweep(tasks, policy, net, Window.lifted()))


def one(rules: list[Rule], policy: Policy = QUICK, name: str = WWW) -> list[Observation]:
    with NameServer(rules).running() as server:
        return ask([question(server, name)], policy)


def only(observations: list[Observation]) -> Observation:
    assert len(observations) == 1
    assert observations[0].final
    return observations[0]


def test_an_address_is_an_answer() -> None:
    seen = only(one([Rule(answer=("AAAA 2001:db8::80",))]))
    assert (seen.outcome, seen.attempt, seen.failure) == ("ok", 1, None)
    assert seen.data["answers"] == [[WWW, "AAAA", 300, "2001:db8::80"]]
    assert seen.data["ignored"] == 0
    assert 0 <= seen.seconds < 10
    assert seen.started.tzinfo is not None


def test_over_ipv6_as_over_ipv4() -> None:
    with NameServer([Rule(answer=("AAAA 2001:db8::80",))]).running() as server:
        seen = only(ask([question(server, address="::1")]))
    assert seen.data["rcode"] == "NOERROR"


def test_no_data_is_an_answer_without_records() -> None:
    seen = only(one([Rule(name=WWW, type="A", answer=("A 198.51.100.80",))]))
    assert (seen.outcome, seen.data["rcode"], seen.data["answers"]) == ("ok", "NOERROR", [])
    assert seen.data["authority"] == [
        ["example", "SOA", 300, "ns1.example. hostmaster.example. 1 3600 600 86400 300"]
    ]


@pytest.mark.parametrize("rcode", ["NXDOMAIN", "SERVFAIL", "REFUSED", "NOTIMP", "FORMERR"])
def test_every_rcode_is_an_answer_of_its_own(rcode: str) -> None:
    seen = only(one([Rule(rcode=rcode)]))
    assert (seen.outcome, seen.attempt, seen.data["rcode"]) == ("ok", 1, rcode)


def test_a_bare_formerr_is_an_answer() -> None:
    seen = only(one([Rule(edns=True, rcode="FORMERR", bare=True)]))
    assert (seen.outcome, seen.data["rcode"], seen.data["edns"]) == ("ok", "FORMERR", False)


def test_silence_is_no_answer_after_every_try() -> None:
    seen = one([Rule(silent=True)])
    assert [(o.outcome, o.failure, o.attempt, o.final) for o in seen] == [
        ("failed", "no_answer", 1, False),
        ("failed", "no_answer", 2, False),
        ("failed", "no_answer", 3, True),
    ]
    assert all(o.data == {"ignored": 0} for o in seen)
    assert seen[1].started > seen[0].started


def test_a_truncated_answer_says_so() -> None:
    seen = only(one([Rule(transport="udp", truncate=True)]))
    assert seen.outcome == "ok"
    assert seen.data["flags"] == ["QR", "TC", "RD", "RA"]


def test_a_bogus_zone_fails_with_its_reason_and_answers_with_checking_disabled() -> None:
    rules = [
        Rule(cd=False, rcode="SERVFAIL", ede=((6, "signature expired"),)),
        Rule(cd=True, answer=("AAAA 2001:db8::80",)),
    ]
    with NameServer(rules).running() as server:
        plain, unchecked = ask([question(server), question(server, cd=True)])
    if plain.task.params.get("cd"):
        plain, unchecked = unchecked, plain
    assert (plain.data["rcode"], plain.data["ede"]) == ("SERVFAIL", [[6, "signature expired"]])
    assert unchecked.data["answers"] == [[WWW, "AAAA", 300, "2001:db8::80"]]
    assert "CD" in unchecked.data["flags"]  # type: ignore[operator]


def test_a_server_that_drops_edns_answers_without_it() -> None:
    rules = [Rule(edns=True, silent=True), Rule(edns=False, answer=("AAAA 2001:db8::80",))]
    with NameServer(rules).running() as server:
        seen = ask([question(server), question(server, edns=False)])
    by_edns = defaultdict(list)
    for observation in seen:
        by_edns[observation.task.params.get("edns", True)].append(observation)
    assert [o.failure for o in by_edns[True]] == ["no_answer"] * 3
    assert only(by_edns[False]).data["edns"] is False


def test_a_closed_port_is_told_at_once() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        server = NameServer()
        server.port = free.getsockname()[1]
    for address in ("127.0.0.1", "::1"):
        seen = only(ask([question(server, address=address)]))
        assert (seen.outcome, seen.failure, seen.attempt) == ("failed", "closed", 1)
        assert seen.data["errno"] == "ECONNREFUSED"
        assert seen.data["icmp"]["offender"] == address  # type: ignore[index, call-overload]


def test_a_closed_port_takes_no_question_to_another_server_with_it() -> None:
    with NameServer([Rule(answer=("AAAA 2001:db8::80",))]).running() as server:
        closed = NameServer()
        closed.port = 9  # discard: nobody listens
        names = [f"n{n}.example" for n in range(50)]
        seen = ask([question(which, name) for name in names for which in (server, closed)])
    outcomes = {(o.task.port, o.outcome, o.failure) for o in seen}
    assert outcomes == {(server.port, "ok", None), (9, "failed", "closed")}
    assert len(seen) == 100


@pytest.mark.parametrize("wrong", ["id", "question", "port", "source", "opcode"])
def test_what_is_not_for_us_is_counted_and_ignored(wrong: str) -> None:
    seen = one([Rule(wrong=(wrong,), answer=("AAAA 2001:db8::bad",))])  # type: ignore[arg-type]
    assert [o.failure for o in seen] == ["no_answer"] * 3
    assert [o.data["ignored"] for o in seen] == [1, 2, 3]


@pytest.mark.parametrize("decoy", ["id", "question", "port", "source", "opcode"])
def test_a_forged_answer_before_the_right_one_changes_nothing(decoy: str) -> None:
    seen = only(one([Rule(decoys=(decoy,), answer=("AAAA 2001:db8::80",))]))  # type: ignore[arg-type]
    assert seen.data["answers"] == [[WWW, "AAAA", 300, "2001:db8::80"]]
    assert seen.data["ignored"] == 1


@pytest.mark.parametrize("wrong", ["rdata_length", "loop", "forward", "cut", "noise"])
def test_an_answer_that_cannot_be_read_is_malformed_and_not_no_data(wrong: str) -> None:
    seen = one([Rule(wrong=(wrong,), answer=("AAAA 2001:db8::bad",))])  # type: ignore[arg-type]
    assert {o.outcome for o in seen} == {"failed"}
    assert {o.failure for o in seen} <= {"malformed", "no_answer"}
    assert seen[-1].final


def test_an_ipv4_address_in_an_aaaa_record_is_bad_rdata() -> None:
    seen = only(one([Rule(answer=("AAAA #c6336450", "AAAA 2001:db8::80"))]))
    assert seen.data["bad_rdata"] == [[WWW, "AAAA", "c6336450"]]
    assert seen.data["answers"] == [[WWW, "AAAA", 300, "2001:db8::80"]]


def test_an_answer_larger_than_any_is_too_large() -> None:
    with NameServer([Rule(wrong=("bulk",))]).running() as server:
        seen = ask([question(server)])
    assert [o.failure for o in seen] == ["too_large"]
    assert seen[0].final


def test_a_lost_question_is_asked_again() -> None:
    seen = one([Rule(lose_first=2, answer=("AAAA 2001:db8::80",))])
    assert [(o.outcome, o.attempt, o.final) for o in seen] == [
        ("failed", 1, False),
        ("failed", 2, False),
        ("ok", 3, True),
    ]
    assert "late_try" not in seen[2].data


def test_a_late_answer_to_an_earlier_try_counts_and_is_marked() -> None:
    policy = replace(QUICK, deadline=0.25, gaps=(0.3, 3.0))
    seen = one([Rule(delay=0.4, answer=("AAAA 2001:db8::80",))], policy)
    assert [(o.outcome, o.attempt) for o in seen] == [("failed", 1), ("ok", 2)]
    assert seen[1].data["late_try"] == 1
    assert seen[1].data["late_seconds"] > seen[1].seconds  # type: ignore[operator]


def test_a_late_answer_between_two_tries_saves_the_second_question() -> None:
    policy = replace(QUICK, deadline=0.1, gaps=(5.0, 5.0))
    with NameServer([Rule(delay=0.3, answer=("AAAA 2001:db8::80",))]).running() as server:
        seen = ask([question(server)], policy)
        assert len(server.asked) == 1
    assert [(o.outcome, o.attempt, o.final) for o in seen] == [("failed", 1, False), ("ok", 2, True)]
    assert seen[1].data["late_try"] == 1


def test_every_try_has_an_id_and_the_ids_are_not_the_same() -> None:
    with NameServer([Rule(silent=True)]).running() as server:
        ask([question(server)])
        assert len({(asked.id, asked.peer_port) for asked in server.asked}) == 3


def test_ports_change_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ipv6check.net.dns_socket.CHANNEL_SENDS", 20)
    with NameServer([Rule(answer=("A 198.51.100.1",))]).running() as server:
        seen = ask([question(server, f"n{n}.example", "A") for n in range(100)])
        # More where the machine is so slow that a question is asked again.
        assert len({asked.peer_port for asked in server.asked}) >= 5
    assert [o.outcome for o in seen] == ["ok"] * 100


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_a_third_of_all_answers_lost_nothing_is_lost_or_mixed_up(seed: int) -> None:
    rules = [
        Rule(name=f"n{n}.example", type="AAAA", answer=(f"AAAA 2001:db8::{n + 1:x}",)) for n in range(150)
    ]
    policy = replace(QUICK, deadline=0.4, gaps=(0.4,) * 14)
    with NameServer(rules, loss=0.3, seed=seed).running() as server:
        tasks = [question(server, f"n{n}.example", rdtype) for n in range(150) for rdtype in ("A", "AAAA")]
        seen = ask(tasks, policy)
    by_task = defaultdict(list)
    for observation in seen:
        by_task[observation.task.id].append(observation)
    assert set(by_task) == {task.id for task in tasks}
    for n, task in enumerate(tasks):
        tries = by_task[task.id]
        assert [o.attempt for o in tries] == list(range(1, len(tries) + 1))
        assert [o.final for o in tries] == [False] * (len(tries) - 1) + [True]
        expected = [] if n % 2 == 0 else [[f"n{n // 2}.example", "AAAA", 300, f"2001:db8::{n // 2 + 1:x}"]]
        assert tries[-1].outcome == "ok"
        assert tries[-1].data["answers"] == expected


def test_equal_questions_of_two_servers_are_not_mixed_up() -> None:
    with (
        NameServer([Rule(answer=("A 198.51.100.1",))]).running() as one_server,
        NameServer([Rule(answer=("A 198.51.100.2",))]).running() as other,
    ):
        seen = ask([question(server, rdtype="A") for server in (one_server, other)])
        ports = {one_server.port: "198.51.100.1", other.port: "198.51.100.2"}
    for observation in seen:
        assert observation.data["answers"] == [[WWW, "A", 300, ports[observation.task.port or 0]]]


def test_who_is_not_permitted_is_not_asked() -> None:
    def nobody(address: str, port: int | None) -> None:
        raise NotPermitted(address, port, "scope.outside")

    with NameServer([Rule(answer=("A 198.51.100.1",))]).running() as server:
        seen = only(ask([question(server)], net=Net(permitted=nobody)))
        assert server.asked == []
    assert (seen.outcome, seen.failure) == ("failed", "not_permitted")


@pytest.mark.parametrize("name", ["a..example", "x" * 64, "tỉnh.example"])
def test_what_cannot_be_asked_is_our_own_trouble(name: str) -> None:
    seen = only(one([], name=name))
    assert (seen.outcome, seen.failure) == ("failed", "local")
    assert "no such question" in str(seen.data["detail"])


def test_an_unknown_zone_is_our_own_trouble() -> None:
    server = NameServer()
    server.port = 53
    seen = only(ask([question(server, address="fe80::53%nowhere")]))
    assert (seen.outcome, seen.failure) == ("failed", "local")


@pytest.fixture
def counting() -> Iterator[Callable[[Window, int], tuple[int, int]]]:
    """Run a sweep of n questions, and return the most that were open and the most sent in one step."""

    def count(window: Window, questions: int) -> tuple[int, int]:
        with NameServer([Rule(delay=0.05, answer=("A 198.51.100.1",))]).running() as server:
            with closing(DnsSweep(NET, QUICK, window)) as engine:
                for n in range(questions):
                    engine.submit(question(server, f"n{n}.example", "A"))
                most = done = 0
                while engine.pending:
                    done += len(engine.step(0.1))
                    most = max(most, len(server.asked) - done)
            return most, done

    yield count


def test_no_more_questions_are_open_than_the_window_allows(
    counting: Callable[[Window, int], tuple[int, int]],
) -> None:
    most, done = counting(Window(in_flight=5, rate=0.0), 40)
    assert most <= 5
    assert done == 40


def test_the_rate_is_kept() -> None:
    moments = iter(range(10**9))

    def clock() -> float:
        return next(moments) * 0.001

    with NameServer([Rule(answer=("A 198.51.100.1",))]).running() as server:
        net = replace(NET, clock=clock)
        with closing(DnsSweep(net, POLICIES["dns.query"], Window(in_flight=100, rate=50.0))) as engine:
            for n in range(30):
                engine.submit(question(server, f"n{n}.example", "A"))
            start = clock()
            while engine.pending:
                engine.step(0.01)
            assert clock() - start >= 27 / 50


def test_a_loop_that_was_late_does_not_book_its_own_silence() -> None:
    now = [0.0]
    with NameServer([Rule(silent=True)]).running() as server:
        net = replace(NET, clock=lambda: now[0])
        with closing(DnsSweep(net, POLICIES["dns.query"], Window.lifted())) as engine:
            engine.submit(question(server))
            engine.step(0.0)
            now[0] = 60.0
            (seen,) = engine.step(0.0)
    assert (seen.failure, seen.final) == ("overloaded", False)


def test_the_sweep_takes_tasks_only_as_it_goes() -> None:
    taken = 0

    def tasks(server: NameServer) -> Iterator[Task]:
        nonlocal taken
        for n in range(5000):
            taken += 1
            yield question(server, f"n{n}.example", "A")

    with NameServer([Rule(answer=("A 198.51.100.1",))]).running() as server:
        observations = sweep(tasks(server), QUICK, NET, Window.lifted())
        next(observations)
        assert taken <= dns_sweep.AHEAD + 1
        observations.close()  # type: ignore[attr-defined]
