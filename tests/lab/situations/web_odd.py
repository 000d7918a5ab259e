"""Odd web servers: no page, an answer past every bound, no certificate at all, one that nobody can read."""

from __future__ import annotations

from tests.lab.certificates import LabAuthority
from tests.lab.servers import Site
from tests.lab.situation import NO_FAIL, Expect, Reality, Scene, Situation
from tests.lab.situations.reach import v4, v6
from tests.lab.situations.web import PAGE, _https, _pages, _refused_by_curl, _status

_JSON = "location / { default_type application/json; return 200 '{\"ok\": true}'; }"
# Six headers of 3.6 kB: more than our 16 KiB of response head, and nothing that nginx or curl minds.
_LONG_HEADERS = " ".join(f"add_header X-{number} {'a' * 3600};" for number in range(6))
_LONG_HEAD = f"location / {{ {_LONG_HEADERS} return 200 'x'; }}"
_LEAST_LONG = 16 * 1024


def _long_over_ipv6(number: int) -> Reality:
    """curl takes the answer on both families, and its head is longer than our bound over IPv6 only."""

    def look(scene: Scene) -> None:
        sizes = [
            int(
                scene.network.vantage.run(
                    *("curl", "-sSkg", "-m", "4", "-o", "/dev/null", "-w", "%{size_header}"),
                    f"https://{address}/",
                ).stdout
            )
            for address in (f"[{v6(number)}]", v4(number))
        ]
        assert sizes[0] > _LEAST_LONG > sizes[1], sizes

    return look


def odd(ca: LabAuthority) -> tuple[Situation, ...]:
    """Return the situations of servers whose answer cannot be compared, or cannot be read."""
    return (
        Situation(
            id="not-a-page",
            about="an interface for programs, which loads nothing",
            system=_https(61, "not-a-page"),
            sites=_pages(61, ca.leaf("not-a-page.lab.example"), _JSON, _JSON),
            must=(
                Expect("http.resources", "not_applicable", "http.not_a_page"),
                Expect("http.status", "pass"),
                Expect("tls.valid", "pass"),
            ),
            must_not=(NO_FAIL, Expect(verdict="unknown"), Expect(reason="http.no_page")),
            reality=_status(61, "200", "200"),
        ),
        Situation(
            id="long-head",
            about="over IPv6 a response head that is longer than we read",
            system=_https(62, "long-head"),
            sites=_pages(62, ca.leaf("long-head.lab.example"), _LONG_HEAD, PAGE),
            must=(
                Expect("http.status", "unknown", "http.too_large"),
                Expect("http.content", "unknown", "http.too_large"),
                # The fetch tells nothing; the handshake is asked by itself.
                Expect("tls.valid", "pass"),
                Expect("reach.service", "pass"),
            ),
            must_not=(NO_FAIL, Expect("http.healthy", "unknown")),
            reality=_long_over_ipv6(62),
        ),
        Situation(
            id="tls-refused",
            about="over IPv6 the handshake is refused, with no word of a certificate",
            system=_https(63, "tls-refused"),
            sites=(
                Site(
                    listen=((v6(63), 443),),
                    certificate=ca.leaf("a.lab.example"),
                    extra="ssl_reject_handshake on;",
                ),
                Site(listen=((v4(63), 443),), certificate=ca.leaf("tls-refused.lab.example")),
            ),
            must=(
                Expect("tls.valid", "fail", "tls.handshake"),
                Expect("tls.parity", "fail", "tls.weaker", args={"what": "tls.handshake"}),
            ),
            must_not=(
                Expect(reason="tls.wrong_name"),
                Expect(reason="reach.protocol"),
                Expect(reason="reach.silent"),
            ),
            reality=_refused_by_curl(63, "tls-refused", 35),
        ),
        Situation(
            id="tls-unreadable",
            about="over IPv6 a certificate with an extension that cannot be read",
            system=_https(64, "tls-unreadable"),
            sites=_pages(
                64,
                ca.leaf("tls-unreadable.lab.example"),
                six_cert=ca.leaf("tls-unreadable.lab.example", unreadable=True),
            ),
            must=(
                Expect("tls.valid", "unknown", "tls.unparsed"),
                Expect("tls.parity", "unknown", "tls.unparsed"),
                Expect("http.status", "pass"),
            ),
            must_not=(NO_FAIL, Expect("tls.valid", "pass")),
            reality=_refused_by_curl(64, "tls-unreadable", 60),
        ),
        Situation(
            id="bad-request",
            about="400 over both families, and nobody wants a certificate of ours",
            system=_https(65, "bad-request"),
            sites=_pages(65, ca.leaf("bad-request.lab.example"), "return 400;", "return 400;"),
            must=(Expect("http.status", "pass"), Expect("http.content", "not_applicable", "http.no_page")),
            must_not=(NO_FAIL, Expect(reason="http.client_certificate"), Expect(reason="http.throttled")),
            reality=_status(65, "400", "400"),
        ),
    )
