"""naming.* and address.class: what each way to answer a name, or each range, amounts to."""

import itertools
from typing import Any

import pytest

from ipv6check.model.inventory import Endpoint, Vantage
from ipv6check.model.text import JSON
from tests.unit.judging_builder import RESOLVER, V4, V6, Run, host, service, system

NAME = "www.example"
SECOND = Endpoint("203.0.113.54", 53)


def fresh(**more: Any) -> Run:
    return Run.of(system(services=[service("tcp", 1521)], **more))


def test_a_name_with_both_addresses_passes() -> None:
    run = fresh()
    run.named()
    for check in ("naming.resolves", "naming.aaaa", "naming.a", "address.class"):
        assert run.said(check) == {("pass", "ok")}


def test_nodata_is_no_aaaa_and_everything_that_needs_one_follows() -> None:
    from ipv6check.model.identity import finding_id

    run = fresh(closed_ports=[3389])
    run.named(aaaa=())
    run.open(V4, 1521)
    run.closed(V4, 3389)
    naming = run.one("naming.aaaa")
    assert (naming.verdict, naming.reason, naming.root) == ("fail", "dns.nodata", None)
    for check in ("address.class", "reach.service", "parity.offer", "parity.exposure"):
        finding = run.one(check)
        assert (finding.verdict, finding.reason) == ("fail", "reach.no_address"), check
        assert finding.root == finding_id(naming)
    assert run.said("parity.closed_ports", family=6) == {("fail", "reach.no_address")}
    assert run.said("parity.closed_ports", family=4) == {("pass", "ok")}
    parity = run.one("parity.service")
    assert (parity.verdict, parity.reason, parity.root) == ("fail", "parity.v6_missing", finding_id(naming))
    assert run.said("naming.resolves") == {("pass", "ok")}
    assert run.said("reach.ipv4") == {("pass", "ok")}


def test_a_name_unknown_to_both_questions_is_an_inventory_error_and_no_fail() -> None:
    run = fresh()
    for rdtype in ("A", "AAAA"):
        run.answers(NAME, rdtype, rcode="NXDOMAIN")
    assert run.said("naming.resolves") == {("unknown", "dns.nxdomain")}
    assert run.said("naming.aaaa") == {("unknown", "dns.nxdomain")}
    assert "fail" not in {f.verdict for f in run.findings()}


def test_nxdomain_for_aaaa_beside_an_a_record_is_the_name_servers_fault() -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", rcode="NXDOMAIN")
    assert run.said("naming.aaaa") == {("fail", "dns.rfc4074_nxdomain")}
    assert run.said("naming.resolves") == {("pass", "ok")}


def test_nxdomain_for_aaaa_with_an_unknown_a_is_unknown() -> None:
    run = fresh()
    run.answers(NAME, "A", rcode="SERVFAIL")
    run.answers(NAME, "AAAA", rcode="NXDOMAIN")
    assert run.said("naming.aaaa") == {("unknown", "dns.servfail")}
    assert run.said("naming.resolves") == {("unknown", "dns.servfail")}


@pytest.mark.parametrize(
    ("rcode", "reason"),
    [
        ("SERVFAIL", "dns.servfail"),
        ("REFUSED", "dns.refused"),
        ("NOTIMP", "dns.notimp"),
        ("FORMERR", "dns.formerr"),
        ("BADVERS", "dns.formerr"),
        ("YXDOMAIN", "dns.servfail"),
    ],
)
def test_a_resolvers_error_is_never_no_aaaa(rcode: str, reason: str) -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", rcode=rcode)
    run.open(V4, 1521)
    assert run.said("naming.aaaa") == {("unknown", reason)}
    assert run.said("reach.service") == {("unknown", reason)}
    assert run.said("parity.service") == {("unknown", reason)}
    assert run.said("address.class") == {("unknown", reason)}
    assert run.said("naming.resolves") == {("pass", "ok")}
    assert "fail" not in {f.verdict for f in run.findings()}


