"""reach.service over UDP, and what goals, probe modes and the scope leave to be judged."""

from typing import Any

import pytest

from tests.unit.judging_builder import CANARY4, CANARY6, V4, V6, Run, dual_stack, host, service, system

PORT = 1521


# UDP


def udp_system(app: str, port: int, **more: Any) -> Run:
    run = Run.of(system(services=[service(app, port, transport="udp")], **more))
    run.named()
    return run


def test_a_valid_reply_over_udp_passes() -> None:
    run = udp_system("ntp", 123)
    run.udp(V6, 123, "ntp")
    run.udp(V4, 123, "ntp")
    assert run.said("reach.service") == {("pass", "ok")}
    assert run.said("parity.service") == {("pass", "ok")}


def test_port_unreachable_over_udp_is_closed() -> None:
    run = udp_system("ntp", 123)
    run.udp(V6, 123, "ntp", "closed", tries=1)
    run.udp(V4, 123, "ntp")
    assert run.said("reach.service") == {("fail", "reach.closed")}


def test_udp_silence_that_ipv4_answers_is_silence() -> None:
    run = udp_system("ntp", 123)
    run.udp(V6, 123, "ntp", "no_answer")
    run.udp(V4, 123, "ntp")
    assert run.said("reach.service") == {("fail", "reach.silent")}
    assert run.said("parity.service") == {("fail", "parity.v6_missing")}


def test_udp_silence_on_both_families_proves_nothing() -> None:
    run = udp_system("snmp", 161)
    run.udp(V6, 161, "snmp", "no_answer")
    run.udp(V4, 161, "snmp", "no_answer")
    assert run.said("reach.service") == {("unknown", "udp.unanswered")}
    assert run.said("reach.ipv4") == {("unknown", "udp.unanswered")}


def test_a_time_server_that_is_silent_fails_by_itself() -> None:
    run = Run.of(system(services=[service("ntp", 123)], category="ntp", goal="ipv6-only"))
    run.named(a=())
    run.udp(V6, 123, "ntp", "no_answer")
    assert run.said("reach.service") == {("fail", "reach.silent")}


@pytest.mark.parametrize("app", ["udp", "syslog", "rtp", "ike", "openvpn"])
def test_some_applications_never_fail_by_silence(app: str) -> None:
    run = udp_system(app, 514, category="ntp")
    run.udp(V6, 514, app, "no_answer")
    run.udp(V4, 514, app)
    assert run.said("reach.service") == {("unknown", "udp.unanswered")}


def test_too_few_datagrams_are_not_silence() -> None:
    run = udp_system("ntp", 123)
    run.udp(V6, 123, "ntp", "no_answer", tries=2)
    run.udp(V4, 123, "ntp")
    assert run.said("reach.service") == {("unknown", "not.asked")}


def test_a_reply_that_is_none_of_the_application_is_another_protocol() -> None:
    run = udp_system("ntp", 123)
    run.udp(V6, 123, "ntp", valid=False)
    assert run.said("reach.service") == {("fail", "reach.protocol")}


# Goals, probe modes, scope


@pytest.mark.parametrize("goal", ["ipv4-only", "retired"])
def test_a_goal_without_ipv6_is_not_judged(goal: str) -> None:
    run = dual_stack(goal=goal)
    assert {(f.verdict, f.reason) for f in run.findings()} == {("not_applicable", "goal.excludes")}


def test_an_ipv6_only_system_is_not_compared_with_an_ipv4_it_does_not_have() -> None:
    run = Run.of(system(services=[service("tcp", PORT)], goal="ipv6-only"))
    run.named(a=())
    run.open(V6, PORT)
    assert run.said("reach.service") == {("pass", "ok")}
    for check in ("naming.a", "reach.ipv4", "parity.offer"):
        assert run.said(check) == {("not_applicable", "goal.excludes")}
    assert run.said("parity.service") == {("not_applicable", "ipv4.not_offered")}


def test_an_ipv6_only_goal_does_not_hide_what_only_ipv4_offers() -> None:
    run = dual_stack(goal="ipv6-only")
    run.closed(V6, PORT)
    run.open(V4, PORT)
    assert run.said("parity.service") == {("fail", "parity.v6_missing")}


def test_dns_only_judges_names_and_addresses_alone() -> None:
    run = dual_stack(probe="dns-only")
    assert run.said("naming.aaaa") == {("pass", "ok")}
    assert run.said("address.class") == {("pass", "ok")}
    for check in ("reach.service", "parity.service", "tls.valid"):
        assert run.said(check) == {("not_applicable", "probe.excludes")}


def test_probe_none_asks_and_judges_nothing() -> None:
    run = Run.of(system(probe="none"))
    assert {f.reason for f in run.findings()} == {"probe.excludes"}


def test_an_address_outside_the_scope_was_never_contacted() -> None:
    run = Run.of(system(["2001:db8:dead::1", V4], [service("tcp", PORT)]), exclude=("2001:db8:dead::/48",))
    run.open(V4, PORT)
    assert run.said("reach.service") == {("unknown", "scope.outside")}
    assert run.said("parity.service") == {("unknown", "scope.outside")}


def test_what_was_not_asked_is_unknown() -> None:
    run = dual_stack()
    assert run.said("reach.service") == {("unknown", "not.asked")}
    assert run.said("parity.service") == {("unknown", "not.asked")}


def test_a_system_without_input_is_not_applicable_everywhere() -> None:
    run = Run.of(system(hosts=[V6], services=[service("tcp", PORT)]))
    run.open(V6, PORT)
    assert run.said("naming.resolves") == {("not_applicable", "input.missing")}
    assert run.said("reach.ipv4") == {("not_applicable", "ipv4.not_offered")}
    assert run.said("tls.valid") == {("not_applicable", "input.missing")}


def test_no_finding_stands_twice_even_if_a_literal_does() -> None:
    from ipv6check.model.identity import finding_id

    hosts = [host(V6, sni="a.example"), host(V6, sni="b.example"), host(V4)]
    run = Run.of(system(hosts, [service("https")]))
    run.open(V6)
    run.open(V4)
    run.tls(V6, word="eof", name="b.example")
    ids = [finding_id(finding) for finding in run.findings()]
    assert len(ids) == len(set(ids))
    assert run.said("reach.service") == {("fail", "reach.no_banner")}


def test_canary_constants_are_in_no_targets_way() -> None:
    assert {CANARY4, CANARY6}.isdisjoint({V4, V6})
