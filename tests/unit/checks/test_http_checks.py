"""http.status and http.healthy: status, redirects and final place, over one family beside the other."""

from typing import Any

import pytest

from ipv6check.model.inventory import Service
from tests.unit.judging_builder import V4, V6, Run, service, system

NAME = "www.example"


def web(one: Service | None = None) -> Run:
    run = Run.of(system(services=[one or service("https")]))
    run.named()
    run.open(V6)
    run.open(V4)
    for address in (V6, V4):
        run.tls(address, ["AA=="])
    return run


def four(run: Run, status: int = 200, location: str | None = None, **more: Any) -> None:
    for fetch in (1, 2):
        run.page(V4, status, location, fetch=fetch, **more)


def test_the_same_page_on_both_families_passes() -> None:
    run = web()
    run.pages()
    assert run.said("http.status") == {("pass", "ok")}
    assert run.said("http.healthy") == {("pass", "ok")}


@pytest.mark.parametrize(("location", "verdict"), [(None, "pass"), ("https://www.example/", "fail")])
def test_a_port_a_family_is_the_same_place_unless_a_redirect_leaves_it(
    location: str | None, verdict: str
) -> None:
    """8443 over IPv4 and 9443 over IPv6, as declared; then IPv6 sends its visitors to 443."""
    run = Run.of(system(services=[service("https", {4: 8443, 6: 9443})]))
    run.named()
    run.open(V6, 9443)
    run.open(V4, 8443)
    run.page(V6, 302 if location else 200, location, port=9443)
    run.page(V6, port=443, hop=1)
    for fetch in (1, 2):
        run.page(V4, port=8443, fetch=fetch)
    assert run.one("http.status").verdict == verdict


@pytest.mark.parametrize(("four_", "six"), [(200, 403), (200, 404), (200, 500), (401, 200), (200, 204)])
def test_another_status_over_ipv6_fails(four_: int, six: int) -> None:
    run = web()
    run.pages(four_, six)
    finding = run.one("http.status")
    assert (finding.verdict, finding.reason) == ("fail", "http.status_differs")
    assert (finding.args["status"], finding.args["ipv4_status"]) == (six, four_)
    assert run.said("http.healthy") == {("pass", "ok")}


@pytest.mark.parametrize(("four_", "six"), [(503, 503), (502, 504)])
def test_errors_on_both_families_are_no_difference_but_no_health(four_: int, six: int) -> None:
    run = web()
    run.pages(four_, six)
    assert run.said("http.status") == {("not_applicable", "http.error")}
    assert run.said("http.healthy") == {("fail", "http.error")}


def test_the_same_client_error_on_both_families_passes_both_checks() -> None:
    run = web()
    run.pages(404, 404)
    assert run.said("http.status") == {("pass", "ok")}
    assert run.said("http.healthy") == {("pass", "ok")}


def test_an_expected_status_decides_health() -> None:
    run = web(service("https", expect_status=401))
    run.pages(401, 401)
    assert run.said("http.healthy") == {("pass", "ok")}
    other = web(service("https", expect_status=401))
    other.pages(200, 200)
    assert other.said("http.healthy") == {("fail", "http.error")}


def test_redirects_to_the_same_place_pass() -> None:
    run = web()
    run.page(V6, 302, "/home")
    run.page(V6, path="/home", hop=1)
    four(run, 302, "https://www.example/home?session=1")
    for fetch in (1, 2):
        run.page(V4, path="/home?session=1", hop=1, fetch=fetch)
    assert run.said("http.status") == {("pass", "ok")}


def test_hosts_without_a_name_end_at_their_own_literals() -> None:
    run = Run.of(system([V6, V4], [service("http")]))
    for address in (V6, V4):
        run.open(address, 80)
        for fetch in (1, 2):
            run.page(address, port=80, name=None, tls=False, fetch=fetch)
    assert run.said("http.status") == {("pass", "ok")}


def test_redirects_to_different_places_differ() -> None:
    run = web()
    run.page(V6, 302, "/maintenance")
    run.page(V6, path="/maintenance", hop=1)
    four(run, 302, "/home")
    for fetch in (1, 2):
        run.page(V4, path="/home", hop=1, fetch=fetch)
    finding = run.one("http.status")
    assert (finding.reason, finding.args["place"]) == (
        "http.status_differs",
        "https://www.example/maintenance",
    )


def test_a_path_in_which_ipv4_differs_from_itself_says_nothing() -> None:
    run = web()
    for address, fetch, session in ((V6, 1, "c"), (V4, 1, "a"), (V4, 2, "b")):
        run.page(address, 302, f"/s/{session}", fetch=fetch)
        run.page(address, path=f"/s/{session}", hop=1, fetch=fetch)
    assert run.said("http.status") == {("pass", "ok")}


