"""Naming and address situations seen through a sound resolver (unbound over knot)."""

from __future__ import annotations

from typing import Any

from tests.lab.situation import NO_FAIL, NO_REACH_FAIL, Expect, Reality, Scene, Situation


def _web(name: str, **more: Any) -> dict[str, Any]:
    return {"hosts": [f"{name}.lab.example"], "services": [{"app": "tcp", "port": 80}], **more}


def _says(name: str, rdtype: str, expected: str) -> Reality:
    def look(scene: Scene) -> None:
        answer = scene.dig(f"{name}.lab.example", rdtype)
        assert expected in answer, answer

    return look


def _aaaa(
    identifier: str, row: str, about: str, address: str, reason: str, verdict: str = "fail", **system: Any
) -> Situation:
    """Return a situation whose AAAA record is of a class that does not suit it."""
    return Situation(
        id=identifier,
        row=row,
        about=about,
        zone=f"{identifier} A 198.19.0.1\n{identifier} AAAA {address}",
        system=_web(identifier, **system),
        must=(Expect("address.class", verdict, reason),),
        must_not=(
            Expect("naming.aaaa", "fail"),
            Expect("address.class", "fail", "addr.none_declared"),
            Expect("reach.service", "fail", "reach.silent"),
        ),
        reality=_says(identifier, "AAAA", address),
    )


NAMING: tuple[Situation, ...] = (
    Situation(
        id="a-only",
        row="2",
        about="A only, AAAA NODATA",
        zone="a-only A 198.19.0.1",
        system=_web("a-only"),
        must=(
            Expect("naming.aaaa", "fail", "dns.nodata"),
            Expect("reach.service", "fail", "reach.no_address"),
            Expect("parity.service", "fail", "parity.v6_missing"),
            Expect("naming.resolves", "pass"),
            Expect("reach.ipv4", "pass"),
        ),
        must_not=(
            Expect("naming.resolves", "fail"),
            Expect(reason="dns.nxdomain"),
            Expect(reason="reach.silent"),
        ),
        reality=_says("a-only", "AAAA", "status: NOERROR"),
    ),
    Situation(
        id="typo",
        row="3",
        about="NXDOMAIN for both types",
        system=_web("typo"),
        must=(Expect("naming.resolves", "unknown", "dns.nxdomain"),),
        must_not=(NO_FAIL, Expect(reason="dns.nodata"), Expect(reason="dns.rfc4074_nxdomain")),
        reality=_says("typo", "A", "status: NXDOMAIN"),
    ),
    Situation(
        id="cname-v4",
        row="11",
        about="CNAME to a target without AAAA",
        zone="cname-v4 CNAME backend\nbackend A 198.19.0.1",
        system=_web("cname-v4"),
        must=(Expect("naming.aaaa", "fail", "dns.nodata", args={"owner": "backend.lab.example"}),),
        must_not=(Expect(reason="dns.cname_dangling"), Expect("naming.resolves", "fail")),
        reality=_says("cname-v4", "AAAA", "backend.lab.example."),
    ),
    Situation(
        id="cname-dangling",
        about="CNAME to a name that does not exist",
        zone="cname-dangling CNAME gone",
        system=_web("cname-dangling"),
        must=(Expect("naming.resolves", "fail", "dns.cname_dangling"),),
        must_not=(Expect(reason="dns.nxdomain"), Expect(reason="dns.rfc4074_nxdomain")),
        reality=_says("cname-dangling", "A", "status: NXDOMAIN"),
    ),
    Situation(
        id="cname-long",
        row="12",
        about="a CNAME chain of ten links that the resolver answers",
        zone="cname-long CNAME c1\n"
        + "\n".join(f"c{n} CNAME c{n + 1}" for n in range(1, 10))
        + "\nc10 A 198.19.0.1\nc10 AAAA 2001:db8:ffff::1",
        system=_web("cname-long"),
        must=(Expect("naming.resolves", "warn", "dns.cname_chain"), Expect("naming.aaaa", "pass")),
        must_not=(NO_FAIL,),
        reality=_says("cname-long", "AAAA", "2001:db8:ffff::1"),
    ),
    Situation(
        id="v6-only-name",
        row="36",
        about="AAAA without A, dual-stack goal",
        zone="v6-only-name AAAA 2001:db8:ffff::1",
        system=_web("v6-only-name"),
        must=(Expect("naming.a", "warn", "naming.no_a"), Expect("reach.service", "pass")),
        must_not=(NO_FAIL,),
        reality=_says("v6-only-name", "A", "ANSWER: 0"),
    ),
    Situation(
        id="v6-only-goal",
        row="35",
        about="IPv6-only by design",
        zone="v6-only-goal AAAA 2001:db8:ffff::1",
        system=_web("v6-only-goal", goal="ipv6-only"),
        must=(Expect("naming.a", "not_applicable"), Expect("reach.service", "pass")),
        must_not=(NO_FAIL, Expect("naming.a", "warn"), Expect("parity.offer", "warn")),
        reality=_says("v6-only-goal", "A", "ANSWER: 0"),
    ),
    Situation(
        id="literal-v4",
        about="an IPv4 literal and nothing else",
        system={"hosts": ["198.19.0.1"], "services": [{"app": "tcp", "port": 80}]},
        must=(
            Expect("naming.aaaa", "fail", "addr.none_declared"),
            Expect("reach.service", "fail", "reach.no_address"),
        ),
        must_not=(Expect(reason="dns.nodata"),),
        reality=lambda scene: _require(scene.connects("198.19.0.1", 80)),
    ),
)

