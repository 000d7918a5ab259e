"""tls.parity: what makes TLS over IPv6 weaker than over IPv4, and what does not."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.checks.small_authority import authority
from tests.unit.judging_builder import START, V4, V6, Run, host, service, system

NAME = "www.example"
DAY = timedelta(days=1)
WEAKER = ("fail", "tls.weaker")


def good() -> list[str]:
    return authority().chain(NAME)


def web(*hosts: Any) -> Run:
    run = Run.of(system(hosts or [NAME], [service("https")]))
    run.roots = (authority().pem,)
    if not hosts:
        run.named()
    run.open(V6)
    run.open(V4)
    return run


def spoken(six: str, *four: str) -> tuple[str, str]:
    run = web()
    run.tls(V6, good(), version=six)
    run.tls(V4, good(), version=four[0])
    finding = run.one("tls.parity")
    return finding.verdict, finding.reason


@pytest.mark.parametrize(
    ("six", "four", "expected"),
    [
        ("TLSv1", "TLSv1.3", WEAKER),
        ("TLSv1.2", "TLSv1.3", WEAKER),
        ("TLSv1.3", "TLSv1.3", ("pass", "ok")),
        ("TLSv1.3", "TLSv1", ("pass", "ok")),
        ("TLSv9", "TLSv1.3", ("pass", "ok")),
    ],
)
def test_an_older_version_over_ipv6_is_weaker(six: str, four: str, expected: tuple[str, str]) -> None:
    assert spoken(six, four) == expected


def test_a_certificate_faulty_over_ipv6_only_is_weaker_and_follows_from_tls_valid() -> None:
    run = web()
    run.tls(V6, authority().chain(NAME, end=START - DAY))
    run.tls(V4, good())
    finding = run.one("tls.parity")
    assert (finding.verdict, finding.reason, finding.args["what"]) == (*WEAKER, ["tls.expired"])
    assert finding.root is not None


def test_a_fault_of_both_families_is_no_difference() -> None:
    run = web()
    for address in (V6, V4):
        run.tls(address, authority().chain(NAME, end=START - DAY))
    assert run.said("tls.parity") == {("pass", "ok")}


def test_two_different_valid_certificates_are_fine() -> None:
    run = web()
    run.tls(V6, good())
    run.tls(V4, authority().chain(NAME, "other.example"))
    assert run.said("tls.parity") == {("pass", "ok")}


def test_a_handshake_that_fails_over_ipv6_only_is_weaker() -> None:
    run = web()
    run.tls(V6, word="tls_alert", alert="protocol_version")
    run.tls(V4, good())
    assert run.one("tls.parity").args["what"] == ["tls.handshake"]


def test_without_a_name_the_names_of_ipv4_have_to_be_there() -> None:
    for six, expected in (("other.example", WEAKER), (NAME, ("pass", "ok"))):
        run = web(host(V6), host(V4))
        run.tls(V6, authority().chain(six), name=None)
        run.tls(V4, good(), name=None)
        assert run.said("tls.parity") == {expected}


def test_without_tls_over_ipv4_there_is_nothing_to_compare() -> None:
    run = Run.of(system(services=[service("https")]))
    run.roots = (authority().pem,)
    run.named()
    run.open(V6)
    run.closed(V4)
    run.tls(V6, good())
    assert run.said("tls.parity") == {("not_applicable", "ipv4.not_offered")}


def test_an_ipv4_that_is_unknown_leaves_the_comparison_unknown() -> None:
    run = web()
    run.tls(V6, good())
    run.tls(V4, word="slow")
    assert run.said("tls.parity") == {("unknown", "reach.slow")}
    run = Run.of(system(services=[service("https")]))
    run.roots = (authority().pem,)
    run.answers(NAME, "AAAA", V6)
    run.answers(NAME, "A", rcode="SERVFAIL")
    run.open(V6)
    run.tls(V6, good())
    assert run.said("tls.parity") == {("unknown", "dns.servfail")}


def test_an_ipv6_that_does_not_answer_is_another_checks_finding() -> None:
    run = Run.of(system(services=[service("https")]))
    run.named()
    run.closed(V6)
    run.open(V4)
    run.tls(V4, good())
    finding = run.one("tls.parity")
    assert (finding.verdict, finding.reason) == ("not_applicable", "not.answering")
    assert finding.root is not None
