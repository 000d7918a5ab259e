"""DNS servers as the systems that are judged: how many have IPv6, and whether they serve over it."""

from __future__ import annotations

from typing import Any

from tests.lab.situation import NO_FAIL, Expect, Reality, Scene, Situation

FIRST, SECOND, NO_TCP = "2001:db8:2::2", "2001:db8:2::54", "2001:db8:2::55"
RECURSIVE, CLOSED = "2001:db8:2::5e", "2001:db8:ffff::53"
_A = "198.19.0.1"


def _dns(hosts: list[str], zone: str, **more: Any) -> dict[str, Any]:
    services = [
        {"app": "dns", "transport": transport, "role": "authoritative", "zones": [zone]}
        for transport in ("udp", "tcp")
    ]
    return {"hosts": hosts, "services": services, "category": "dns", "goal": "ipv6-only", **more}


def _ask(server: str, name: str, expected: str, *options: str) -> Reality:
    def look(scene: Scene) -> None:
        command = ("dig", f"@{server}", name, "SOA", "+norecurse", "+tries=1", "+time=1", *options)
        answer = scene.network.vantage.run(*command, check=False).stdout
        assert expected in answer, answer

    return look


def _zone(first: str, second: str) -> str:
    """Return a zone with two name servers inside it, whose addresses are given as records."""
    return (
        "@ SOA ns1 hostmaster 1 3600 600 86400 60\n@ NS ns1\n@ NS ns2\n"
        f"ns1 {first}\nns2 {second}\nwww A {_A}\nwww AAAA 2001:db8:ffff::1"
    )


ROOT_SERVER = "2001:db8:2::5f"
ROOT = f"""@ SOA ns.root. host.root. 1 3600 600 86400 60
@ NS ns.root.
ns.root. AAAA {ROOT_SERVER}
two.example. NS ns1.two.example.
two.example. NS ns2.two.example.
ns1.two.example. AAAA {FIRST}
ns2.two.example. AAAA {SECOND}
bare.example. NS ns1.bare.example.
ns1.bare.example. A 198.51.100.2
moved.example. NS ns1.moved.example.
ns1.moved.example. AAAA {FIRST}
hosted.example. NS ns1.two.example.
"""
_ONE = "@ SOA ns1 hostmaster 1 3600 600 86400 60\n@ NS ns1\n"

ZONES = {
    "bare.example": f"{_ONE}ns1 A 198.51.100.2\nns1 AAAA {FIRST}",
    "moved.example": f"{_ONE}ns1 AAAA {SECOND}",
    "hosted.example": "@ SOA ns1.two.example. host 1 3600 600 86400 60\n@ NS ns1.two.example.",
    "two.example": _zone(f"AAAA {FIRST}", f"AAAA {SECOND}"),
    "one.example": _zone(f"AAAA {FIRST}", f"A {_A}"),
    "none.example": _zone("A 198.51.100.2", f"A {_A}"),
}

