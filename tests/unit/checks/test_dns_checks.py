"""Views, hints, promptness, wildcards, DNS64, reverse names, EUI-64: what each answer amounts to."""

import pytest

from ipv6check.checks.identifiers import hardware
from ipv6check.model.asked_names import sibling
from ipv6check.model.inventory import Endpoint
from tests.unit.checks.every_dns_reason import DEEP, NAME, PUBLIC_SERVER, TCP, hinted, pointer, two_views
from tests.unit.judging_builder import START, V4, V6, Run, host, service, system


def publicly(run: Run, rdtype: str, *records: str, **more: object) -> None:
    run.answers(NAME, rdtype, *records, view="public", server=PUBLIC_SERVER, **more)


def test_two_views_with_the_same_families_agree_though_the_addresses_differ() -> None:
    run = two_views()
    publicly(run, "A", "203.0.113.80")
    publicly(run, "AAAA", "2001:db8:77::80")
    assert run.said("naming.views") == {("pass", "ok")}


def test_a_family_in_one_view_only_is_a_split() -> None:
    run = two_views()
    publicly(run, "A", V4)
    publicly(run, "AAAA")
    finding = run.one("naming.views")
    assert (finding.verdict, finding.reason, finding.vantage) == ("warn", "naming.split_view", None)
    assert (finding.args["with"], finding.args["without"]) == (["view"], ["public"])
    assert run.said("naming.aaaa", host=NAME) >= {("pass", "ok")}


def test_a_name_that_a_view_does_not_have_is_not_split() -> None:
    run = two_views()
    for rdtype in ("A", "AAAA"):
        publicly(run, rdtype, rcode="NXDOMAIN")
    assert run.said("naming.views") == {("not_applicable", "not.published")}


@pytest.mark.parametrize("failure", ["REFUSED", "silence"])
def test_a_view_that_is_not_for_us_is_its_own_vantages_part(failure: str) -> None:
    run = two_views()
    for rdtype in ("A", "AAAA"):
        if failure == "silence":
            run.unanswered(NAME, rdtype, view="public", server=PUBLIC_SERVER)
        else:
            publicly(run, rdtype, rcode=failure)
    assert run.said("naming.views") == {("unknown", "vantage.absent")}
    assert "vantage.resolver_dead" not in {warning.reason for warning in run.facts().warnings}


def test_what_a_vantage_saw_itself_counts_before_what_another_was_told() -> None:
    run = two_views()
    publicly(run, "A", V4)
    publicly(run, "AAAA")
    run.vantage = "internet"
    run.answers(NAME, "A", V4, server=PUBLIC_SERVER)
    run.answers(NAME, "AAAA", V6, server=PUBLIC_SERVER)
    run.vantage = "inside"
    assert run.said("naming.views") == {("pass", "ok")}


def test_that_no_view_has_ipv6_earns_nothing() -> None:
    run = two_views()
    run.observations.clear()
    run.named(aaaa=())
    publicly(run, "A", V4)
    publicly(run, "AAAA")
    assert run.said("naming.views") == {("fail", "reach.no_address")}


def test_another_views_answers_never_stand_for_our_own() -> None:
    run = two_views()
    run.observations.clear()
    publicly(run, "A", V4)
    publicly(run, "AAAA", V6)
    assert ("unknown", "not.asked") in run.said("naming.aaaa")


def test_hints_that_are_published_pass_and_others_warn() -> None:
    assert hinted(f'1 . ipv6hint="{V6}"').said("naming.hints") == {("pass", "ok")}
    stale = hinted(f'1 . alpn="h3" ipv6hint="{V6},2001:db8:10::99"').one("naming.hints")
    assert (stale.verdict, stale.args["hints"]) == ("warn", ["2001:db8:10::99"])


@pytest.mark.parametrize("text", ["0 alias.example.", '1 . alpn="h2"', "1", "garbage", '1 . ipv6hint="x,y"'])
def test_records_without_a_readable_hint_hint_at_nothing(text: str) -> None:
    assert hinted(text).said("naming.hints") == {("not_applicable", "not.declared")}


def test_a_hint_of_another_name_is_held_against_that_names_records() -> None:
    run = hinted('1 pool.example. ipv6hint="2001:db8:10::99"')
    run.answers("pool.example", "AAAA", "2001:db8:10::99")
    assert run.said("naming.hints") == {("pass", "ok")}


@pytest.mark.parametrize(
    ("six", "four", "verdict"), [(0.6, 0.02, "warn"), (0.4, 0.02, "pass"), (1.0, 0.9, "pass")]
)
def test_an_aaaa_answer_is_slow_beside_its_a_answer(six: float, four: float, verdict: str) -> None:
    run = Run.of(system(services=TCP))
    run.answers(NAME, "A", V4, seconds=four)
    run.answers(NAME, "AAAA", V6, seconds=six)
    assert {v for v, _ in run.said("naming.speed")} == {verdict}


def test_a_late_answer_to_an_earlier_try_counts_from_that_try() -> None:
    run = Run.of(system(services=TCP))
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", V6, seconds=0.1, data={"late_try": 1, "late_seconds": 6.1})
    assert run.said("naming.speed") == {("warn", "dns.delay")}


