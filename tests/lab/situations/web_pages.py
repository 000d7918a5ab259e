"""Pages that differ between the families: statuses, redirects, and what stands before a page."""

from __future__ import annotations

from typing import Any

from tests.lab.certificates import LabAuthority
from tests.lab.servers import Site
from tests.lab.situation import NO_DOUBT, NO_FAIL, NO_WARN, Expect, Situation
from tests.lab.situations.reach import v4, v6
from tests.lab.situations.web import PAGE, _https, _pages, _require, _status


def pages(ca: LabAuthority) -> tuple[Situation, ...]:
    """Return the situations of answers that differ between the families."""
    return (_same_page(ca), *_statuses(ca), *_redirects(ca), *_before_the_page(ca))


def _returning(ca: LabAuthority, number: int, identifier: str, six: str, four: str = PAGE) -> dict[str, Any]:
    pair = ca.leaf(f"{identifier}.lab.example")
    return {"system": _https(number, identifier), "sites": _pages(number, pair, six, four)}


def _same_page(ca: LabAuthority) -> Situation:
    return Situation(
        id="same-page",
        row="1",
        about="the same page over both families",
        **_returning(ca, 50, "same-page", PAGE),
        must=(
            *(
                Expect(check, "pass")
                for check in ("tls.valid", "http.status", "http.healthy", "reach.service")
            ),
            Expect("parity.service", "pass"),
        ),
        must_not=(
            *(NO_FAIL, NO_WARN, NO_DOUBT),
            *(Expect(reason=reason) for reason in ("http.no_page", "http.not_a_page")),
            Expect(reason="http.client_certificate"),
        ),
        reality=_status(50, "200", "200"),
    )


def _statuses(ca: LabAuthority) -> tuple[Situation, ...]:
    """Return the situations of a status that one family has, or both."""
    return (
        Situation(
            id="v6-forbidden",
            row="38",
            about="403 over IPv6, 200 over IPv4",
            **_returning(ca, 51, "v6-forbidden", "return 403;"),
            must=(Expect("http.status", "fail", "http.status_differs"), Expect("reach.service", "pass")),
            must_not=(Expect("http.healthy", "fail"), Expect(reason="http.throttled")),
            reality=_status(51, "403", "200"),
        ),
        Situation(
            id="both-503",
            row="39",
            about="503 over both families",
            **_returning(ca, 52, "both-503", "return 503;", "return 503;"),
            must=(
                Expect("http.healthy", "fail", "http.error"),
                Expect("http.status", "not_applicable"),
                Expect("http.content", "not_applicable", "http.no_page"),
            ),
            must_not=(Expect("http.status", "fail"), Expect("reach.service", "fail")),
            reality=_status(52, "503", "503"),
        ),
        Situation(
            id="throttled",
            about="429 over IPv6",
            **_returning(ca, 57, "throttled", "return 429;"),
            must=(
                Expect("http.status", "unknown", "http.throttled"),
                Expect("http.content", "unknown", "http.throttled"),
            ),
            must_not=(Expect("http.status", "fail"), Expect("http.healthy", "fail")),
            reality=_status(57, "429", "200"),
        ),
        Situation(
            id="expected-status",
            about="401 where 401 is expected",
            system=_https(60, "expected-status", services=[{"app": "https", "expect_status": 401}]),
            sites=_pages(60, ca.leaf("expected-status.lab.example"), "return 401;", "return 401;"),
            must=(Expect("http.healthy", "pass"), Expect("http.status", "pass")),
            must_not=(NO_FAIL,),
            reality=_status(60, "401", "401"),
        ),
    )


def _redirects(ca: LabAuthority) -> tuple[Situation, ...]:
    """Return the situations of redirects."""
    return (
        Situation(
            id="v6-loop",
            row="40",
            about="a redirect loop over IPv6",
            **_returning(ca, 53, "v6-loop", "return 302 /again;"),
            must=(Expect("http.status", "fail", "http.redirect_loop"),),
            must_not=(Expect(reason="http.ipv4_literal"), Expect(reason="http.status_differs")),
            reality=_status(53, "302", "200"),
        ),
        Situation(
            id="v6-literal",
            about="IPv6 redirects to an IPv4 literal",
            **_returning(ca, 54, "v6-literal", f"return 302 https://{v4(54)}/;"),
            must=(Expect("http.status", "fail", "http.ipv4_literal"),),
            must_not=(Expect(reason="http.redirect_loop"),),
            reality=_status(54, "302", "200"),
        ),
        Situation(
            id="v6-leaves",
            about="IPv6 redirects to a host that has IPv4 only",
            zone=f"leaves-to A {v4(55)}",
            **_returning(ca, 55, "v6-leaves", "return 302 https://leaves-to.lab.example/;"),
            must=(Expect("http.status", "fail", "http.redirect_leaves_ipv6"),),
            must_not=(Expect(reason="http.redirect_loop"), Expect(reason="http.ipv4_literal")),
            reality=_status(55, "302", "200"),
        ),
        Situation(
            id="same-redirect",
            about="both families redirect to the same page",
            **_returning(
                ca,
                *(56, "same-redirect"),
                *(["location = / { return 302 /home; } location / { return 200 'home'; }"] * 2),
            ),
            must=(Expect("http.status", "pass"), Expect("http.healthy", "pass")),
            must_not=(NO_FAIL,),
            reality=_status(56, "302", "302"),
        ),
    )


def _before_the_page(ca: LabAuthority) -> tuple[Situation, ...]:
    """Return the situations in which nobody gets as far as a page."""
    return (
        Situation(
            id="mutual-tls",
            about="a client certificate is demanded",
            system=_https(58, "mutual-tls"),
            sites=tuple(
                Site(
                    listen=((address, 443),),
                    certificate=ca.leaf("mutual-tls.lab.example"),
                    extra=f"ssl_verify_client on; ssl_client_certificate {ca.root_file};",
                )
                for address in (v6(58), v4(58))
            ),
            must=(
                Expect("http.status", "not_applicable", "http.client_certificate"),
                Expect("http.content", "not_applicable", "http.client_certificate"),
                Expect("tls.valid", "pass"),
            ),
            must_not=(NO_FAIL,),
            reality=_status(58, "400", "400"),
        ),
        Situation(
            id="plain-on-443",
            about="plain HTTP on the HTTPS port of IPv6",
            system=_https(59, "plain-on-443"),
            sites=(
                Site(listen=((v6(59), 443),)),
                Site(listen=((v4(59), 443),), certificate=ca.leaf("plain-on-443.lab.example")),
            ),
            must=(Expect("reach.service", "fail", "reach.protocol"),),
            must_not=(Expect("reach.service", "pass"), Expect(reason="reach.silent")),
            reality=lambda scene: _require(scene.curl(f"http://[{v6(59)}]:443/")[1] == "200"),
        ),
    )
