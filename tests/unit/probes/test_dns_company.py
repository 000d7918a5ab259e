"""Questions that leave in company: only first tries, only to a server that answers, always all answered."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from ipv6check.model.observation import Observation
from ipv6check.model.task import Task, make_task
from ipv6check.model.text import JSON
from ipv6check.net.dns_query import question_of
from ipv6check.net.dns_socket import MAX_GROUP, Channel, Peer
from ipv6check.net.dns_window import Ask, Server, Window
from ipv6check.net.net import Net
from ipv6check.net.policy import POLICIES
from ipv6check.probes.dns_sweep import DnsSweep
from tests.lab.dns_rules import Rule
from tests.lab.nameserver import NameServer

ADDRESS = "AAAA 2001:db8::80"
LATE = datetime(2026, 1, 1, tzinfo=UTC)


def question(name: str, port: int = 53, *, until: datetime | None = None, address: str = "127.0.0.1") -> Task:
    params: dict[str, JSON] = {"name": name, "type": "AAAA", "view": "system"}
    return make_task(
        "dns.query",
        vantage="v",
        family=6 if ":" in address else 4,
        address=address,
        port=port,
        params=params,
        until=until,
    )


def waiting(*asks: Ask, answering: bool = True) -> Server:
    server = Server("127.0.0.1", 53, Window.lifted())
    server.answering = answering
    server.waiting.extend(asks)
    return server


def ask(name: str, until: datetime | None = None) -> Ask:
    task = question(name, until=until)
    return Ask(task, question_of(task.params), Server("127.0.0.1", 53, Window.lifted()))


def drawn(server: Server, room: int = 100) -> list[list[str]]:
    found = []
    while asks := server.draw(room):
        found.append([one.query.name for one in asks])
    return found


def test_questions_of_one_length_leave_together() -> None:
    server = waiting(ask("a.example"), ask("b.example"), ask("ccc.example"), ask("d.example"))
    assert drawn(server) == [["a.example", "b.example"], ["ccc.example"], ["d.example"]]


def test_there_is_no_company_before_the_first_answer() -> None:
    assert drawn(waiting(ask("a.example"), ask("b.example"), answering=False)) == [
        ["a.example"],
        ["b.example"],
    ]


def test_a_further_try_travels_alone() -> None:
    again = ask("b.example")
    again.attempt = 1
    server = waiting(ask("a.example"), again, ask("c.example"), ask("d.example"))
    assert drawn(server) == [["a.example"], ["b.example"], ["c.example", "d.example"]]


def test_what_was_answered_meanwhile_is_not_asked() -> None:
    done = [ask("a.example"), ask("c.example")]
    for one in done:
        one.done = True
    assert drawn(waiting(done[0], ask("b.example"), done[1])) == [["b.example"]]


def test_who_may_ask_until_another_time_travels_apart() -> None:
    server = waiting(ask("a.example", LATE), ask("b.example", LATE), ask("c.example"))
    assert drawn(server) == [["a.example", "b.example"], ["c.example"]]


def test_no_more_leave_together_than_there_is_room_and_the_kernel_takes() -> None:
    assert [len(names) for names in drawn(waiting(*(ask("a.example") for _ in range(5))), room=2)] == [
        2,
        2,
        1,
    ]
    many = waiting(*(ask("a.example") for _ in range(MAX_GROUP + 1)))
    assert [len(names) for names in drawn(many)] == [MAX_GROUP, 1]


def sweep(
    names: Sequence[str], server: NameServer, address: str = "127.0.0.1", until: datetime | None = None
) -> list[Observation]:
    """Ask one question, and when it is answered the others."""
    found = []
    net = Net(permitted=lambda address, port: None)
    with closing(DnsSweep(net, POLICIES["dns.query"], Window.lifted())) as asking:
        for some in (names[:1], names[1:]):
            for name in some:
                asking.submit(question(name, server.port, address=address, until=until))
            while asking.pending:
                found += asking.step(1.0)
    return found


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many datagrams left together, each time."""
    noted: list[int] = []
    send = Channel.send

    def noting(channel: Channel[Ask], wires: Sequence[bytes], to: Peer) -> None:
        noted.append(len(wires))
        send(channel, wires, to)

    monkeypatch.setattr(Channel, "send", noting)
    return noted


NAMES = [f"n{n:03}.example" for n in range(200)]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_what_leaves_together_arrives_as_questions_of_their_own(address: str, sizes: list[int]) -> None:
    with NameServer([Rule(answer=(ADDRESS,))]).running() as server:
        seen = sweep(NAMES, server, address)
        assert sorted({asked.name for asked in server.asked}) == NAMES
    assert [observation.outcome for observation in seen] == ["ok"] * len(NAMES)
    assert {str(one.data["answers"][0][0]) for one in seen if isinstance(one.data["answers"], list)} == set(
        NAMES
    )
    assert sizes[0] == 1
    assert max(sizes) > 1


@pytest.mark.parametrize("number", [errno.EIO, errno.EINVAL, errno.EMSGSIZE, errno.ENOPROTOOPT])
def test_where_the_kernel_takes_no_company_each_leaves_alone(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = []
    send = Channel.send

    def refusing(channel: Channel[Ask], wires: Sequence[bytes], to: Peer) -> None:
        if len(wires) > 1:
            refused.append(len(wires))
            raise OSError(number, "refused")
        send(channel, wires, to)

    monkeypatch.setattr(Channel, "send", refusing)
    with NameServer([Rule(answer=(ADDRESS,))]).running() as server:
        seen = sweep(NAMES, server)
    assert [(observation.outcome, observation.attempt) for observation in seen] == [("ok", 1)] * len(NAMES)
    assert len(refused) == 1  # it is not tried again


def test_a_full_buffer_keeps_the_company_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[bytes] = []
    send = Channel.send
    calls = count()

    def filling(channel: Channel[Ask], wires: Sequence[bytes], to: Peer) -> None:
        if len(wires) > 1 and next(calls) % 2 == 0:
            raise BlockingIOError
        left.extend(wire[12:] for wire in wires)
        send(channel, wires, to)

    monkeypatch.setattr(Channel, "send", filling)
    with NameServer([Rule(answer=(ADDRESS,))]).running() as server:
        seen = sweep(NAMES, server)
    assert [observation.attempt for observation in seen] == [1] * len(NAMES)
    assert left == [question_of(question(name).params).tail[10:] for name in NAMES]


def test_of_a_closed_window_every_question_is_skipped(sizes: list[int]) -> None:
    with NameServer([Rule(answer=(ADDRESS,))]).running() as server:
        seen = sweep(NAMES[:20], server, until=LATE)
        assert server.asked == []
    assert {(one.outcome, one.failure) for one in seen} == {("skipped", "schedule.outside")}
    assert len(seen) == 20
    assert sizes == []


def test_after_a_silence_questions_leave_alone_until_an_answer_comes(sizes: list[int]) -> None:
    rules = [Rule(name="mute.example", silent=True), Rule(answer=(ADDRESS,))]
    policy = replace(POLICIES["dns.query"], deadline=0.2, gaps=())
    with (
        NameServer(rules).running() as server,
        closing(DnsSweep(Net(permitted=lambda a, p: None), policy, Window.lifted())) as asking,
    ):
        outcomes = []
        for names in (["a.example"], ["mute.example"], NAMES[:3]):
            for name in names:
                asking.submit(question(name, server.port))
            while asking.pending:
                outcomes += [one.outcome for one in asking.step(1.0)]
    assert outcomes == ["ok", "failed", "ok", "ok", "ok"]
    assert sizes == [1] * 5