SERVICES: tuple[Situation, ...] = (
    Situation(
        id="two-servers",
        row="51",
        about="two name servers, both authoritative over IPv6, UDP and TCP",
        system=_dns(["ns1.two.example", "ns2.two.example"], "two.example"),
        must=tuple(
            Expect(check, "pass") for check in ("ns.ipv6", "ns.answers", "ns.aaaa", "ns.glue", "ns.chain")
        ),
        must_not=(NO_FAIL, Expect("ns.answers", "unknown"), Expect("ns.ipv6", "warn")),
        reality=_ask(SECOND, "two.example", "flags: qr aa", "+tcp"),
    ),
    Situation(
        id="one-server",
        row="52",
        about="of two name servers one has IPv6",
        system=_dns(["ns1.one.example"], "one.example"),
        must=(
            Expect("ns.ipv6", "warn", "ns.single", args={"able": "ns1.one.example"}),
            Expect("ns.answers", "pass"),
        ),
        must_not=(Expect("ns.ipv6", "fail"),),
        reality=_ask(FIRST, "one.example", "flags: qr aa"),
    ),
    Situation(
        id="no-glue",
        row="53",
        about="a name server inside its zone, for which the parent has no IPv6 glue",
        system=_dns(["ns1.bare.example"], "bare.example"),
        must=(
            Expect("ns.glue", "fail", "glue.missing", args={"name": "ns1.bare.example"}),
            Expect("ns.chain", "fail", "ns.chain_broken", args={"zone": "bare.example"}),
            Expect("ns.answers", "pass"),
        ),
        must_not=(Expect(reason="glue.mismatch"), Expect("ns.chain", "unknown")),
        reality=_ask(ROOT_SERVER, "bare.example", "ns1.bare.example.\t60\tIN\tA"),
    ),
    Situation(
        id="wrong-glue",
        about="the parent gives another address than the server's own",
        system=_dns(["ns1.moved.example"], "moved.example"),
        must=(
            Expect("ns.glue", "fail", "glue.mismatch", args={"glue": FIRST, "addresses": SECOND}),
            Expect("ns.chain", "pass"),
        ),
        must_not=(Expect(reason="glue.missing"),),
        reality=_ask(ROOT_SERVER, "moved.example", FIRST),
    ),
    Situation(
        id="hosted-elsewhere",
        about="a zone on a server of another zone: no glue needed, its address found by a walk of its own",
        system=_dns(["ns1.two.example"], "hosted.example"),
        must=(Expect("ns.glue", "not_applicable", "not.declared"), Expect("ns.chain", "pass")),
        must_not=(Expect("ns.glue", "fail"), Expect("ns.chain", "fail")),
        reality=_ask(ROOT_SERVER, "hosted.example", "hosted.example.\t\t60\tIN\tNS"),
    ),
    Situation(
        id="no-server",
        about="no name server has IPv6",
        system=_dns(["ns1.none.example"], "none.example"),
        must=(Expect("ns.ipv6", "fail", "ns.none"), Expect("ns.answers", "fail", "reach.no_address")),
        must_not=(Expect(reason="ns.silent"),),
        reality=_ask("198.51.100.2", "none.example", "flags: qr aa"),
    ),
    Situation(
        id="lame-server",
        about="a name server that does not know the zone declared for it",
        system=_dns([FIRST], "foreign.example"),
        must=(Expect("ns.answers", "fail", "ns.lame", args={"error": "REFUSED"}),),
        must_not=(Expect(reason="ns.silent"),),
        reality=_ask(FIRST, "foreign.example", "status: REFUSED"),
    ),
    Situation(
        id="silent-server",
        about="nothing listens for DNS",
        system=_dns([CLOSED], "two.example"),
        must=(Expect("ns.answers", "fail", "ns.silent"),),
        must_not=(Expect(reason="ns.lame"),),
        reality=_ask(CLOSED, "two.example", "connection refused"),
    ),
    Situation(
        id="no-tcp",
        about="UDP is answered, TCP refused on the way",
        filters=(f"ip6 daddr {NO_TCP} tcp dport 53 reject with tcp reset",),
        system=_dns([NO_TCP], "two.example"),
        must=(Expect("ns.answers", "fail", "ns.tcp_blocked"),),
        must_not=(Expect(reason="ns.silent"), Expect(reason="ns.lame")),
        reality=_ask(NO_TCP, "two.example", "connection refused", "+tcp"),
    ),
    Situation(
        id="recursive",
        about="a resolver that resolves",
        system={
            "hosts": [RECURSIVE],
            "services": [
                {"app": "dns", "transport": "udp", "role": "recursive", "zones": ["two.example"]},
            ],
            "category": "dns",
            "goal": "ipv6-only",
        },
        must=(Expect("ns.answers", "pass"),),
        must_not=(NO_FAIL,),
        reality=_ask(RECURSIVE, "two.example", "ANSWER: 1", "+recurse"),
    ),
    Situation(
        id="not-recursive",
        about="declared a resolver, but it serves its own zones only",
        system={
            "hosts": [SECOND],
            "services": [
                {"app": "dns", "transport": "udp", "role": "recursive", "zones": ["elsewhere.example"]},
            ],
            "category": "dns",
            "goal": "ipv6-only",
        },
        must=(Expect("ns.answers", "fail", "ns.lame"),),
        must_not=(Expect("ns.answers", "pass"),),
        reality=_ask(SECOND, "elsewhere.example", "status: REFUSED", "+recurse"),
    ),
    Situation(
        id="site",
        about="a web site of a zone whose servers answer AAAA as they answer A",
        system={"hosts": ["www.two.example"], "services": [{"app": "tcp", "port": 80}]},
        must=(Expect("ns.aaaa", "pass", args={"servers": FIRST}), Expect("naming.aaaa", "pass")),
        must_not=(NO_FAIL, Expect("ns.aaaa", "unknown")),
        reality=_ask(FIRST, "www.two.example", "flags: qr aa"),
    ),
)
