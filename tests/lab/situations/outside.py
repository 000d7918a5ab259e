"""Situations of what users meet beside the service itself: foreign hosts, fall-back, a life without IPv4."""

from __future__ import annotations

from typing import Any

from tests.lab.certificates import LabAuthority
from tests.lab.network import SERVER_V6
from tests.lab.servers import Site
from tests.lab.situation import NO_FAIL, NO_WARN, Expect, Scene, Situation
from tests.lab.situations.reach import v4, v6


def _named(number: int, name: str, zone: str = "") -> dict[str, Any]:
    return {
        "zone": f"{name} AAAA {v6(number)}\n{name} A {v4(number)}\n{zone}",
        "system": {"hosts": [f"{name}.lab.example"], "services": ["https"]},
    }


def _sites(number: int, name: str, ca: LabAuthority, page: str, **more: Any) -> tuple[Site, ...]:
    return (_site(ca, name, v6(number), v4(number), page, **more),)


def _site(ca: LabAuthority, name: str, six: str, four: str, page: str = "<html>", **more: Any) -> Site:
    body = f"location / {{ default_type text/html; return 200 '{page}'; }}"
    listen = ((six, 443), (four, 443))
    return Site(listen=listen, certificate=ca.leaf(f"{name}.lab.example", **more), body=body)


def _v4_only(scene: Scene, name: str) -> None:
    """dig finds an A record and no AAAA."""
    assert scene.dig(name, "A", "+short").strip()
    assert not scene.dig(name, "AAAA", "+short").strip()


def _silent_syn(scene: Scene) -> None:
    """curl over IPv6 alone times out, over both it connects after its own 200 ms over IPv4."""
    assert not scene.connects(v6(91), 443)
    assert scene.curl(f"https://{v4(91)}/")[1] == "200"


def situations(ca: LabAuthority) -> tuple[Situation, ...]:
    """Return the situations."""
    return (
        Situation(
            id="v4-only-script",
            row="44",
            about="a page that loads a script from an IPv4-only host",
            **_named(90, "v4-only-script", f"cdn-v4 A {v4(95)}\ncdn AAAA {v6(95)}\ncdn A {v4(95)}"),
            sites=_sites(
                *(90, "v4-only-script", ca),
                "<html><script src=//cdn-v4.lab.example/x.js></script><img src=//cdn.lab.example/y.png>",
            ),
            must=(
                Expect("http.resources", "warn", "http.v4_only_resource", args={"hosts": "cdn-v4.lab"}),
                Expect("reach.service", "pass"),
                Expect("v6only.ready", "pass", "ok"),
                Expect("client.ipv4_literal", "pass", "ok"),
                Expect("client.happy_eyeballs", "pass", "ok"),
            ),
            must_not=(NO_FAIL, Expect("http.resources", args={"hosts": "cdn.lab"})),
            reality=lambda scene: _v4_only(scene, "cdn-v4.lab.example"),
        ),
        Situation(
            id="hidden-outage",
            row="45",
            about="IPv6 SYNs are dropped, IPv4 works",
            **_named(91, "hidden-outage"),
            sites=_sites(91, "hidden-outage", ca, "<html>"),
            filters=(f"ip6 daddr {v6(91)} tcp dport 443 drop",),
            must=(
                Expect("client.happy_eyeballs", "fail", "he.hidden_outage", args={"with_ms": "250"}),
                Expect("client.happy_eyeballs", "fail", args={"without_ms": "127000"}),
                Expect("v6only.ready", "fail", "v6only.not_ready"),
                Expect("reach.service", "fail", "reach.silent"),
            ),
            must_not=(Expect(reason="he.penalty"), Expect("client.happy_eyeballs", "pass")),
            reality=_silent_syn,
        ),
        Situation(
            id="one-dead-address",
            about="one of two IPv6 addresses of a name drops SYNs",
            zone=f"one-dead AAAA {v6(92)}\none-dead AAAA {v6(93)}\none-dead A {v4(92)}",
            system={"hosts": ["one-dead.lab.example"], "services": ["https"]},
            sites=_sites(92, "one-dead", ca, "<html>"),
            filters=(f"ip6 daddr {v6(93)} drop",),
            must=(Expect("client.happy_eyeballs", "warn", "he.penalty", args={"with_ms": "250"}),),
            must_not=(Expect(reason="he.hidden_outage"),),
            reality=lambda scene: _require(scene.connects(v6(92), 443) and not scene.connects(v6(93), 443)),
        ),
        Situation(
            id="literal-page",
            about="a page and a script with an IPv4 address in them",
            **_named(94, "literal-page"),
            sites=_sites(*(94, "literal-page", ca), '<html><script>fetch("http://198.51.100.77/")</script>'),
            must=(
                Expect("client.ipv4_literal", "warn", "client.literal", args={"literals": "198.51.100.77"}),
                Expect("reach.service", "pass"),
            ),
            must_not=(NO_FAIL,),
            reality=lambda scene: _require("198.51.100.77" in scene.page(f"https://[{v6(94)}]/")),
        ),
        Situation(
            id="v4-only-ocsp",
            about="a certificate whose OCSP responder has IPv4 only",
            **_named(96, "v4-only-ocsp", f"ocsp-v4 A {v4(95)}"),
            sites=_sites(96, "v4-only-ocsp", ca, "<html>", ocsp=["http://ocsp-v4.lab.example/"]),
            must=(
                Expect("tls.revocation", "warn", "tls.revocation_v4_only", args={"hosts": "ocsp-v4.lab"}),
                Expect("http.resources", "pass", "ok"),
            ),
            must_not=(NO_FAIL,),
            reality=lambda scene: _v4_only(scene, "ocsp-v4.lab.example"),
        ),
        Situation(
            id="ready-ocsp",
            about="a certificate whose OCSP responder has IPv6",
            **_named(97, "ready-ocsp", f"ocsp AAAA {v6(95)}\nocsp A {v4(95)}"),
            sites=_sites(97, "ready-ocsp", ca, "<html>", ocsp=["http://ocsp.lab.example/"]),
            must=(
                Expect("tls.revocation", "pass", "ok"),
                Expect("client.ipv4_literal", "pass", "ok"),
                Expect("client.happy_eyeballs", "pass", "ok"),
                Expect("address.planned", "pass", "ok"),
                Expect("naming.a", "pass", "ok"),
            ),
            must_not=(NO_FAIL, NO_WARN, Expect(reason="plan.outside")),
            reality=lambda scene: _require(bool(scene.dig("ocsp.lab.example", "AAAA", "+short").strip())),
        ),
        Situation(
            id="unplanned",
            row="60",
            about="an IPv6 address that lies in no prefix of the address plan",
            zone=f"unplanned AAAA {SERVER_V6}\nunplanned A {v4(97)}",
            system={"hosts": ["unplanned.lab.example"], "services": ["https"]},
            sites=(_site(ca, "unplanned", SERVER_V6, v4(97)),),
            must=(
                Expect("address.planned", "fail", "plan.outside", args={"address": SERVER_V6}),
                Expect("reach.service", "pass"),
                Expect("address.class", "pass"),
            ),
            must_not=(Expect("address.planned", "pass"), Expect("reach.service", "fail")),
            reality=lambda scene: _require(
                scene.dig("unplanned.lab.example", "AAAA", "+short").strip() == SERVER_V6
            ),
        ),
        *_dependent(),
    )