def test_a_question_dropped_by_a_living_resolver_timed_out() -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    run.unanswered(NAME, "AAAA")
    assert run.said("naming.aaaa") == {("unknown", "dns.timeout")}


def test_a_dead_resolver_is_the_vantages_trouble() -> None:
    run = fresh()
    run.unanswered(NAME, "A")
    run.unanswered(NAME, "AAAA")
    assert run.said("naming.resolves") == {("unknown", "vantage.resolver")}
    assert run.said("naming.aaaa") == {("unknown", "vantage.resolver")}
    assert "fail" not in {f.verdict for f in run.findings()}


@pytest.mark.parametrize("detail", ["no_source", "no_route", "no_family"])
def test_a_resolver_that_cannot_be_asked_for_want_of_its_family_is_not_called_dead(detail: str) -> None:
    run = fresh()
    for rdtype in ("A", "AAAA"):
        run.say(run.question(NAME, rdtype), "failed", "local", {"detail": detail})
    reason = f"vantage.no_ipv{RESOLVER.family}"
    assert run.said("naming.resolves") == {("unknown", reason)}
    assert run.said("naming.aaaa") == {("unknown", reason)}


def test_a_second_server_that_timed_out_says_more_than_a_first_that_could_not_be_asked() -> None:
    run = fresh()
    run.answers("other.example", "A", V4, server=SECOND)
    for rdtype in ("A", "AAAA"):
        run.say(run.question(NAME, rdtype), "failed", "local", {"detail": "no_route"})
        run.unanswered(NAME, rdtype, server=SECOND)
    assert run.said("naming.aaaa") == {("unknown", "dns.timeout")}


def test_the_second_server_of_a_view_answers_for_a_dead_first() -> None:
    run = fresh()
    for rdtype, address in (("A", V4), ("AAAA", V6)):
        run.unanswered(NAME, rdtype)
        run.answers(NAME, rdtype, address, server=SECOND)
    assert run.said("naming.aaaa") == {("pass", "ok")}
    (warning,) = run.facts().warnings
    assert (warning.reason, warning.args["server"]) == ("vantage.resolver_dead", f"{RESOLVER.address}:53")


def test_a_definite_answer_of_one_server_outweighs_an_error_of_the_other() -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", rcode="SERVFAIL")
    run.answers(NAME, "AAAA", server=SECOND)
    assert run.said("naming.aaaa") == {("fail", "dns.nodata")}


def test_a_resolver_that_invents_addresses_proves_nothing_by_them() -> None:
    run = fresh()
    run.answers("ipv6check-nxdomain.invalid", "A", "198.51.100.66")
    run.answers(NAME, "A", "198.51.100.66")
    run.answers(NAME, "AAAA")
    assert run.said("naming.aaaa") == {("unknown", "vantage.resolver")}
    assert run.said("naming.a") == {("unknown", "vantage.resolver")}
    assert [warning.reason for warning in run.facts().warnings] == ["vantage.resolver_lies"]


def test_addresses_that_a_lying_resolver_did_not_invent_stand() -> None:
    run = fresh()
    run.answers("ipv6check-nxdomain.invalid", "A", "198.51.100.66")
    run.named()
    assert run.said("naming.aaaa") == {("pass", "ok")}
    assert run.said("naming.a") == {("pass", "ok")}


def test_an_honest_nxdomain_for_the_impossible_name_changes_nothing() -> None:
    run = fresh()
    run.answers("ipv6check-nxdomain.invalid", "A", rcode="NXDOMAIN")
    run.named(aaaa=())
    assert run.said("naming.aaaa") == {("fail", "dns.nodata")}


def test_truncated_and_whole_over_tcp_passes_and_tells_so() -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", flags=["QR", "TC"])
    run.answers(NAME, "AAAA", V6, kind="dns.tcp")
    finding = run.one("naming.aaaa")
    assert (finding.verdict, finding.args["by_tcp"]) == ("pass", True)


