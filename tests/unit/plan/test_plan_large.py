"""Large exchanges: of whom they are asked, in which order, and what a stall leads to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.plan.large import SMALL_MSS
from tests.unit.plan.making import EVERYTHING, expand, failed, observe, plan

HOST = "2001:db8:100:10::80"
NEEDS = EVERYTHING | {"path.mtu"}


def tasks(services: str, host: str = HOST) -> list[Task]:
    made = plan(f"- {{id: portal, hosts: ['{host}'], services: {services}}}\n", needs=NEEDS)
    return [task for task in made.initial() if task.kind == "path.mtu"]


def test_the_answer_is_asked_for_before_the_large_request_is_sent() -> None:
    first, second = tasks("[https]")
    assert (first.params["direction"], second.params["direction"]) == ("response", "request")
    assert first.parent is not None
    assert second.parent == first.id


@pytest.mark.parametrize("services", ["[{app: tcp, port: 1521}]", "[ntp]", "[{app: dns, transport: udp}]"])
def test_applications_without_an_exchange_of_ours_are_left_alone(services: str) -> None:
    assert tasks(services) == []


def test_ipv4_is_not_asked() -> None:
    assert tasks("[https]", "198.51.100.80") == []


def test_ssh_is_only_asked_with_a_large_request() -> None:
    (only,) = tasks("[ssh]")
    assert only.params["direction"] == "request"


def follow_ups(word: str | None, **data: JSON) -> list[Task]:
    made = plan(f"- {{id: portal, hosts: ['{HOST}'], services: [https]}}\n", needs=NEEDS)
    task = tasks("[https]")[0]
    seen = observe(task, data=data) if word is None else observe(task, "failed", word, data)
    return list(expand(made, seen))


def test_a_stall_is_asked_about_in_small_packets_and_at_the_control() -> None:
    twin, control = follow_ups("slow", stalled_ms=15_000)
    assert (twin.params["mss"], twin.parent, twin.address) == (SMALL_MSS, None, HOST)
    assert (control.address, control.params["app"]) == ("2001:db8:100:1::25", "smtp")


def test_a_wait_is_asked_about_once_more_and_in_small_packets() -> None:
    rounds = [(task.params["mss"], task.params["round"]) for task in follow_ups(None, stalled_ms=5000)][:2]
    assert rounds == [(SMALL_MSS, 1), (None, 2)]


@pytest.mark.parametrize("data", [{"stalled_ms": 30}, {}, {"stalled_ms": "x"}])
def test_what_passed_quickly_leads_to_nothing(data: dict[str, JSON]) -> None:
    assert follow_ups(None, **data) == []


@pytest.mark.parametrize("word", ["closed", "protocol", "reset", "tls_alert"])
def test_what_ended_otherwise_is_no_stall(word: str) -> None:
    assert follow_ups(word) == []


def test_the_follow_ups_have_none_of_their_own() -> None:
    made = plan(f"- {{id: portal, hosts: ['{HOST}'], services: [https]}}\n", needs=NEEDS)
    twin = follow_ups("slow")[0]
    assert expand(made, failed(twin, "slow")) == ()


def test_a_forged_packet_too_big_is_planned_only_where_it_was_asked_for() -> None:
    made = plan(f"- {{id: portal, hosts: ['{HOST}'], services: [https]}}\n", needs=NEEDS)
    assert not any(task.params.get("forged") for task in made.initial())
    active = replace(made, active_pmtu=True)
    forged = [task for task in active.initial() if task.params.get("forged")]
    assert [task.params["direction"] for task in forged] == ["response"]
    assert forged[0].parent == tasks("[https]")[0].id


def test_echoes_go_to_ipv6_addresses_and_odd_ones_follow_a_plain_one() -> None:
    def forms(systems: str, *, active: bool = False) -> list[tuple[object, bool]]:
        made = replace(plan(systems, needs=EVERYTHING | {"path.echo"}), active_pmtu=active)
        echoes = [task for task in made.initial() if task.kind == "path.echo"]
        return [(task.params["form"], task.parent is not None) for task in echoes]

    one = f"- {{id: portal, hosts: ['{HOST}', 198.51.100.80], services: [https]}}\n"
    assert forms(one) == [("plain", False), ("fragment", True)]
    assert forms(one, active=True) == [("plain", False), ("fragment", True), ("options", True)]
    gentle = f"- {{id: portal, hosts: ['{HOST}'], services: [https], probe: gentle}}\n"
    assert forms(gentle) == [("plain", False)]