def test_a_sibling_with_the_same_addresses_is_a_wildcard_and_one_with_others_is_not() -> None:
    for address, verdict in ((V6, "warn"), ("2001:db8:10::99", "pass")):
        run = Run.of(system([DEEP], TCP))
        run.named(DEEP)
        run.answers(str(sibling(DEEP, START)), "AAAA", address)
        assert {v for v, _ in run.said("naming.aaaa")} == {verdict}


def test_a_translators_addresses_are_taken_out_and_native_ones_stay() -> None:
    run = Run.of(system(services=TCP))
    run.answers("ipv4only.arpa", "AAAA", "2001:db8:64::c000:aa", "2001:db8:64::c000:ab")
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", "2001:db8:64::c633:6450", V6)
    finding = run.one("naming.aaaa")
    assert (finding.verdict, finding.args["addresses"]) == ("pass", [V6])


def test_only_translated_addresses_are_none() -> None:
    run = Run.of(system(services=TCP))
    run.unanswered("ipv4only.arpa", "AAAA")
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", "64:ff9b::c633:6450")
    run.open(V4, 1521)
    finding = run.one("naming.aaaa")
    assert (finding.verdict, finding.reason, finding.args["prefix"]) == (
        "fail",
        "dns.synthesised",
        "64:ff9b::/96",
    )
    assert run.said("reach.service") == {("fail", "reach.no_address")}


def test_a_published_translators_address_is_published_where_the_resolver_translates_nothing() -> None:
    run = Run.of(system(services=TCP))
    run.answers("ipv4only.arpa", "AAAA")
    run.named(aaaa=("64:ff9b::c633:6450",))
    assert run.said("naming.aaaa") == {("pass", "ok")}
    assert run.said("address.class") == {("fail", "addr.nat64")}


MAIL = [service("smtp", 25)]


@pytest.mark.parametrize(
    ("more", "back", "expected"),
    [
        ({"services": MAIL}, (V6,), ("pass", "ok")),
        ({"services": MAIL}, (), ("fail", "ptr.mismatch")),
        ({"services": TCP}, ("2001:db8:10::99",), ("warn", "ptr.mismatch")),
        ({"services": TCP, "mail_senders": (V6,)}, (), ("fail", "ptr.mismatch")),
        ({"services": TCP, "category": "mail"}, (), ("fail", "ptr.mismatch")),
        ({"services": TCP, "exposure": "internal"}, (), ("warn", "ptr.mismatch")),
    ],
)
def test_a_ptr_record_has_to_lead_back(
    more: dict[str, object], back: tuple[str, ...], expected: tuple[str, str]
) -> None:
    run = Run.of(system(**more))  # type: ignore[arg-type]
    run.named()
    run.pointed(name="host.example")
    run.answers("host.example", "AAAA", *back)
    assert run.said("address.reverse", host=NAME) == {expected}


@pytest.mark.parametrize(
    ("exposure", "zone", "verdict"),
    [
        ("internal", "ip6.arpa", "not_applicable"),
        ("internal", "d.f.ip6.arpa", "not_applicable"),
        ("internal", "8.b.d.0.1.0.0.2.ip6.arpa", "warn"),
        ("internet", "ip6.arpa", "warn"),
    ],
)
def test_a_missing_ptr_record_is_excused_where_nobody_could_make_one(
    exposure: str, zone: str, verdict: str
) -> None:
    run = Run.of(system(services=TCP, exposure=exposure))
    run.named()
    run.answers(pointer(V6), "PTR", rcode="NXDOMAIN", zone=zone)
    assert run.said("address.reverse") == {(verdict, "ptr.missing")}


def test_a_resolver_that_fails_says_nothing_of_ptr_records() -> None:
    run = Run.of(system(services=MAIL))
    run.named()
    run.answers(pointer(V6), "PTR", rcode="SERVFAIL")
    assert run.said("address.reverse") == {("unknown", "dns.servfail")}


@pytest.mark.parametrize(
    ("address", "card"),
    [
        ("2001:db8::21b:21ff:fe00:1", "00-1b-21-00-00-01"),
        ("2001:db8::5054:ff:fe00:1", None),  # QEMU's: locally administered
        ("2001:db8::ff:fe00:1", None),
        ("2001:db8::a1b2:c3ff:fed4:e5f6", None),  # nobody's number
        ("2001:db8::1", None),
    ],
)
def test_a_hardware_address_needs_more_than_two_bytes(address: str, card: str | None) -> None:
    found = hardware(address)
    assert (found[0] if found else None) == card


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        (("203.0.113.53",), ("warn", "resolver.v4_only")),
        (("203.0.113.53", "2001:db8:1::53"), ("pass", "ok")),
    ],
)
def test_the_resolver_has_ipv6_or_not(servers: tuple[str, ...], expected: tuple[str, str]) -> None:
    named = tuple(Endpoint(address, 53) for address in servers)
    run = Run.of(system([host("2001:db8:10::53")], [service("dns")]), resolvers={"view": named})
    for server in named:
        run.answers("x.invalid", "A", rcode="NXDOMAIN", server=server)
    assert run.said("resolver.ipv6") == {expected}


def test_a_validated_answer_is_recorded_as_such() -> None:
    run = Run.of(system(services=TCP))
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", V6, flags=["QR", "RD", "RA", "AD"])
    assert run.one("naming.aaaa").args["dnssec"] == "secure"
