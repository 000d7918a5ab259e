"""mail.mx, mail.smtp, mail.starttls, mail.spf: what fails, what only warns, and whose trouble it is."""

from typing import Any

import pytest

from tests.unit.checks.every_mail_reason import DOMAIN, HELLO, OURS, mail_domain, mail_server
from tests.unit.judging_builder import V4, V6, Run, service, system

PTR = "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"


def exchange(run: Run, name: str, *aaaa: str, a: str = V4) -> None:
    run.answers(name, "A", *([a] if a else []))
    run.answers(name, "AAAA", *aaaa)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((V6,), (V6,), ("pass", "ok")),
        ((V6,), (), ("warn", "mx.v4_only")),
        ((), (V6,), ("fail", "mx.v4_only")),
        ((), (), ("fail", "mx.v4_only")),
    ],
)
def test_the_best_preference_decides(first: Any, second: Any, expected: tuple[str, str]) -> None:
    run = mail_domain("10_mx1.example", "20_mx2.example")
    exchange(run, "mx1.example", *first)
    exchange(run, "mx2.example", *second)
    assert run.said("mail.mx") == {expected}


def test_equal_preferences_without_ipv6_fail() -> None:
    run = mail_domain("10_mx1.example", "10_mx2.example")
    exchange(run, "mx1.example", V6)
    exchange(run, "mx2.example")
    assert run.one("mail.mx").args["without"] == ["mx2.example (10)"]
    assert run.said("mail.mx") == {("fail", "mx.v4_only")}


def test_a_null_mx_takes_no_mail() -> None:
    assert mail_domain("0_.").said("mail.mx") == {("not_applicable", "mx.null")}


def test_without_an_mx_the_domain_itself_takes_the_mail() -> None:
    for aaaa, expected in (((V6,), ("pass", "ok")), ((), ("fail", "mx.v4_only"))):
        run = mail_domain()
        exchange(run, DOMAIN, *aaaa)
        assert run.said("mail.mx") == {expected}


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED", "NOTIMP", "FORMERR"])
def test_an_answer_that_is_none_is_unknown(rcode: str) -> None:
    run = Run.of(system(mail_domains=(DOMAIN,)))
    run.answers(DOMAIN, "MX", rcode=rcode)
    assert run.said("mail.mx") == {("unknown", f"dns.{rcode.lower()}")}
    run = mail_domain("10_mx1.example")
    run.answers("mx1.example", "A", V4)
    run.answers("mx1.example", "AAAA", rcode=rcode)
    assert run.said("mail.mx") == {("unknown", f"dns.{rcode.lower()}")}


def test_a_definite_gap_at_the_best_preference_is_no_doubt_but_one_beside_a_doubt_is() -> None:
    run = mail_domain("10_mx1.example", "20_mx2.example")
    exchange(run, "mx1.example")
    run.answers("mx2.example", "AAAA", rcode="SERVFAIL")
    assert run.said("mail.mx") == {("fail", "mx.v4_only")}
    run = mail_domain("10_mx1.example", "20_mx2.example")
    run.answers("mx1.example", "AAAA", rcode="SERVFAIL")
    exchange(run, "mx2.example")
    assert run.said("mail.mx") == {("unknown", "dns.servfail")}


def test_a_greylisting_server_passes() -> None:
    for reply in ({"code": 450, "ehlo_code": None}, {"ehlo_code": 421, "ehlo_text": "later"}):
        assert mail_server(reply, {}).said("mail.smtp") == {("pass", "ok")}


REFUSAL = {"code": 554, "banner": "no service", "ehlo_code": None, "source": OURS}


def known_as(run: Run, name: str, *forward: str) -> Run:
    run.answers(PTR, "PTR", f"{PTR} PTR {name}.")
    run.answers(name, "AAAA", *forward)
    return run