def test_a_status_in_which_ipv4_differs_from_itself_is_no_difference() -> None:
    run = web()
    run.page(V6, 404)
    run.page(V4, 200, fetch=1)
    run.page(V4, 404, fetch=2)
    assert run.said("http.status") == {("pass", "ok")}


def test_a_redirect_to_itself_is_a_loop() -> None:
    run = web()
    run.page(V6, 302, "/")
    four(run)
    assert run.said("http.status") == {("fail", "http.redirect_loop")}


def test_a_loop_over_two_places_is_found() -> None:
    run = web()
    run.page(V6, 302, "/a")
    run.page(V6, 302, "/", path="/a", hop=1)
    four(run)
    assert run.said("http.status") == {("fail", "http.redirect_loop")}


def test_more_than_five_redirects_are_a_loop() -> None:
    run = web()
    for hop in range(6):
        run.page(V6, 302, f"/{hop + 1}", path=f"/{hop}" if hop else "/", hop=hop)
    four(run)
    assert run.said("http.status") == {("fail", "http.redirect_loop")}


def test_a_loop_on_both_families_only_warns() -> None:
    run = web()
    run.page(V6, 302, "/")
    four(run, 302, "/")
    finding = run.one("http.status")
    assert (finding.verdict, finding.reason, finding.args["both"]) == ("warn", "http.redirect_loop", True)


def test_a_redirect_to_an_ipv4_literal_fails() -> None:
    run = web()
    run.page(V6, 302, f"https://{V4}/")
    four(run)
    finding = run.one("http.status")
    assert (finding.reason, finding.args["where"]) == ("http.ipv4_literal", V4)


def test_a_redirect_to_a_host_without_ipv6_leaves_it() -> None:
    run = web()
    run.page(V6, 302, "https://login.example/")
    run.answers("login.example", "AAAA")
    four(run)
    finding = run.one("http.status")
    assert (finding.reason, finding.args["where"]) == ("http.redirect_leaves_ipv6", "login.example")


def test_a_redirect_to_a_host_whose_aaaa_is_unknown_is_unknown() -> None:
    run = web()
    run.page(V6, 302, "https://login.example/")
    run.answers("login.example", "AAAA", rcode="SERVFAIL")
    four(run)
    assert run.said("http.status") == {("unknown", "dns.servfail")}


def test_a_redirect_out_of_scope_is_unknown_unless_ipv4_ends_there_too() -> None:
    run = web()
    run.page(V6, 302, "https://login.example/")
    run.answers("login.example", "AAAA", "2a00:1450::1")
    run.answers("login.example", "A", "8.8.8.8")
    four(run)
    assert run.said("http.status") == {("unknown", "scope.outside")}
    both = web()
    both.page(V6, 302, "https://login.example/")
    four(both, 302, "https://login.example/")
    both.answers("login.example", "AAAA", "2a00:1450::1")
    both.answers("login.example", "A", "8.8.8.8")
    assert both.said("http.status") == {("pass", "ok")}


def test_a_redirect_from_http_to_a_closed_https_leaves_ipv6() -> None:
    run = Run.of(system(services=[service("http")]))
    run.named()
    for address in (V6, V4):
        run.open(address, 80)
    run.page(V6, 301, "https://www.example/", port=80, tls=False)
    run.closed(V6, 443)
    run.open(V4, 443)
    four(run, 301, "https://www.example/", port=80, tls=False)
    for fetch in (1, 2):
        run.page(V4, hop=1, fetch=fetch)
    assert run.said("http.status") == {("fail", "http.redirect_leaves_ipv6")}


def test_a_redirect_to_another_host_is_followed_at_its_address() -> None:
    run = web()
    run.page(V6, 302, "https://login.example/in")
    run.answers("login.example", "AAAA", "2001:db8:10::90")
    run.open("2001:db8:10::90")
    run.page("2001:db8:10::90", path="/in", hop=1, name="login.example")
    four(run, 302, "https://login.example/in")
    run.answers("login.example", "A", "198.51.100.90")
    for fetch in (1, 2):
        run.page("198.51.100.90", path="/in", hop=1, name="login.example", fetch=fetch)
    assert run.said("http.status") == {("pass", "ok")}


@pytest.mark.parametrize(
    "location", [None, "", "javascript:alert(1)", "http://[::bad", "x" * 5000, "http://h:99999/"]
)
def test_a_redirect_to_nowhere_is_the_end_of_the_way(location: str | None) -> None:
    run = web()
    run.page(V6, 302, location)
    four(run, 302, location)
    assert run.said("http.status") <= {
        ("pass", "ok"),
        ("fail", "http.redirect_loop"),
        ("warn", "http.redirect_loop"),
    }


def test_a_limit_on_our_asking_is_unknown() -> None:
    run = web()
    run.pages(200, 429)
    assert run.said("http.status") == {("unknown", "http.throttled")}
    assert run.said("http.healthy") == {("pass", "ok")}