def _dependent() -> tuple[Situation, ...]:
    """Systems that work, and depend on one that does not, at one remove; and on one that does."""
    return (
        Situation(
            id="blocked",
            about="depends on a system that depends on one that is dead over IPv6",
            system={
                "hosts": ["ready-ocsp.lab.example"],
                "services": ["https"],
                "depends_on": ["between", {"host": "ocsp.lab.example"}],
            },
            must=(
                Expect(
                    "v6only.dependencies", "fail", "v6only.blocked_by", args={"blockers": "hidden-outage"}
                ),
                Expect("v6only.ready", "pass", "ok"),
            ),
            must_not=(Expect("v6only.dependencies", "fail", args={"blockers": "ocsp.lab"}),),
        ),
        Situation(
            id="between",
            about="depends on a system that is dead over IPv6",
            system={
                "hosts": ["ready-ocsp.lab.example"],
                "services": ["https"],
                "depends_on": ["hidden-outage"],
            },
            must=(Expect("v6only.dependencies", "fail", "v6only.blocked_by"),),
            must_not=(Expect("v6only.dependencies", "pass"),),
        ),
        Situation(
            id="walled",
            about="this vantage is let in over neither family",
            **_named(98, "walled"),
            filters=(f"ip6 daddr {v6(98)} drop", f"ip daddr {v4(98)} drop"),
            must=(Expect("reach.service", "unknown", "reach.filtered_here"),),
            must_not=(NO_FAIL, Expect(reason="reach.down")),
            reality=lambda scene: _require(
                not scene.connects(v6(98), 443) and not scene.connects(v4(98), 443)
            ),
        ),
        Situation(
            id="unsure",
            about="depends on a system that this vantage is not let in to",
            system={
                "hosts": ["ready-ocsp.lab.example"],
                "services": ["https"],
                "depends_on": ["ready-ocsp", "walled"],
            },
            must=(
                Expect(
                    *("v6only.dependencies", "unknown", "v6only.not_established"),
                    args={"blockers": "walled", "code": "reach.filtered_here"},
                ),
                Expect("v6only.ready", "pass", "ok"),
            ),
            must_not=(NO_FAIL, Expect("v6only.dependencies", args={"blockers": "ready-ocsp"})),
        ),
        Situation(
            id="free",
            about="depends on hosts and systems that have IPv6",
            system={
                "hosts": ["ready-ocsp.lab.example"],
                "services": ["https"],
                "depends_on": ["ready-ocsp", {"host": "ocsp.lab.example"}],
            },
            must=(Expect("v6only.dependencies", "pass", "ok"),),
            must_not=(NO_FAIL, Expect(reason="v6only.not_established")),
        ),
    )


def _require(condition: bool) -> None:
    assert condition
