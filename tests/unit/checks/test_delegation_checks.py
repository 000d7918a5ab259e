"""ns.glue and ns.chain: what a parent gives, and where a walk over IPv6 alone comes to its end."""

from typing import Any

import pytest

from ipv6check.inventory.delegation import referral
from tests.unit.checks.every_dns_reason import (
    AUTHORITY4,
    AUTHORITY6,
    NS1,
    ROOT,
    TLD,
    ZONE,
    dns_system,
    parent,
    rooted,
    step,
)
from tests.unit.judging_builder import Run


@pytest.mark.parametrize(
    ("glue", "expected"),
    [
        ((AUTHORITY6,), ("pass", "ok")),
        ((), ("fail", "glue.missing")),
        (("2001:db8:10::99",), ("fail", "glue.mismatch")),
        ((AUTHORITY6, "2001:db8:10::99"), ("fail", "glue.mismatch")),
    ],
)
def test_glue_has_to_be_there_and_to_match(glue: tuple[str, ...], expected: tuple[str, str]) -> None:
    run = rooted()
    parent(run, glue)
    assert run.said("ns.glue") == {expected}


def test_glue_that_nobody_told_is_unknown() -> None:
    assert rooted().said("ns.glue") == {("unknown", "scope.outside")}


def test_a_parent_that_serves_the_zone_itself_shows_no_glue() -> None:
    run = rooted()
    parent(run, (), own=True)
    assert run.said("ns.glue") == {("not_applicable", "glue.same_server")}


def test_a_referral_to_another_zone_says_nothing_of_this_ones_glue() -> None:
    run = rooted()
    told: dict[str, Any] = {"purpose": "parent", "rd": False}
    run.answers(ZONE, "NS", flags=["QR"], data={"authority": [["example", "NS", 60, NS1]]}, **told)
    assert run.said("ns.glue") == {("unknown", "scope.outside")}


def test_servers_outside_the_zone_need_no_glue() -> None:
    run = Run.of(dns_system(), dns_roots=(ROOT,))
    run.answers(ZONE, "NS", "ns.elsewhere.example")
    assert run.said("ns.glue") == {("not_applicable", "not.declared")}


def test_a_walk_that_comes_to_the_zone_passes() -> None:
    run = rooted()
    step(run, ROOT, "", to="example", glue=(TLD,), ns="ns.example")
    step(run, TLD, "example", to=ZONE, glue=(AUTHORITY6,))
    step(run, AUTHORITY6, ZONE)
    assert run.said("ns.chain") == {("pass", "ok")}


def test_the_zone_without_glue_breaks_the_chain_and_is_named() -> None:
    run = rooted()
    step(run, ROOT, "", to="example", glue=(TLD,), ns="ns.example")
    step(run, TLD, "example", to=ZONE)
    finding = run.one("ns.chain")
    assert (finding.verdict, finding.reason, finding.args["zone"]) == ("fail", "ns.chain_broken", ZONE)


def test_a_top_level_domain_without_ipv6_is_named_itself() -> None:
    run = rooted()
    step(run, ROOT, "", to="example", ns="ns.example")
    finding = run.one("ns.chain")
    assert (finding.verdict, finding.args["zone"]) == ("fail", "example")


def test_silence_of_the_zones_only_server_breaks_the_chain() -> None:
    run = rooted()
    step(run, ROOT, "", to=ZONE, glue=(AUTHORITY6,))
    step(run, AUTHORITY6, ZONE, word="no_answer")
    run.canaries(round_=1)
    finding = run.one("ns.chain")
    assert (finding.verdict, finding.args["zone"]) == ("fail", ZONE)


def test_a_server_outside_the_zone_is_found_by_a_walk_of_its_own() -> None:
    run = rooted()
    step(run, ROOT, "", to=ZONE, ns="ns.elsewhere")
    step(run, ROOT, "", name="ns.elsewhere", rdtype="AAAA", depth=1, found=(AUTHORITY6,))
    step(run, AUTHORITY6, ZONE)
    assert run.said("ns.chain") == {("pass", "ok")}


def test_a_walk_that_may_go_no_further_is_unknown() -> None:
    run = rooted()
    step(run, ROOT, "", to=ZONE, glue=(AUTHORITY6,))
    assert run.said("ns.chain") == {("unknown", "scope.outside")}


def test_a_vantage_without_ipv6_breaks_no_chain() -> None:
    run = Run.of(dns_system(), dns_roots=(ROOT,), working=False)
    run.source(6, None)
    run.source(4, "203.0.113.2")
    run.named(NS1, a=(AUTHORITY4,))
    step(run, ROOT, "", word="local")
    assert run.said("ns.chain") == {("unknown", "vantage.no_ipv6")}


def test_without_roots_there_is_no_chain_to_walk() -> None:
    assert Run.of(dns_system()).said("ns.chain") == {("not_applicable", "input.missing")}


def test_referrals_in_a_circle_come_to_an_end() -> None:
    run = rooted()
    step(run, ROOT, "", to="example", glue=(TLD,), ns="ns.example")
    step(run, TLD, "example", to="example", glue=(TLD,), ns="ns.example")
    assert run.said("ns.chain") == {("fail", "ns.chain_broken")}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"rcode": "NOERROR", "flags": "QR", "authority": 5},
        {"rcode": "NOERROR", "flags": ["QR"], "authority": [["example"]]},
        {"rcode": "NOERROR", "flags": ["QR", "AA"], "authority": [[ZONE, "NS", 1, NS1]]},
        {"rcode": "SERVFAIL", "flags": ["QR"], "authority": [[ZONE, "NS", 1, NS1]]},
        {"rcode": "NOERROR", "flags": ["QR"], "authority": [["other.example", "NS", 1, NS1]]},
        {"rcode": "NOERROR", "flags": ["QR"], "authority": [[ZONE, "NS", 1, NS1], ["example", "NS", 1, NS1]]},
    ],
)
def test_what_is_no_referral_to_the_name_is_none(data: dict[str, Any]) -> None:
    assert referral(data, ZONE) is None
