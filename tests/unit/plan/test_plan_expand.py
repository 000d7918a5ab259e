"""What follows from an answer."""

from __future__ import annotations

import pytest

from ipv6check.model.task import Task
from ipv6check.plan import Plan, Results
from tests.unit.plan.making import answer, expand, failed, observe, plan, redirected, show, shown

WEB = """
- id: portal
  hosts: [www.tinhmau.example]
  services: [https]
  closed_ports: [3389]
"""
FIRST, SECOND = "198.51.100.53 53", "2001:db8:100::53 53"
V6 = "2001:db8:100:10::80"


def question(made: Plan, rdtype: str = "AAAA", name: str = "www.tinhmau.example") -> Task:
    return next(task for task in made.initial() if show(task) == f"dns.query {FIRST} {name} {rdtype}")


def test_an_address_gets_services_conversations_and_closed_ports() -> None:
    made = plan(WEB)
    assert shown(expand(made, answer(question(made), V6))) == [
        f"tcp.connect {V6} 443",
        f"tls.handshake {V6} 443 https www.tinhmau.example",
        f"http.get {V6} 443 www.tinhmau.example / fetch=1 hop=0",
        f"tcp.connect {V6} 3389",
    ]


def test_an_address_serves_every_system_that_declares_the_name() -> None:
    made = plan(WEB + "- {id: mail, hosts: [www.tinhmau.example], services: [smtp, https]}\n")
    lines = shown(expand(made, answer(question(made), V6)))
    assert f"smtp.greeting {V6} 25 smtp" in lines
    assert lines.count(f"tcp.connect {V6} 443") == 1


def test_answers_in_another_order_lead_to_the_same_tasks() -> None:
    made = plan(WEB)
    addresses = ["2001:db8::3", "2001:db8::1", "2001:db8::2"]
    assert expand(made, answer(question(made), *addresses)) == expand(
        made, answer(question(made), *reversed(addresses))
    )


def test_an_alias_is_followed_to_its_addresses_and_strangers_in_the_answer_are_not() -> None:
    made = plan(WEB)
    observation = answer(
        question(made),
        "www.tinhmau.example CNAME lb.tinhmau.example.",
        f"lb.tinhmau.example AAAA {V6}",
        "evil.example AAAA 2001:db8:bad::1",
    )
    assert {task.address for task in expand(made, observation)} == {V6}


def test_an_alias_loop_ends() -> None:
    made = plan(WEB)
    observation = answer(
        question(made), "www.tinhmau.example CNAME b.example.", "b.example CNAME www.tinhmau.example."
    )
    assert expand(made, observation) == ()


def test_sixteen_addresses_of_a_name_are_contacted_and_the_rest_is_told() -> None:
    made = plan(WEB)
    observation = answer(question(made), *(f"2001:db8::{number:x}" for number in range(1, 501)))
    assert len({task.address for task in expand(made, observation)}) == 16
    assert made.left_out(observation) == 484
    assert made.left_out(answer(question(made), V6)) == 0


@pytest.mark.parametrize(
    "address", ["3fff::1", "::1", "fe80::1", "::ffff:198.51.100.9", "ff02::1", "::", "64:ff9b::203.0.113.1"]
)
def test_an_address_that_may_not_be_contacted_is_not(address: str) -> None:
    made = plan(WEB)
    assert expand(made, answer(question(made), address)) == ()


def test_without_a_scope_a_private_address_from_dns_is_not_contacted() -> None:
    head = "version: 1\norganization: {id: o, name: o}\nsystems:\n"
    made = plan(WEB, head=head, vantage="local")
    for private in ("10.0.0.1", "127.0.0.1", "192.168.1.1", "169.254.169.254"):
        assert expand(made, answer(question(made, "A"), private)) == ()


def test_a_truncated_answer_is_asked_again_over_tcp_and_not_believed() -> None:
    made = plan(WEB)
    follow = expand(made, answer(question(made), V6, flags=["TC"]))
    assert shown(follow) == [f"dns.tcp {FIRST} www.tinhmau.example AAAA"]
    assert follow[0].transport == "tcp"
    assert f"tcp.connect {V6} 443" in shown(expand(made, answer(follow[0], V6)))


def test_servfail_is_asked_with_cd_and_of_the_next_server() -> None:
    made = plan(WEB)
    follow = expand(made, answer(question(made), rcode="SERVFAIL"))
    assert shown(follow) == [
        f"dns.query {FIRST} www.tinhmau.example AAAA cd",
        f"dns.query {SECOND} www.tinhmau.example AAAA",
    ]


