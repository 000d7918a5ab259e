"""What resolvers make of sound zones: views, validation, DNS64; and records beside the addresses."""

from __future__ import annotations

import ipaddress
from typing import Any

from tests.lab.situation import NO_FAIL, Expect, Reality, Scene, Situation

PUBLIC = "2001:db8:2::5353"  # the name server of the public view
TRANSLATOR = "198.51.100.64"  # a resolver that makes AAAA records (DNS64)
PREFIX = "2001:db8:64::/96"
SIGNED = ("bogus.lab.example", "secure.lab.example")
REVERSE = "8.b.d.0.1.0.0.2.ip6.arpa"
_A, _ANY = "198.19.0.1", "2001:db8:ffff::1"
_CARD, _VIRTUAL = "2001:db8:ffff:0:21b:21ff:fe00:1", "2001:db8:ffff:0:5054:ff:fe00:1"


def _web(name: str, **more: Any) -> dict[str, Any]:
    return {"hosts": [f"{name}.lab.example"], "services": [{"app": "tcp", "port": 80}], **more}


def _both(name: str, address: str = _ANY) -> str:
    return f"{name} A {_A}\n{name} AAAA {address}"


def _dig(name: str, rdtype: str, expected: str, *options: str) -> Reality:
    def look(scene: Scene) -> None:
        answer = scene.dig(name, rdtype, *options)
        assert expected in answer, answer

    return look


def _differs(name: str) -> Reality:
    """Ask both views with dig: one has the AAAA record, the other has not."""

    def look(scene: Scene) -> None:
        public = scene.network.vantage.run("dig", f"@{PUBLIC}", name, "AAAA", "+short").stdout
        assert "2001:db8:" in scene.dig(name, "AAAA")
        assert "2001:db8:" not in public

    return look


BOTH_VIEWS = {"vantages": ["lab", "internet"]}

VIEWS: tuple[Situation, ...] = (
    Situation(
        id="split",
        row="13",
        about="the internal view has AAAA, the public one has not",
        zone=_both("split"),
        system=_web("split", **BOTH_VIEWS),
        must=(
            Expect("naming.views", "warn", "naming.split_view", args={"with": "lab", "without": "public"}),
        ),
        must_not=(NO_FAIL,),
        reality=_differs("split.lab.example"),
    ),
    Situation(
        id="same-views",
        about="both views have both families",
        zone=_both("same-views"),
        system=_web("same-views", **BOTH_VIEWS),
        must=(Expect("naming.views", "pass"),),
        must_not=(NO_FAIL, Expect(reason="naming.split_view")),
        reality=_dig("same-views.lab.example", "AAAA", _ANY),
    ),
    Situation(
        id="internal-only",
        about="the public view does not know the name at all: not published there, not split",
        zone=_both("internal-only"),
        system=_web("internal-only", **BOTH_VIEWS),
        must=(Expect("naming.views", "not_applicable", "not.published"),),
        must_not=(NO_FAIL, Expect(reason="naming.split_view"), Expect(reason="dns.nxdomain")),
        reality=_differs("internal-only.lab.example"),
    ),
)

VALIDATION: tuple[Situation, ...] = (
    Situation(
        id="bogus",
        row="10",
        about="a signed zone whose DS record does not fit, through a validating resolver",
        system=_web("www.bogus"),
        must=(
            Expect("naming.aaaa", "unknown", "dns.bogus", args={"dnssec": "bogus"}),
            Expect("naming.resolves", "unknown", "dns.bogus"),
        ),
        must_not=(NO_FAIL, Expect(reason="dns.nodata"), Expect(reason="dns.servfail")),
        reality=_dig("www.bogus.lab.example", "AAAA", _ANY, "+cd"),
    ),
    Situation(
        id="secure",
        about="a signed zone that validates",
        system=_web("www.secure"),
        must=(Expect("naming.aaaa", "pass", args={"dnssec": "secure"}), Expect("reach.service", "pass")),
        must_not=(NO_FAIL, Expect(reason="dns.bogus")),
        reality=_dig("www.secure.lab.example", "AAAA", " ad", "+dnssec"),
    ),
)

RECORDS: tuple[Situation, ...] = (
    Situation(
        id="wildcard",
        about="a name that only a wildcard answers for",
        zone=_both("*.wild"),
        system=_web("anything.wild"),
        must=(Expect("naming.aaaa", "warn", "dns.wildcard"), Expect("reach.service", "pass")),
        must_not=(NO_FAIL,),
        reality=_dig("surely-nobody-made-this.wild.lab.example", "AAAA", _ANY),
    ),
    Situation(
        id="own-record",
        about="a name with a record of its own beside a wildcard",
        zone=_both("*.mixed", "2001:db8:ffff::99") + "\n" + _both("own.mixed"),
        system=_web("own.mixed"),
        must=(Expect("naming.aaaa", "pass"),),
        must_not=(NO_FAIL, Expect(reason="dns.wildcard")),
        reality=_dig("other.mixed.lab.example", "AAAA", "2001:db8:ffff::99"),
    ),
    Situation(
        id="hint-stale",
        about="an HTTPS record that hints at another address",
        zone=_both("hint-stale") + "\nhint-stale HTTPS 1 . alpn=h2 ipv6hint=2001:db8:ffff::77",
        system={"hosts": ["hint-stale.lab.example"], "services": ["https"]},
        must=(Expect("naming.hints", "warn", "naming.hint_mismatch", args={"hints": "2001:db8:ffff::77"}),),
        must_not=(Expect("naming.hints", "pass"),),
        reality=_dig("hint-stale.lab.example", "HTTPS", "2001:db8:ffff::77"),
    ),
    Situation(
        id="hint-right",
        about="an HTTPS record on another port that hints at the published address",
        zone=_both("hint-right") + f"\n_8443._https.hint-right HTTPS 1 hint-right ipv6hint={_ANY}",
        system={"hosts": ["hint-right.lab.example"], "services": [{"app": "https", "port": 8443}]},
        must=(Expect("naming.hints", "pass"),),
        must_not=(Expect(reason="naming.hint_mismatch"),),
        reality=_dig("_8443._https.hint-right.lab.example", "HTTPS", _ANY),
    ),
    Situation(
        id="card",
        about="an address made of a network card's number",
        zone=_both("card", _CARD),
        system=_web("card"),
        must=(Expect("address.stable", "warn", "addr.eui64", args={"mac": "00-1b-21-00-00-01"}),),
        must_not=(NO_FAIL,),
        reality=_dig("card.lab.example", "AAAA", _CARD),
    ),
    Situation(
        id="virtual-card",
        about="ff:fe with a locally administered number: nobody's card",
        zone=_both("virtual-card", _VIRTUAL),
        system=_web("virtual-card"),
        must=(Expect("address.stable", "pass"),),
        must_not=(NO_FAIL, Expect(reason="addr.eui64")),
        reality=_dig("virtual-card.lab.example", "AAAA", _VIRTUAL),
    ),
)


