"""ns.aaaa, ns.ipv6, ns.answers: what the answers of name servers amount to, and whose trouble silence is."""

from typing import Any

import pytest

from tests.unit.checks.every_dns_reason import (
    AUTHORITY4,
    AUTHORITY6,
    NS1,
    NS2,
    SITE,
    TCP,
    ZONE,
    asked_at,
    dns_system,
    of_service,
    served_by,
    serving,
    zoned,
)
from tests.unit.judging_builder import Run, host, system


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED", "NOTIMP", "FORMERR", "NXDOMAIN", "dropped"])
def test_three_wrong_answers_beside_a_answers_fail_and_name_the_server(rcode: str) -> None:
    run = zoned()
    asked_at(run, AUTHORITY6, "NOERROR")
    asked_at(run, AUTHORITY4, rcode)
    finding = run.one("ns.aaaa")
    assert (finding.verdict, finding.reason) == ("fail", f"ns.aaaa_{rcode.lower()}")
    assert (finding.args["server"], finding.args["tries"]) == (f"{AUTHORITY4}:53", 3)


def test_servers_that_all_answer_pass() -> None:
    run = zoned()
    asked_at(run, AUTHORITY6, "NOERROR")
    asked_at(run, AUTHORITY4, "NOERROR")
    assert run.said("ns.aaaa") == {("pass", "ok")}


@pytest.mark.parametrize("rounds", [1, 2])
def test_fewer_than_three_tries_prove_nothing(rounds: int) -> None:
    run = zoned()
    asked_at(run, AUTHORITY6, "SERVFAIL", rounds=rounds)
    assert run.said("ns.aaaa") == {("unknown", "not.asked")}


def test_a_server_that_does_not_answer_a_is_not_blamed_for_aaaa() -> None:
    run = zoned()
    asked_at(run, AUTHORITY6, "SERVFAIL", a="SERVFAIL")
    asked_at(run, AUTHORITY4, "NOERROR")
    assert run.said("ns.aaaa") == {("pass", "ok")}


def test_a_server_that_may_not_be_asked_leaves_it_unknown_unless_another_is_wrong() -> None:
    run = zoned(NS1, NS2)
    asked_at(run, AUTHORITY6, "NOERROR")
    assert run.said("ns.aaaa") == {("unknown", "scope.outside")}
    asked_at(run, AUTHORITY4, "REFUSED")
    assert run.said("ns.aaaa") == {("fail", "ns.aaaa_refused")}


def test_a_name_of_no_declared_zone_is_outside_the_scope() -> None:
    run = Run.of(system([SITE], TCP))
    run.named(SITE)
    assert run.said("ns.aaaa") == {("unknown", "scope.outside")}


def test_a_name_that_does_not_exist_is_the_inventorys_error() -> None:
    run = zoned()
    for rdtype in ("A", "AAAA"):
        run.observations = [o for o in run.observations if o.task.params.get("name") != SITE]
        run.answers(SITE, rdtype, rcode="NXDOMAIN")
    run.answers(SITE, "A", rcode="NXDOMAIN")
    assert run.said("ns.aaaa") == {("unknown", "dns.nxdomain")}


@pytest.mark.parametrize(
    ("aaaa", "expected"), [(0, ("fail", "ns.none")), (1, ("warn", "ns.single")), (2, ("pass", "ok"))]
)
def test_two_servers_with_ipv6_are_enough(aaaa: int, expected: tuple[str, str]) -> None:
    assert served_by("a.ns.example", "b.ns.example", aaaa=aaaa).said("ns.ipv6") == {expected}


def test_two_names_of_one_address_are_one_server() -> None:
    run = of_service()
    run.answers(ZONE, "NS", "a.ns.example", "b.ns.example")
    for name in ("a.ns.example", "b.ns.example"):
        run.named(name, aaaa=(AUTHORITY6,))
    assert run.said("ns.ipv6") == {("warn", "ns.single")}


def test_a_server_whose_address_is_unknown_leaves_the_count_open() -> None:
    run = of_service()
    run.answers(ZONE, "NS", "a.ns.example", "b.ns.example")
    run.named("a.ns.example")
    run.answers("b.ns.example", "A", AUTHORITY4)
    run.answers("b.ns.example", "AAAA", rcode="SERVFAIL")
    assert run.said("ns.ipv6") == {("unknown", "dns.servfail")}


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, ("pass", "ok")),
        ({"udp": "no_answer", "tcp": "silent"}, ("fail", "ns.silent")),
        ({"udp": "closed", "tcp": "closed"}, ("fail", "ns.silent")),
        ({"flags": ("QR",)}, ("fail", "ns.lame")),
        ({"tcp": "closed"}, ("fail", "ns.tcp_blocked")),
        ({"tcp": "silent"}, ("fail", "ns.tcp_blocked")),
        ({"tcp": "overloaded"}, ("unknown", "vantage.overloaded")),
        ({"tcp": "no_privilege"}, ("unknown", "vantage.no_privilege")),
    ],
)
def test_a_name_server_answers_or_does_not(how: dict[str, Any], expected: tuple[str, str]) -> None:
    assert of_service(**how).said("ns.answers") == {expected}


def test_silence_is_ours_where_the_vantage_has_no_ipv6() -> None:
    run = Run.of(dns_system(), working=False)
    run.source(6, None)
    run.source(4, "203.0.113.2")
    run.named(NS1, a=(AUTHORITY4,), aaaa=(AUTHORITY6,))
    serving(run, udp="no_answer", tcp="silent")
    assert run.said("ns.answers") == {("unknown", "vantage.no_ipv6")}


def test_a_standby_servers_silence_is_expected() -> None:
    run = Run.of(dns_system((host(NS1, role="standby"),)))  # type: ignore[arg-type]
    run.named(NS1, a=(AUTHORITY4,), aaaa=(AUTHORITY6,))
    serving(run, udp="no_answer", tcp="silent")
    run.canaries(round_=1)
    assert run.said("ns.answers") == {("not_applicable", "host.standby")}


def test_a_name_server_without_ipv6_fails_with_its_address() -> None:
    run = Run.of(dns_system())
    run.named(NS1, a=(AUTHORITY4,), aaaa=())
    assert run.said("ns.answers") == {("fail", "reach.no_address")}