def test_a_refusal_of_a_host_with_a_confirmed_reverse_name_is_the_servers() -> None:
    run = known_as(mail_server(REFUSAL, {}), "scanner.example", OURS)
    finding = run.one("mail.smtp")
    assert (finding.verdict, finding.reason, finding.args["reply"]) == ("fail", "smtp.rejected", 554)


def test_a_refusal_over_both_families_is_no_ipv6_problem() -> None:
    run = known_as(mail_server(REFUSAL, {"code": 554, "ehlo_code": None}), "scanner.example", OURS)
    assert run.said("mail.smtp") == {("warn", "smtp.rejected")}


def test_a_refusal_may_be_about_us_without_a_confirmed_reverse_name() -> None:
    assert mail_server(REFUSAL, {}).said("mail.smtp") == {("unknown", "vantage.reputation")}
    other = known_as(mail_server(REFUSAL, {}), "scanner.example", "2001:db8::99")
    assert other.said("mail.smtp") == {("unknown", "vantage.reputation")}
    none = mail_server(REFUSAL, {})
    none.answers(PTR, "PTR", rcode="NXDOMAIN")
    assert none.said("mail.smtp") == {("unknown", "vantage.reputation")}


def test_a_refusal_that_names_a_block_list_is_about_us() -> None:
    listed = {"ehlo_code": 550, "ehlo_text": "blocked using zen.spamhaus.example", "source": OURS}
    run = known_as(mail_server(listed, {}), "scanner.example", OURS)
    assert run.said("mail.smtp") == {("unknown", "vantage.reputation")}


def test_a_mute_server_has_no_banner() -> None:
    run = Run.of(system(services=[service("smtp")]))
    run.named()
    run.open(V6, 25)
    run.talk("smtp.greeting", V6, 25, {"app": "smtp", "tls": False}, "no_greeting")
    assert run.said("mail.smtp") == {("fail", "reach.no_banner")}
    assert run.said("mail.starttls") == {("not_applicable", "not.answering")}


@pytest.mark.parametrize(
    ("six", "four", "expected"),
    [
        (True, True, ("pass", "ok")),
        (True, False, ("pass", "ok")),
        (False, True, ("fail", "smtp.starttls_missing")),
        (False, False, ("not_applicable", "ipv4.not_offered")),
    ],
)
def test_starttls_is_compared(six: bool, four: bool, expected: tuple[str, str]) -> None:
    assert mail_server({"starttls": six}, {"starttls": four}).said("mail.starttls") == {expected}


def test_starttls_is_unknown_where_ipv4_is() -> None:
    run = mail_server({"starttls": False})
    run.talk("smtp.greeting", V4, 25, {"app": "smtp", "tls": False}, "slow")
    assert run.said("mail.starttls") == {("unknown", "reach.slow")}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (f"v=spf1_ip6:{V6}_-all", ("pass", "ok")),
        ("v=spf1_ip4:198.51.100.0/24_-all", ("warn", "spf.no_ip6")),
        ("v=spf1_exists:%{i}.example_-all", ("unknown", "spf.unevaluated")),
        ("another", ("not_applicable", "spf.none")),
    ],
)
def test_spf_has_to_cover_the_ipv6_senders(record: str, expected: tuple[str, str]) -> None:
    run = mail_domain("0_.")
    run.answers(DOMAIN, "TXT", f'{DOMAIN} TXT "{record}"')
    assert run.said("mail.spf") == {expected}


def test_without_senders_or_domains_nothing_is_judged() -> None:
    run = Run.of(system(mail_domains=(DOMAIN,)))
    assert run.said("mail.spf") == {("not_applicable", "input.missing")}
    run = Run.of(system(mail_domains=(DOMAIN,), mail_senders=(V4,)))
    assert run.said("mail.spf") == {("not_applicable", "spf.no_sender")}
    assert Run.of(system()).said("mail.mx") == {("not_applicable", "input.missing")}
    assert HELLO["starttls"] is True
