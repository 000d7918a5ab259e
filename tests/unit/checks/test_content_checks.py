"""http.content and http.headers: another page, other headers, and what is no page at all."""

from typing import Any

import pytest

from tests.unit.judging_builder import V4, V6, Run, service, system

PAGE = "<title>Cổng</title><h1>Cổng thông tin</h1><p>Tin tức và thủ tục hành chính của tỉnh"
OTHER = "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page"
CHECKS = ("http.content", "http.headers")


def web(six: dict[str, Any], four: dict[str, Any], again: dict[str, Any] | None = None) -> Run:
    run = Run.of(system(services=[service("https")]))
    run.named()
    for address in (V6, V4):
        run.open(address)
        run.tls(address, ["AA=="])
    run.page(V6, **six)
    run.page(V4, **four)
    run.page(V4, **(four if again is None else again), fetch=2)
    return run


def test_the_same_page_passes() -> None:
    run = web({"body": PAGE + " 10:01:02"}, {"body": PAGE + " 10:01:01"})
    assert run.said("http.content") == {("pass", "ok")}
    assert run.said("http.headers") == {("pass", "ok")}


def test_another_page_fails_though_the_status_is_the_same() -> None:
    run = web({"body": OTHER}, {"body": PAGE})
    assert run.said("http.status") == {("pass", "ok")}
    finding = run.one("http.content")
    assert (finding.verdict, finding.reason) == ("fail", "http.content_differs")
    assert (finding.args["title"], finding.args["own"]) == ("Welcome to nginx!", 100)


@pytest.mark.parametrize(("six", "four"), [(403, 200), (200, 404), (503, 503), (404, 404), (302, 200)])
def test_errors_are_no_pages_to_compare(six: int, four: int) -> None:
    run = web({"status": six}, {"status": four})
    assert run.said("http.content") == {("not_applicable", "http.no_page")}


def test_without_ipv4_there_is_nothing_to_compare() -> None:
    run = Run.of(system(services=[service("https")]))
    run.named(a=())
    run.open(V6)
    run.tls(V6, ["AA=="])
    run.page(V6)
    for check in CHECKS:
        assert run.said(check) == {("not_applicable", "ipv4.not_offered")}


def test_an_ipv4_that_is_unknown_leaves_the_comparison_unknown() -> None:
    run = web({"body": PAGE}, {"word": "slow"})
    for check in CHECKS:
        assert run.said(check) == {("unknown", "reach.slow")}


def test_a_throttled_ipv6_is_unknown() -> None:
    run = web({"status": 429}, {"body": PAGE})
    for check in CHECKS:
        assert run.said(check) == {("unknown", "http.throttled")}


def test_a_difference_is_only_said_with_two_fetches_over_ipv4() -> None:
    assert web({"body": OTHER}, {"body": PAGE}, {"status": 429}).said("http.content") == {
        ("unknown", "http.throttled")
    }
    assert web({"body": PAGE}, {"body": PAGE}, {"status": 429}).said("http.content") == {("pass", "ok")}


def test_the_profile_says_how_alike_is_enough() -> None:
    run = web({"body": PAGE}, {"body": f"{PAGE} và các xã phường"})
    assert run.said("http.content") == {("fail", "http.content_differs")}
    (finding,) = [f for f in run.findings(least_alike=0.5) if f.check == "http.content"]
    assert finding.verdict == "pass"


HSTS = ["Strict-Transport-Security", "max-age=31536000"]
CSP = "default-src 'self'; script-src 'nonce-{}'"


@pytest.mark.parametrize(
    ("six", "four", "differs"),
    [
        ([HSTS], [HSTS], []),
        ([["strict-transport-security", " MAX-AGE=31536000 "]], [HSTS], []),
        ([], [HSTS], ["strict-transport-security"]),
        ([HSTS], [], ["strict-transport-security"]),
        ([["x-frame-options", "DENY"]], [["x-frame-options", "SAMEORIGIN"]], ["x-frame-options"]),
        (
            [["content-security-policy", CSP.format("a1")]],
            [["content-security-policy", CSP.format("b2")]],
            [],
        ),
        ([["server", "nginx"]], [["server", "haproxy"]], []),
        ([["x-frame-options", "a"], ["X-Frame-Options", "b"]], [["x-frame-options", "a, b"]], []),
        ([7, ["x-frame-options"], ["x-frame-options", 7]], [], []),
    ],
)
def test_security_headers_are_compared_by_name_and_value(
    six: list[Any], four: list[Any], differs: list[str]
) -> None:
    finding = web({"headers": six}, {"headers": four}).one("http.headers")
    assert finding.args.get("headers", []) == differs
    assert finding.verdict == ("warn" if differs else "pass")


def test_a_header_that_ipv4_itself_varies_is_not_compared() -> None:
    run = web({"headers": []}, {"headers": [HSTS]}, {"headers": []})
    assert run.said("http.headers") == {("pass", "ok")}