ADDRESSES: tuple[Situation, ...] = (
    _aaaa("v4mapped", "15", "AAAA ::ffff:192.0.2.1", "::ffff:192.0.2.1", "addr.v4mapped"),
    _aaaa("linklocal", "16", "AAAA fe80::1", "fe80::1", "addr.linklocal"),
    _aaaa("ula", "17", "a ULA on an internet system", "fd12:3456:789a::1", "addr.ula_public"),
    _aaaa("sixtofour", "18", "AAAA 2002::", "2002:c633:6401::1", "addr.6to4"),
    _aaaa("teredo", "18", "AAAA 2001:0::/32", "2001:0:1::1", "addr.teredo"),
    _aaaa("documentation", "19", "a documentation address outside scope", "3fff::1", "addr.documentation"),
    _aaaa("sitelocal", "20", "AAAA fec0::", "fec0::1", "addr.site_local"),
    _aaaa("loopback", "20", "AAAA ::1", "::1", "addr.loopback"),
    _aaaa("multicast", "20", "AAAA ff02::1", "ff02::1", "addr.multicast"),
    _aaaa("discard", "20", "AAAA 100::1", "100::1", "addr.discard"),
    _aaaa("unspecified", "20", "AAAA ::", "::", "addr.unspecified"),
    _aaaa("reserved", "", "an address that no host may have", "5f00::1", "addr.reserved"),
    _aaaa("nat64", "", "AAAA of the NAT64 well-known prefix", "64:ff9b::c613:1", "addr.nat64"),
    _aaaa(
        *("ula-internal", "", "a ULA beside an A on an internal system", "fd12:3456:789a::2"),
        *("addr.ula_prefers_v4", "warn"),
        exposure="internal",
    ),
    Situation(
        id="global",
        about="an ordinary address of the scope",
        zone="global A 198.19.0.1\nglobal AAAA 2001:db8:ffff::1",
        system=_web("global"),
        must=(Expect("address.class", "pass", "ok"), Expect("naming.aaaa", "pass")),
        must_not=(NO_FAIL, NO_REACH_FAIL, Expect(reason="addr.documentation")),
        reality=_says("global", "AAAA", "2001:db8:ffff::1"),
    ),
)


def _require(condition: bool) -> None:
    assert condition