def test_an_answer_with_cd_is_evidence_and_nobody_is_contacted_for_it() -> None:
    made = plan(WEB)
    with_cd = expand(made, answer(question(made), rcode="SERVFAIL"))[0]
    assert expand(made, answer(with_cd, V6)) == ()
    assert expand(made, failed(with_cd, "no_answer")) == ()


@pytest.mark.parametrize("rcode", ["FORMERR", "NOTIMP"])
def test_edns_hostile_answers_are_asked_again_without_edns(rcode: str) -> None:
    made = plan(WEB)
    follow = expand(made, answer(question(made), rcode=rcode))
    assert shown(follow) == [f"dns.query {FIRST} www.tinhmau.example AAAA plain"]
    again = expand(made, answer(follow[0], rcode=rcode))
    assert shown(again) == [f"dns.query {SECOND} www.tinhmau.example AAAA"]


def test_silence_is_asked_without_edns_then_of_the_next_server_and_then_no_more() -> None:
    made = plan(WEB)
    task, seen = question(made), []
    while True:
        follow = expand(made, failed(task, "no_answer"))
        seen += shown(follow)
        if not follow:
            break
        (task,) = follow
    assert seen == [
        f"dns.query {FIRST} www.tinhmau.example AAAA plain",
        f"dns.query {SECOND} www.tinhmau.example AAAA",
        f"dns.query {SECOND} www.tinhmau.example AAAA plain",
    ]


@pytest.mark.parametrize("word", ["closed", "unreachable", "rejected", "local", "malformed"])
def test_a_server_that_cannot_be_asked_leaves_it_to_the_next(word: str) -> None:
    made = plan(WEB)
    follow = expand(made, failed(question(made), word))
    assert shown(follow) == [f"dns.query {SECOND} www.tinhmau.example AAAA"]


@pytest.mark.parametrize("rcode", ["NOERROR", "NXDOMAIN"])
def test_a_definite_answer_without_addresses_ends_the_matter(rcode: str) -> None:
    made = plan(WEB)
    assert expand(made, answer(question(made), rcode=rcode)) == ()


def test_refused_goes_to_the_next_server() -> None:
    made = plan(WEB)
    follow = expand(made, answer(question(made), rcode="REFUSED"))
    assert shown(follow) == [f"dns.query {SECOND} www.tinhmau.example AAAA"]


def test_the_hijack_question_leads_to_nothing_whatever_is_said() -> None:
    made = plan(WEB)
    task = question(made, "A", "ipv6check-nxdomain.invalid")
    assert expand(made, answer(task, "198.51.100.80")) == ()
    assert expand(made, answer(task, rcode="SERVFAIL")) == ()
    assert expand(made, failed(task, "no_answer")) == ()


@pytest.mark.parametrize("outcome", ["skipped", "crashed"])
def test_what_was_not_asked_leads_to_nothing(outcome: str) -> None:
    made = plan(WEB)
    assert expand(made, observe(question(made), outcome, "time.over")) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answers", [None, "AAAA", 3, [3], [["a"]], ["abcd"], [[None, None, None, None]], {"a": "b"}]
)
def test_a_garbled_answer_is_read_as_no_address(answers: object) -> None:
    made = plan(WEB)
    observation = observe(question(made), data={"rcode": "NOERROR", "flags": [], "answers": answers})  # type: ignore[dict-item]
    assert expand(made, observation) == ()


# Redirects


def fetch(made: Plan, results: Results, rdtype: str = "AAAA", address: str = V6) -> Task:
    follow = expand(made, answer(question(made, rdtype), address), results)
    return next(task for task in follow if task.kind == "http.get")


def test_a_redirect_at_the_same_place_is_followed_there() -> None:
    made, results = plan(WEB), Results()
    first = fetch(made, results)
    follow = expand(made, redirected(first, "/vi/trang-chủ?a=1#top"), results)
    assert shown(follow) == [
        f"tcp.connect {V6} 443",
        f"http.get {V6} 443 www.tinhmau.example /vi/trang-ch%E1%BB%A7?a=1 fetch=1 hop=1",
    ]
    assert follow[1].parent == first.parent


def test_five_hops_are_followed_and_no_more() -> None:
    made, results = plan(WEB), Results()
    task = fetch(made, results)
    for hop in range(1, 6):
        task = expand(made, redirected(task, "/loop"), results)[-1]
        assert task.params["hop"] == hop
    assert expand(made, redirected(task, "/loop"), results) == ()