def _pointed(
    name: str, number: int, pointer: str | None, verdict: str, reason: str, **more: Any
) -> Situation:
    """Return a situation of a host whose address has, or has not, a PTR record."""
    address = f"2001:db8:ffff::a:{number}"
    return Situation(
        id=name,
        row="57" if more.get("category") == "mail" else "",
        about=f"PTR: {pointer or 'none'}",
        zone=_both(name, address),
        system=_web(name, **more),
        must=(Expect("address.reverse", verdict, reason),),
        must_not=tuple(Expect("address.reverse", other) for other in {"fail", "warn", "pass"} - {verdict}),
        reality=_dig(
            ipaddress.ip_address(address).reverse_pointer,
            "PTR",
            f"{pointer}." if pointer else "status: NXDOMAIN",
        ),
    )


_MAIL = {"category": "mail"}
REVERSES: tuple[Situation, ...] = (
    _pointed("mail-named", 1, "mail-named.lab.example", "pass", "ok", **_MAIL),
    _pointed("mail-unnamed", 2, None, "fail", "ptr.missing", **_MAIL),
    _pointed("mail-misnamed", 3, "same-views.lab.example", "fail", "ptr.mismatch", **_MAIL),
    _pointed("web-unnamed", 4, None, "warn", "ptr.missing"),
    Situation(
        id="internal-unnamed",
        about="a ULA of an internal system, for which no reverse zone exists",
        zone="internal-unnamed AAAA fd12:3456:789a::9",
        system=_web("internal-unnamed", exposure="internal"),
        must=(Expect("address.reverse", "not_applicable", "ptr.missing"),),
        must_not=(Expect("address.reverse", "warn"), Expect("address.reverse", "fail")),
        reality=_dig(ipaddress.ip_address("fd12:3456:789a::9").reverse_pointer, "PTR", "status: NXDOMAIN"),
    ),
)

RESOLVER = Situation(
    id="resolver-v6",
    about="a DNS system seen with a resolver that has IPv6",
    system={"hosts": ["2001:db8:2::2"], "services": [{"app": "dns", "transport": "udp"}], "category": "dns"},
    must=(Expect("resolver.ipv6", "pass"), Expect("reach.service", "pass")),
    must_not=(Expect(reason="resolver.v4_only"),),
    reality=_dig("same-views.lab.example", "AAAA", _ANY),
)

SOUND: tuple[Situation, ...] = (*VIEWS, *VALIDATION, *RECORDS, *REVERSES, RESOLVER)

TRANSLATED: tuple[Situation, ...] = (
    Situation(
        id="translated",
        row="14",
        about="A only, through a resolver that does DNS64 with a prefix of its own",
        zone=f"translated A {_A}",
        system=_web("translated"),
        must=(
            Expect("naming.aaaa", "fail", "dns.synthesised", args={"prefix": PREFIX}),
            Expect("reach.service", "fail", "reach.no_address"),
            Expect("v6only.ready", "pass", "v6only.through_nat64"),
        ),
        must_not=(Expect("naming.aaaa", "pass"), Expect("reach.service", "pass")),
        reality=_dig("translated.lab.example", "AAAA", "2001:db8:64::"),
    ),
    Situation(
        id="native",
        about="an AAAA record of its own, through the same resolver",
        zone=_both("native"),
        system=_web("native"),
        must=(Expect("naming.aaaa", "pass"), Expect("reach.service", "pass")),
        must_not=(NO_FAIL, Expect(reason="dns.synthesised")),
        reality=_dig("native.lab.example", "AAAA", _ANY),
    ),
    Situation(
        id="resolver-v4",
        about="a DNS system seen with a resolver that has IPv4 alone",
        system={**RESOLVER.system},
        must=(Expect("resolver.ipv6", "warn", "resolver.v4_only"),),
        must_not=(Expect("resolver.ipv6", "pass"),),
        reality=_dig("native.lab.example", "AAAA", _ANY),
    ),
)

PUBLIC_ZONE = f"split A {_A}\n" + _both("same-views")


def reverse_zone() -> str:
    """Return the reverse zone of the lab's IPv6 space, relative to `REVERSE`."""
    lines = []
    for number, name in ((1, "mail-named"), (3, "same-views")):
        pointer = ipaddress.ip_address(f"2001:db8:ffff::a:{number}").reverse_pointer
        lines.append(f"{pointer.removesuffix('.' + REVERSE)} PTR {name}.lab.example.")
    return f"ns.{REVERSE}. AAAA 2001:db8:2::2\n" + "\n".join(lines)