def test_truncated_with_tcp_blocked_is_unknown() -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", V6, flags=["QR", "TC"])
    run.unanswered(NAME, "AAAA", "reset", kind="dns.tcp", tries=2)
    assert run.said("naming.aaaa") == {("unknown", "dns.tcp_blocked")}


@pytest.mark.parametrize("first", ["FORMERR", "NOTIMP", None])
def test_answered_without_edns_only_passes(first: str | None) -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    if first is None:
        run.unanswered(NAME, "AAAA")
    else:
        run.answers(NAME, "AAAA", rcode=first)
    run.answers(NAME, "AAAA", V6, edns=False)
    assert run.said("naming.aaaa") == {("pass", "ok")}


def test_servfail_that_has_an_answer_unchecked_is_bogus() -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", rcode="SERVFAIL")
    run.answers(NAME, "AAAA", V6, cd=True)
    assert run.said("naming.aaaa") == {("unknown", "dns.bogus")}


def test_unreadable_rdata_is_a_broken_record() -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", authority=False, bad_rdata=[[NAME, "AAAA", "c6336407"]])
    assert run.said("naming.aaaa") == {("fail", "dns.bad_rdata")}


def test_a_readable_record_beside_an_unreadable_one_is_an_address() -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", V6, bad_rdata=[[NAME, "AAAA", "c6336407"]])
    assert run.said("naming.aaaa") == {("pass", "ok")}


def test_behind_an_alias_the_finding_names_the_owner_that_must_act() -> None:
    run = fresh()
    run.answers(NAME, "A", f"{NAME} CNAME lb.example", f"lb.example A {V4}")
    run.answers(NAME, "AAAA", f"{NAME} CNAME lb.example", soa=True)
    finding = run.one("naming.aaaa")
    assert (finding.reason, finding.args["owner"]) == ("dns.nodata", "lb.example")
    assert finding.args["alias_of"] == "lb.example"


def test_an_alias_to_nowhere_dangles() -> None:
    from ipv6check.model.identity import finding_id

    run = fresh()
    for rdtype in ("A", "AAAA"):
        run.answers(NAME, rdtype, f"{NAME} CNAME gone.example", rcode="NXDOMAIN")
    finding = run.one("naming.resolves")
    assert (finding.verdict, finding.reason) == ("fail", "dns.cname_dangling")
    assert finding.args["owner"] == "gone.example"
    assert run.one("naming.aaaa").root == finding_id(finding)
    others = [f for f in run.findings() if f.verdict == "fail" and f.check != "naming.resolves"]
    assert all(other.root for other in others)


def test_two_aliases_that_name_each_other_loop() -> None:
    run = fresh()
    for rdtype in ("A", "AAAA"):
        run.answers(NAME, rdtype, f"{NAME} CNAME b.example", f"b.example CNAME {NAME}")
    assert run.said("naming.resolves") == {("fail", "dns.cname_loop")}


def chain(links: int) -> list[str]:
    names = [NAME, *(f"c{n}.example" for n in range(1, links + 1))]
    return [f"{one} CNAME {two}" for one, two in itertools.pairwise(names)]


@pytest.mark.parametrize(("links", "verdict"), [(8, "pass"), (9, "warn"), (12, "warn")])
def test_a_long_chain_that_resolves_only_warns(links: int, verdict: str) -> None:
    run = fresh()
    run.answers(NAME, "A", *chain(links), f"c{links}.example A {V4}")
    run.answers(NAME, "AAAA", *chain(links), f"c{links}.example AAAA {V6}")
    assert {v for v, _ in run.said("naming.resolves")} == {verdict}
    assert run.said("naming.aaaa") == {("pass", "ok")}


@pytest.mark.parametrize("rcode", ["SERVFAIL", "NOERROR"])
def test_a_long_chain_that_the_resolver_gives_up_fails(rcode: str) -> None:
    run = fresh()
    for rdtype in ("A", "AAAA"):
        run.answers(NAME, rdtype, *chain(11), rcode=rcode)
    assert run.said("naming.resolves") == {("fail", "dns.cname_chain")}