def test_forbidden_from_the_start_is_the_servers_rule_and_no_limit() -> None:
    run = web()
    run.pages(200, 403)
    assert run.said("http.status") == {("fail", "http.status_differs")}


def test_forbidden_after_a_better_answer_to_the_same_question_is_a_limit() -> None:
    run = web()
    run.page(V6, 200, hop=3)
    run.page(V6, 403)
    four(run)
    assert run.said("http.status") == {("unknown", "http.throttled")}


def test_an_address_that_turns_all_later_questions_away_limits_us() -> None:
    run = web()
    run.page(V6, 200, name="first.example")
    for name in ("second.example", "third.example"):
        run.page(V6, 403, name=name)
    run.page(V6, 403)
    four(run)
    assert run.said("http.status") == {("unknown", "http.throttled")}


def test_one_forbidden_site_among_others_that_still_answer_is_its_own_rule() -> None:
    run = web()
    run.page(V6, 200, name="first.example")
    run.page(V6, 403)
    run.page(V6, 200, name="last.example")
    four(run)
    assert run.said("http.status") == {("fail", "http.status_differs")}


def test_a_redirect_before_a_refusal_is_no_better_answer() -> None:
    run = web()
    run.page(V6, 302, "/login")
    run.page(V6, 403, path="/login", hop=1)
    four(run)
    assert run.said("http.status") == {("fail", "http.status_differs")}


def test_mutual_tls_is_not_compared() -> None:
    run = web()
    run.page(V6, 400, client_certificate=True)
    four(run, 400, client_certificate=True)
    assert run.said("http.status") == {("not_applicable", "http.client_certificate")}
    alert = web()
    alert.page(V6, word="tls_alert", alert="certificate_required", client_certificate=True)
    for fetch in (1, 2):
        alert.page(V4, word="tls_alert", alert="certificate_required", client_certificate=True, fetch=fetch)
    assert alert.said("http.status") == {("not_applicable", "http.client_certificate")}


def test_a_page_that_breaks_off_is_the_services_finding_not_a_difference() -> None:
    from ipv6check.model.identity import finding_id

    run = web()
    run.page(V6, word="eof")
    four(run)
    finding = run.one("http.status")
    assert (finding.verdict, finding.reason) == ("not_applicable", "not.answering")
    assert finding.root == finding_id(run.one("reach.service"))
    assert run.said("reach.service") == {("fail", "reach.no_banner")}


def test_a_slow_page_is_unknown() -> None:
    run = web()
    run.page(V6, word="slow")
    four(run)
    assert run.said("http.status") == {("unknown", "reach.slow")}


def test_without_ipv4_the_faults_of_ipv6_are_still_found() -> None:
    run = Run.of(system(services=[service("https")]))
    run.named(a=())
    run.open(V6)
    run.page(V6, 302, "/")
    assert run.said("http.status") == {("fail", "http.redirect_loop")}
    sound = Run.of(system(services=[service("https")]))
    sound.named(a=())
    sound.open(V6)
    sound.page(V6)
    assert sound.said("http.status") == {("not_applicable", "ipv4.not_offered")}


def test_ipv6_alone_with_errors_is_unhealthy_and_unknown_while_ipv4_is() -> None:
    run = Run.of(system(services=[service("https")]))
    run.named(a=())
    run.open(V6)
    run.page(V6, 503)
    assert run.said("http.healthy") == {("fail", "http.error")}
    unseen = web()
    unseen.page(V6, 503)
    for fetch in (1, 2):
        unseen.page(V4, word="overloaded", fetch=fetch)
    assert unseen.said("http.healthy") == {("unknown", "vantage.overloaded")}


def test_another_sites_page_on_the_same_address_is_not_this_ones() -> None:
    run = web()
    run.page(V6, 500, name="other.example")
    run.pages()
    assert run.said("http.status") == {("pass", "ok")}


def test_two_literals_without_a_name_are_the_same_place_unless_one_is_sent_elsewhere() -> None:
    run = Run.of(system([V6, V4], [service("http", 80)]))
    for address in (V6, V4):
        run.open(address, 80)
        for fetch in (1,) if address == V6 else (1, 2):
            run.page(address, port=80, name=None, tls=False, fetch=fetch)
    assert run.said("http.status") == {("pass", "ok")}
    run = Run.of(system([V6, V4], [service("http", 80)]))
    for address in (V6, V4):
        run.open(address, 80)
        for fetch in (1,) if address == V6 else (1, 2):
            location = "http://other.example/" if address == V6 else None
            status = 302 if location else 200
            run.page(address, status, location, port=80, name=None, tls=False, fetch=fetch)
    assert ("pass", "ok") not in run.said("http.status")
