"""http.resources, tls.revocation: foreign hosts are judged by their DNS alone."""

from tests.unit.checks.every_outside_reason import certified, web
from tests.unit.judging_builder import V4, V6, Run, service, system


def said(run: Run, check: str) -> set[tuple[str, str]]:
    return run.said(check)


def test_a_page_that_loads_from_an_ipv4_only_host_is_warned_and_names_it() -> None:
    run = web(hosts=("cdn.example", "ok.example"))
    run.named("cdn.example", aaaa=())
    run.named("ok.example")
    finding = run.one("http.resources")
    assert (finding.verdict, finding.reason) == ("warn", "http.v4_only_resource")
    assert finding.args["hosts"] == ["cdn.example"]


def test_an_ipv4_address_in_the_page_is_a_resource_without_ipv6_and_a_literal() -> None:
    run = web(literals=("198.51.100.9",))
    assert run.one("http.resources").args["hosts"] == ["198.51.100.9"]
    assert run.said("client.ipv4_literal", app="https") == {("warn", "client.literal")}


def test_a_page_whose_hosts_have_ipv6_passes() -> None:
    run = web(hosts=("ok.example",))
    run.named("ok.example")
    assert run.said("http.resources") == {("pass", "ok")}
    assert run.said("client.ipv4_literal") == {("pass", "ok")}


def test_a_host_that_exists_for_nobody_is_not_ipv6s_trouble() -> None:
    run = web(hosts=("gone.example",))
    for rdtype in ("A", "AAAA"):
        run.answers("gone.example", rdtype, rcode="NXDOMAIN")
    assert run.said("http.resources") == {("pass", "ok")}


def test_a_host_with_a_synthesised_address_alone_has_no_ipv6() -> None:
    run = web(hosts=("cdn.example",))
    run.named("cdn.example", aaaa=("64:ff9b::c633:6409",))
    assert run.said("http.resources") == {("warn", "http.v4_only_resource")}


def test_a_resolver_that_fails_leaves_it_unknown() -> None:
    run = web(hosts=("cdn.example",))
    run.answers("cdn.example", "A", V4)
    run.answers("cdn.example", "AAAA", rcode="SERVFAIL")
    assert run.said("http.resources") == {("unknown", "dns.servfail")}


def test_a_host_nobody_asked_about_is_unknown() -> None:
    assert web(hosts=("cdn.example",)).said("http.resources") == {("unknown", "not.asked")}


def test_an_answer_without_html_is_no_page() -> None:
    run = Run.of(system(services=[service("https")]))
    run.named()
    run.open(V6)
    run.page(V6)
    assert run.said("http.resources") == {("not_applicable", "http.not_a_page")}


def test_revocation_hosts_without_ipv6_are_named() -> None:
    run = certified("ocsp.example", "crl.example")
    run.named("ocsp.example", aaaa=())
    run.named("crl.example")
    finding = run.one("tls.revocation")
    assert (finding.verdict, finding.reason) == ("warn", "tls.revocation_v4_only")
    assert finding.args["hosts"] == ["ocsp.example"]


def test_revocation_hosts_with_ipv6_pass() -> None:
    run = certified("ocsp.example")
    run.named("ocsp.example")
    assert run.said("tls.revocation") == {("pass", "ok")}


def test_a_certificate_without_revocation_hosts_has_nothing_to_look_up() -> None:
    assert certified().said("tls.revocation") == {("not_applicable", "tls.no_revocation")}


def test_without_a_handshake_the_certificate_is_not_judged() -> None:
    run = Run.of(system(services=[service("https")]))
    run.named()
    run.closed(V6)
    run.open(V4)
    assert run.said("tls.revocation") == {("not_applicable", "not.answering")}


def test_a_system_without_an_ipv6_address_fails_under_its_naming_finding() -> None:
    run = Run.of(system(services=[service("https")]))
    run.named(aaaa=())
    run.open(V4)
    for check in ("http.resources", "tls.revocation", "client.happy_eyeballs", "v6only.ready"):
        finding = run.one(check)
        assert (finding.verdict, finding.reason) == ("fail", "reach.no_address")
        assert finding.root is not None
