"""client.*: what users wait for a dead IPv6, and IPv4 addresses where a name belongs."""

import pytest

from ipv6check.facts.eyeballs import SYN_TIMEOUT_MS, wait_for
from ipv6check.model.fact import Fact
from ipv6check.model.text import JSON
from tests.unit.checks.every_outside_reason import web
from tests.unit.judging_builder import V4, V6, Run, dual_stack, host, service, system

HTTPS = [service("https")]
SECOND = "2001:db8:10::81"


def web_run() -> Run:
    run = Run.of(system(services=HTTPS))
    run.named()
    return run


def test_a_dead_ipv6_beside_a_living_ipv4_is_a_hidden_outage_under_its_reach_finding() -> None:
    run = web_run()
    run.silent(V6)
    run.open(V4)
    run.canaries(round_=1)
    finding = run.one("client.happy_eyeballs")
    assert (finding.verdict, finding.reason) == ("fail", "he.hidden_outage")
    assert finding.args["with_ms"] == 250
    assert finding.args["without_ms"] == SYN_TIMEOUT_MS
    assert finding.root is not None


def test_a_refused_ipv6_costs_no_time_but_is_hidden_all_the_same() -> None:
    run = web_run()
    run.closed(V6)
    run.open(V4)
    finding = run.one("client.happy_eyeballs")
    assert finding.reason == "he.hidden_outage"
    assert finding.args["with_ms"] == finding.args["without_ms"] == 20


def test_one_dead_address_of_two_is_a_penalty() -> None:
    run = Run.of(system(services=HTTPS))
    run.named(aaaa=(V6, SECOND))
    run.open(V6)
    run.silent(SECOND)
    run.open(V4)
    run.canaries(round_=1)
    finding = run.one("client.happy_eyeballs")
    assert (finding.verdict, finding.reason) == ("warn", "he.penalty")
    assert finding.args["with_ms"] == 250
    assert finding.args["code"] == "reach.silent"


def test_where_ipv4_itself_is_translated_nobody_sees_what_clients_fall_back_to() -> None:
    run = Run.of(system(services=HTTPS), working=False)
    run.source(6, "2001:db8:1::2")
    run.source(4, "192.0.0.2")
    run.canaries()
    run.named()
    run.closed(V6)
    run.open(V4)
    assert run.said("client.happy_eyeballs") == {("unknown", "vantage.translated")}


def test_both_families_alive_cost_nothing() -> None:
    run = dual_stack()
    run.open(V6, 1521)
    run.open(V4, 1521)
    assert run.said("client.happy_eyeballs") == {("pass", "ok")}


def test_a_late_aaaa_answer_is_a_penalty_of_the_resolution_delay() -> None:
    run = Run.of(system(services=HTTPS))
    run.answers("www.example", "A", V4)
    task = run.question("www.example", "AAAA")
    answer: JSON = [["www.example", "AAAA", 60, V6]]
    run.say(task, data={"rcode": "NOERROR", "flags": [], "answers": answer}, seconds=1.2)
    run.open(V6)
    run.open(V4)
    finding = run.one("client.happy_eyeballs")
    assert finding.reason == "he.penalty"
    assert (finding.args["with_ms"], finding.args["code"]) == (50, "dns.delay")


@pytest.mark.parametrize("how", ["closed", "silent"])
def test_dead_on_both_families_is_no_choice_of_the_client(how: str) -> None:
    run = web_run()
    getattr(run, how)(V6)
    getattr(run, how)(V4)
    run.canaries(round_=1)
    assert run.said("client.happy_eyeballs") == {("not_applicable", "not.answering")}


def test_a_blind_vantage_says_nothing_of_users() -> None:
    run = Run.of(system(services=HTTPS), working=False)
    run.source(6, None)
    run.source(4, "203.0.113.2")
    run.named()
    run.open(V4)
    run.fails(V6, 443, "local", detail="no_route")
    assert {verdict for verdict, _ in run.said("client.happy_eyeballs")} == {"unknown"}


def test_ipv4_that_is_not_there_is_nothing_to_fall_back_on() -> None:
    run = Run.of(system([V6], HTTPS))
    run.open(V6)
    assert run.said("client.happy_eyeballs") == {("not_applicable", "ipv4.not_offered")}


def test_dead_addresses_are_waited_for_one_after_the_other_without_rfc_8305() -> None:
    dead = [Fact(kind="tcp.connect", subject="", vantage="v", answer="no", failure="silent")] * 3
    wait = wait_for(dead)
    assert (wait.with_ms, wait.without_ms) == (250, 3 * SYN_TIMEOUT_MS)


def test_a_redirect_to_an_ipv4_address_is_a_literal() -> None:
    run = web_run()
    run.open(V6)
    run.page(V6, 302, "https://198.51.100.99/")
    finding = run.one("client.ipv4_literal")
    assert (finding.verdict, finding.args["spot"]) == ("warn", "redirect")
    assert finding.args["literals"] == ["198.51.100.99"]


def test_an_ipv6_literal_in_a_redirect_is_none() -> None:
    run = web_run()
    run.open(V6)
    run.page(V6, 302, f"https://[{V6}]/")
    assert ("warn", "client.literal") not in run.said("client.ipv4_literal")


def test_a_host_that_only_an_ipv4_address_names_is_a_literal_of_the_inventory() -> None:
    run = Run.of(system([V4], HTTPS))
    assert run.said("client.ipv4_literal", host=V4, app=None) == {("warn", "client.literal")}


def test_an_ipv4_address_beside_an_ipv6_one_or_with_a_name_is_none() -> None:
    for hosts in ([V6, V4], [host(V4, sni="www.example")]):
        assert ("warn", "client.literal") not in Run.of(system(hosts, HTTPS)).said("client.ipv4_literal")


def test_the_pages_own_ipv4_address_is_no_foreign_literal() -> None:
    run = web(literals=(V4,), hosts=())
    assert run.said("client.ipv4_literal") == {("warn", "client.literal")}