def test_a_referral_is_no_answer() -> None:
    run = fresh()
    run.answers(NAME, "A", V4)
    task = run.question(NAME, "AAAA")
    data: dict[str, JSON] = {
        "rcode": "NOERROR",
        "flags": ["QR"],
        "answers": [],
        "authority": [["example", "NS", 60, "ns.example."]],
    }
    run.say(task, data=data)
    assert run.said("naming.aaaa") == {("unknown", "dns.refused")}


def test_no_a_record_only_warns_and_only_dual_stack_systems() -> None:
    for goal, said in (
        ("dual-stack", ("warn", "naming.no_a")),
        ("ipv6-only", ("not_applicable", "goal.excludes")),
    ):
        run = fresh(goal=goal)
        run.named(a=())
        run.open(V6, 1521)
        assert run.said("naming.a") == {said}
        assert "fail" not in {f.verdict for f in run.findings()}


def two_views(exists_inside: bool) -> Run:
    run = Run.of(
        system(services=[service("tcp", 1521)], vantages=("inside", "internet")),
        vantages=(Vantage(name="internet", resolver="public"),),
    )
    if exists_inside:
        run.named()
        run.open(V6, 1521)
        run.open(V4, 1521)
    else:
        for rdtype in ("A", "AAAA"):
            run.answers(NAME, rdtype, rcode="NXDOMAIN")
    run.vantage = "internet"
    for rdtype in ("A", "AAAA"):
        run.answers(NAME, rdtype, rcode="NXDOMAIN", server=SECOND)
    run.vantage = "inside"
    return run


def test_a_name_absent_from_a_whole_view_is_not_published_there() -> None:
    run = two_views(exists_inside=True)
    there = {(f.verdict, f.reason) for f in run.findings() if f.vantage == "internet"}
    assert there <= {("not_applicable", "not.published"), ("not_applicable", "ipv4.not_offered")}
    for check in ("naming.resolves", "naming.aaaa", "address.class", "reach.service", "reach.ipv4"):
        found = {
            (f.verdict, f.reason) for f in run.findings() if f.vantage == "internet" and f.check == check
        }
        assert found == {("not_applicable", "not.published")}, check


def test_a_name_that_no_view_knows_is_an_inventory_error_in_each() -> None:
    assert two_views(exists_inside=False).said("naming.resolves") == {("unknown", "dns.nxdomain")}


def test_another_vantages_part_is_unknown_until_merged() -> None:
    run = Run.of(
        system(services=[service("tcp", 1521)], vantages=("inside", "internet")),
        vantages=(Vantage(name="internet", resolver="public"),),
    )
    run.named()
    run.open(V6, 1521)
    run.open(V4, 1521)
    absent = {(f.verdict, f.reason) for f in run.findings() if f.vantage == "internet"}
    assert absent == {("unknown", "vantage.absent")}


def test_only_ipv4_literals_declare_no_ipv6() -> None:
    from ipv6check.model.identity import finding_id

    run = Run.of(system([V4, "198.51.100.81"], [service("tcp", 1521)]))
    for address in (V4, "198.51.100.81"):
        run.open(address, 1521)
    finding = run.one("naming.aaaa")
    assert (finding.verdict, finding.reason, finding.vantage) == ("fail", "addr.none_declared", None)
    assert finding.args["addresses"] == [V4, "198.51.100.81"]
    reach = run.one("reach.service")
    assert (reach.reason, reach.root) == ("reach.no_address", finding_id(finding))
    assert run.said("parity.service") == {("fail", "parity.v6_missing")}


def test_a_pair_without_any_ipv6_is_found_beside_one_that_has_it() -> None:
    hosts = [host("www.example", pair="www"), host("198.51.100.90", pair="backend")]
    run = Run.of(system(hosts, [service("tcp", 1521)]))
    run.named()
    assert run.said("naming.aaaa", host="198.51.100.90") == {("fail", "addr.none_declared")}
    assert run.said("naming.aaaa", host="www.example") == {("pass", "ok")}