def test_a_redirect_to_another_scheme_opens_that_port_at_the_same_address() -> None:
    made, results = plan(WEB), Results()
    follow = expand(made, redirected(fetch(made, results), "http://www.tinhmau.example/"), results)
    assert shown(follow) == [f"tcp.connect {V6} 80", f"http.get {V6} 80 / fetch=1 hop=1"]
    assert (follow[1].params["tls"], follow[1].params["sni"]) == (False, None)


def test_a_redirect_to_another_host_is_resolved_in_the_same_family_and_followed_in_scope() -> None:
    made, results = plan(WEB), Results()
    (lookup,) = expand(made, redirected(fetch(made, results), "https://sso.example:8443/in"), results)
    assert shown([lookup]) == [f"dns.query {FIRST} sso.example AAAA"]
    follow = expand(made, answer(lookup, "2001:db8::50", "3fff::50"), results)
    assert shown(follow) == [
        "tcp.connect 2001:db8::50 8443",
        "http.get 2001:db8::50 8443 sso.example /in fetch=1 hop=1",
    ]
    assert follow[1].params["host"] == "sso.example"


def test_a_redirect_to_a_host_whose_address_is_known_already_is_followed_at_once() -> None:
    made, results = plan(WEB + "- {id: sso, hosts: [sso.example], services: [ssh]}\n"), Results()
    first = fetch(made, results)
    expand(made, answer(question(made, name="sso.example"), "2001:db8::50"), results)
    follow = expand(made, redirected(first, "https://sso.example/"), results)
    assert "http.get 2001:db8::50 443 sso.example / fetch=1 hop=1" in shown(follow)


def test_the_order_of_redirect_and_address_makes_no_difference() -> None:
    systems = WEB + "- {id: sso, hosts: [sso.example], services: [ssh]}\n"
    seen = []
    for late in (False, True):
        made, results = plan(systems), Results()
        first = fetch(made, results)
        steps = [
            redirected(first, "https://sso.example/"),
            answer(question(made, name="sso.example"), "2001:db8::50"),
        ]
        found = {
            task.id for step in (reversed(steps) if late else steps) for task in expand(made, step, results)
        }
        seen.append(found - {task.id for task in made.initial()})
    assert seen[0] == seen[1]


def test_a_redirect_to_a_name_that_has_the_same_address_stays_there() -> None:
    made, results = plan(WEB), Results()
    (lookup,) = expand(made, redirected(fetch(made, results), "https://tinhmau.example/"), results)
    follow = expand(made, answer(lookup, "2001:db8::1", V6), results)
    assert {task.address for task in follow} == {V6}


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "https://198.51.100.9/",  # in scope, but of the other family
        "https://[3fff::1]/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://[::1",
        "https://host:99999/",
        "https://host:0/",
        "https://" + "a" * 300 + ".example/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://www.tinhmau.example:9100/",
        "https://a..b/",
        "https:// /",
        "x" * 5000,
        "https://\\evil.example/",
    ],
)
def test_a_redirect_out_of_scope_or_out_of_sense_is_not_followed(location: str) -> None:
    made, results = plan(WEB), Results()
    assert expand(made, redirected(fetch(made, results), location), results) == ()


@pytest.mark.parametrize("status", [200, 300, 304, 404, "301", None])
def test_only_redirects_are_followed(status: object) -> None:
    made, results = plan(WEB), Results()
    observation = redirected(fetch(made, results), "/", status)  # type: ignore[arg-type]
    assert expand(made, observation, results) == ()


def test_a_gentle_host_is_followed_only_to_its_declared_ports() -> None:
    systems = "- {id: g, hosts: [www.tinhmau.example], services: [http, https], probe: gentle}"
    made, results = plan(systems), Results()
    first = fetch(made, results)
    assert expand(made, redirected(first, "https://www.tinhmau.example:8443/"), results) == ()
    assert shown(expand(made, redirected(first, "https://www.tinhmau.example/x"), results))


def test_both_ipv4_fetches_are_followed() -> None:
    made, results = plan(WEB), Results()
    follow = expand(made, answer(question(made, "A"), "198.51.100.80"), results)
    hops = [
        expand(made, redirected(task, "/next"), results)[-1].params["fetch"]
        for task in follow
        if task.kind == "http.get"
    ]
    assert hops == [1, 2]
