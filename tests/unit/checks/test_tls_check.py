"""tls.valid: each defect of a certificate over IPv6, alone and shared with IPv4, and hostile bytes."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.checks.small_authority import authority, encoded, issue
from tests.unit.judging_builder import START, V4, V6, Run, host, service, system

NAME = "www.example"
DAY = timedelta(days=1)


def web(roots: bytes | None = None, **more: Any) -> Run:
    run = Run.of(system(services=[service("https")]), **more)
    run.roots = (authority().pem if roots is None else roots,)
    run.named()
    run.open(V6)
    run.open(V4)
    return run


def judged(six: list[str], four: list[str] | None = None, **more: Any) -> tuple[str, str]:
    run = web(**more)
    run.tls(V6, six)
    run.tls(V4, authority().chain(NAME) if four is None else four)
    finding = run.one("tls.valid")
    return finding.verdict, finding.reason


DEFECTS = {
    "tls.expired": lambda: authority().chain(NAME, end=START - DAY),
    "tls.not_yet_valid": lambda: authority().chain(NAME, begin=START + DAY),
    "tls.wrong_name": lambda: authority().chain("other.example"),
    "tls.untrusted": lambda: [encoded(issue(NAME, names=(NAME,)).certificate)],
}


def test_a_valid_certificate_passes() -> None:
    assert judged(authority().chain(NAME)) == ("pass", "ok")


def test_two_different_valid_certificates_are_fine() -> None:
    assert judged(authority().chain(NAME), authority().chain(NAME, "alt.example")) == ("pass", "ok")


@pytest.mark.parametrize("code", DEFECTS)
def test_a_defect_of_ipv6_alone_fails(code: str) -> None:
    assert judged(DEFECTS[code]()) == ("fail", code)


@pytest.mark.parametrize("code", DEFECTS)
def test_a_defect_that_ipv4_shares_only_warns(code: str) -> None:
    run = web()
    chain = DEFECTS[code]()
    run.tls(V6, chain)
    run.tls(V4, chain)
    finding = run.one("tls.valid")
    assert (finding.verdict, finding.reason, finding.args["both"]) == ("warn", code, True)


def test_of_two_defects_the_one_that_ipv4_does_not_share_decides() -> None:
    six = authority().chain("other.example", end=START - DAY)
    four = authority().chain(NAME, end=START - DAY)
    assert judged(six, four) == ("fail", "tls.wrong_name")


def test_a_certificate_that_ends_soon_warns_and_the_profile_says_when() -> None:
    run = web()
    run.tls(V6, authority().chain(NAME, end=START + 20 * DAY))
    run.tls(V4, authority().chain(NAME))
    assert run.said("tls.valid") == {("warn", "tls.expires_soon")}
    (finding,) = [f for f in run.findings(expires_soon_days=7) if f.check == "tls.valid"]
    assert finding.verdict == "pass"


def test_a_missing_intermediate_that_ipv4_presents_makes_the_chain_incomplete() -> None:
    assert judged(authority().chain(NAME, whole=False)) == ("fail", "tls.incomplete_chain")


def test_a_missing_intermediate_that_trust_holds_makes_the_chain_incomplete() -> None:
    chain = authority().chain(NAME, whole=False)
    said = judged(chain, [], trust_pem=authority().intermediate_pem)
    assert said == ("fail", "tls.incomplete_chain")


def test_a_missing_intermediate_that_nobody_shows_is_untrusted() -> None:
    chain = authority().chain(NAME, whole=False)
    assert judged(chain, chain) == ("warn", "tls.untrusted")
    assert judged(chain, []) == ("fail", "tls.untrusted")


def test_the_inventorys_own_roots_are_trusted() -> None:
    assert judged(authority().chain(NAME), roots=b"", trust_pem=authority().pem) == ("pass", "ok")


def test_without_any_roots_nothing_can_be_said() -> None:
    assert judged(authority().chain(NAME), roots=b"") == ("unknown", "tls.no_roots")


def test_an_expired_intermediate_is_an_expired_chain() -> None:
    root = authority().root
    middle = issue("Old Intermediate", root, ca=True, end=START - DAY)
    leaf = issue(NAME, middle, names=(NAME,))
    chain = [encoded(leaf.certificate), encoded(middle.certificate)]
    assert judged(chain) == ("fail", "tls.expired")


def test_the_time_is_that_of_the_run_and_no_other() -> None:
    run = web()
    run.tls(V6, authority().chain(NAME, begin=START - 2 * DAY, end=START + timedelta(hours=1)))
    run.tls(V4, authority().chain(NAME))
    assert run.said("tls.valid") == {("warn", "tls.expires_soon")}


def literals(chain: list[str]) -> Run:
    run = Run.of(system([host(V6), host(V4)], [service("https")]))
    run.roots = (authority().pem,)
    run.open(V6)
    run.open(V4)
    run.tls(V6, chain, name=None)
    run.tls(V4, authority().chain(NAME), name=None)
    return run


def test_without_a_name_there_is_nothing_to_compare() -> None:
    assert literals(authority().chain(NAME)).said("tls.valid") == {("not_applicable", "tls.wrong_name")}


def test_without_a_name_a_certificate_for_the_address_passes() -> None:
    assert literals(authority().chain(addresses=(V6,))).said("tls.valid") == {("pass", "ok")}


def test_without_a_name_an_expired_certificate_is_still_expired() -> None:
    run = literals(authority().chain(NAME, end=START - DAY))
    assert run.said("tls.valid") == {("fail", "tls.expired")}


def test_a_handshake_that_ends_in_an_alert_fails_and_the_service_answers() -> None:
    run = web()
    run.tls(V6, word="tls_alert", alert="handshake_failure")
    run.tls(V4, authority().chain(NAME))
    assert run.said("tls.valid") == {("fail", "tls.handshake")}
    assert run.said("reach.service") == {("pass", "ok")}


def test_an_alert_on_both_families_warns() -> None:
    run = web()
    for address in (V6, V4):
        run.tls(address, word="tls_alert", alert="protocol_version")
    assert run.said("tls.valid") == {("warn", "tls.handshake")}


def test_a_demand_for_a_client_certificate_is_no_failure() -> None:
    run = web()
    for address in (V6, V4):
        run.tls(address, word="tls_alert", alert="certificate_required", client_certificate=True)
    assert run.said("tls.valid") == {("not_applicable", "http.client_certificate")}


def test_plain_text_on_a_tls_port_is_another_protocol_and_no_second_fail() -> None:
    run = web()
    run.tls(V6, word="protocol", excerpt="HTTP/1.1 400")
    run.tls(V4, authority().chain(NAME))
    assert run.said("reach.service") == {("fail", "reach.protocol")}
    finding = run.one("tls.valid")
    assert (finding.verdict, finding.reason) == ("not_applicable", "not.answering")
    assert finding.root is not None


@pytest.mark.parametrize(
    ("word", "said"),
    [("slow", ("unknown", "reach.slow")), ("overloaded", ("unknown", "vantage.overloaded"))],
)
def test_a_handshake_that_could_not_be_held_is_unknown(word: str, said: tuple[str, str]) -> None:
    run = web()
    run.tls(V6, word=word)
    assert run.said("tls.valid") == {said}


def test_a_handshake_nobody_asked_for_is_unknown() -> None:
    assert web().said("tls.valid") == {("unknown", "not.asked")}


def test_a_closed_port_has_no_certificate_and_the_finding_follows_the_reach() -> None:
    from ipv6check.model.identity import finding_id

    run = Run.of(system(services=[service("https")]))
    run.named()
    run.closed(V6)
    run.open(V4)
    finding = run.one("tls.valid")
    assert (finding.verdict, finding.reason) == ("not_applicable", "not.answering")
    assert finding.root == finding_id(run.one("reach.service"))


def test_what_another_name_shows_on_the_same_address_is_not_this_ones() -> None:
    run = web()
    run.tls(V6, authority().chain("other.example", end=START - DAY), name="other.example")
    run.tls(V6, authority().chain(NAME))
    run.tls(V4, authority().chain(NAME))
    assert run.said("tls.valid") == {("pass", "ok")}


def test_the_worst_of_several_addresses_counts() -> None:
    second = "2001:db8:10::81"
    run = Run.of(system(services=[service("https")]))
    run.roots = (authority().pem,)
    run.named(aaaa=(V6, second))
    for address in (V6, second, V4):
        run.open(address)
        end = START - DAY if address == second else START + 300 * DAY
        run.tls(address, authority().chain(NAME, end=end))
    finding = run.one("tls.valid")
    assert (finding.reason, finding.target.address) == ("tls.expired", second)


HOSTILE = [
    "not base64 at all!",
    "",
    base64.b64encode(b"").decode(),
    base64.b64encode(b"\x30\x82\xff\xff").decode(),
    base64.b64encode(b"\x30\x03\x02\x01\x01").decode(),
    base64.b64encode(bytes(100_000)).decode(),
    "\u202e\x00\x1b[2J",
]


@pytest.mark.parametrize("leaf", HOSTILE)
def test_bytes_that_are_no_certificate_are_unknown_and_crash_nothing(leaf: str) -> None:
    run = web()
    run.tls(V6, [leaf])
    run.tls(V4, authority().chain(NAME))
    finding = run.one("tls.valid")
    assert (finding.verdict, finding.reason) == ("unknown", "tls.unparsed")
    assert "unparsed certificate" in str(finding.args["detail"])


def test_a_broken_certificate_above_a_good_leaf_is_as_good_as_absent() -> None:
    leaf, intermediate = authority().chain(NAME)
    assert judged([leaf, HOSTILE[0], intermediate]) == ("pass", "ok")


@pytest.mark.parametrize("cut", [10, 100, 300])
def test_a_leaf_cut_short_is_unknown(cut: int) -> None:
    leaf = base64.b64encode(base64.b64decode(authority().chain(NAME)[0])[:cut]).decode()
    assert judged([leaf]) == ("unknown", "tls.unparsed")


def test_a_name_with_ten_thousand_others_stays_bounded() -> None:
    names = tuple(f"n{n}.example" for n in range(10_000))
    run = web()
    leaf = issue("many", authority().intermediate, names=names).certificate
    run.tls(V6, [encoded(leaf), *authority().chain(NAME)[1:]])
    run.tls(V4, authority().chain(NAME))
    finding = run.one("tls.valid")
    assert finding.reason in ("tls.wrong_name", "tls.unparsed")
    assert len(str(finding.args)) < 2000
