"""What only a misbehaving name server says: the vantage's resolver is the programmable one."""

from __future__ import annotations

from typing import Any

from tests.lab.situation import NO_FAIL, Expect, Reality, Scene, Situation

_A, _AAAA = "A 198.19.0.1", "AAAA 2001:db8:ffff::1"


def _web(name: str) -> dict[str, Any]:
    return {"hosts": [f"{name}.odd.example"], "services": [{"app": "tcp", "port": 80}]}


def _rules(name: str, *aaaa: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return the name's rules: a sound A record, and the given ones for AAAA."""
    full = f"{name}.odd.example"
    return (
        {"name": full, "type": "A", "answer": [_A]},
        *({"name": full, "type": "AAAA", **rule} for rule in aaaa),
    )


def _dig(name: str, expected: str, *options: str, rdtype: str = "AAAA") -> Reality:
    def look(scene: Scene) -> None:
        answer = scene.dig(f"{name}.odd.example", rdtype, *options)
        assert expected in answer, answer

    return look


def _coded(name: str, row: str, rcode: str, reason: str) -> Situation:
    fault = reason.replace("dns.", "ns.aaaa_")
    return Situation(
        id=name,
        row=row,
        about=f"AAAA answers {rcode}",
        rules=_rules(name, {"rcode": rcode}),
        system=_web(name),
        must=(
            Expect("naming.aaaa", "unknown", reason),
            Expect("reach.ipv4", "pass"),
            Expect("ns.aaaa", "fail", fault, args={"server": "[2001:db8:2::53]:53", "tries": 3}),
        ),
        must_not=(
            Expect("naming.aaaa", "fail"),
            Expect(reason="dns.nodata"),
            Expect("reach.service", "fail"),
        ),
        reality=_dig(name, f"status: {rcode}"),
    )


_SERVER = "2001:db8:2::53"  # where the programmable name server listens

ZONE = Situation(
    id="odd-zone",
    about="the zone of all these names: its only server is the one that misbehaves",
    rules=(
        {"name": "odd.example", "type": "NS", "answer": ["NS ns.odd.example."]},
        {"name": "ns.odd.example", "type": "AAAA", "answer": [f"AAAA {_SERVER}"]},
        {"name": "odd.example", "type": "SOA", "flags": ["AA", "RA"], "answer": ["SOA ns x 1 2 3 4 5"]},
    ),
    system={
        "hosts": ["ns.odd.example"],
        "services": [
            {"app": "dns", "transport": "udp", "role": "authoritative", "zones": ["odd.example"]},
        ],
        "category": "dns",
        "goal": "ipv6-only",
    },
    must=(
        Expect("ns.ipv6", "warn", "ns.single", args={"able": "ns.odd.example"}),
        Expect("ns.answers", "pass"),
        Expect("ns.aaaa", "pass"),
    ),
    must_not=(Expect("ns.answers", "fail"), Expect("ns.ipv6", "fail")),
    reality=lambda scene: _require("status: NOERROR" in scene.dig("odd.example", "SOA", "+norecurse")),
)


def _require(condition: bool) -> None:
    assert condition


ODD_NAMES: tuple[Situation, ...] = (
    ZONE,
    Situation(
        id="rfc4074",
        row="4",
        about="AAAA answers NXDOMAIN though A exists",
        rules=_rules("rfc4074", {"rcode": "NXDOMAIN"}),
        system=_web("rfc4074"),
        must=(
            Expect("naming.aaaa", "fail", "dns.rfc4074_nxdomain"),
            Expect("ns.aaaa", "fail", "ns.aaaa_nxdomain"),
        ),
        must_not=(Expect(reason="dns.nxdomain"), Expect(reason="dns.nodata")),
        reality=_dig("rfc4074", "status: NXDOMAIN"),
    ),
    _coded("servfail", "5", "SERVFAIL", "dns.servfail"),
    _coded("refused", "6", "REFUSED", "dns.refused"),
    _coded("notimp", "6", "NOTIMP", "dns.notimp"),
    _coded("formerr", "6", "FORMERR", "dns.formerr"),
    Situation(
        id="dropped",
        about="AAAA questions are dropped, A is answered",
        rules=_rules("dropped", {"silent": True}),
        system=_web("dropped"),
        must=(
            Expect("naming.aaaa", "unknown", "dns.timeout"),
            Expect("ns.aaaa", "fail", "ns.aaaa_dropped"),
        ),
        must_not=(
            Expect("naming.aaaa", "fail"),
            Expect("reach.service", "fail"),
            Expect(reason="vantage.resolver"),
        ),
        reality=_dig("dropped", "no servers could be reached"),
    ),
    Situation(
        id="short-aaaa",
        row="7",
        about="AAAA of four bytes",
        rules=_rules("short-aaaa", {"answer": ["AAAA #c6336407"]}),
        system=_web("short-aaaa"),
        must=(Expect("naming.aaaa", "fail", "dns.bad_rdata"),),
        must_not=(Expect(reason="dns.nodata"), Expect("naming.aaaa", "pass")),
    ),
    Situation(
        id="truncated",
        row="8",
        about="truncated over UDP, whole over TCP",
        rules=_rules(
            "truncated",
            {"transport": "udp", "truncate": True},
            {"transport": "tcp", "answer": [_AAAA]},
        ),
        system=_web("truncated"),
        must=(Expect("naming.aaaa", "pass"), Expect("reach.service", "pass"), Expect("naming.speed", "pass")),
        must_not=(NO_FAIL,),
        reality=_dig("truncated", "2001:db8:ffff::1"),
    ),
    Situation(
        id="truncated-stuck",
        about="truncated over UDP, TCP hangs up",
        rules=_rules(
            "truncated-stuck",
            {"transport": "udp", "truncate": True},
            {"transport": "tcp", "hang_up": "reset"},
        ),
        system=_web("truncated-stuck"),
        must=(Expect("naming.aaaa", "unknown", "dns.tcp_blocked"),),
        must_not=(Expect("naming.aaaa", "fail"), Expect(reason="dns.nodata")),
    ),
    Situation(
        id="no-edns",
        row="9",
        about="questions with EDNS are dropped",
        rules=_rules("no-edns", {"edns": True, "silent": True}, {"edns": False, "answer": [_AAAA]}),
        system=_web("no-edns"),
        must=(
            Expect("naming.aaaa", "pass"),
            Expect("reach.service", "pass"),
            Expect("naming.speed", "warn", "dns.edns"),
            Expect("ns.aaaa", "pass"),
        ),
        must_not=(NO_FAIL, Expect(reason="dns.timeout")),
        reality=_dig("no-edns", "2001:db8:ffff::1", "+noedns"),
    ),
    Situation(
        id="loop",
        row="12",
        about="two CNAMEs that name each other",
        rules=tuple(
            {
                "name": f"{name}.odd.example",
                "type": "*",
                "answer": [
                    "loop.odd.example. 60 CNAME loop-b.odd.example.",
                    "loop-b.odd.example. 60 CNAME loop.odd.example.",
                ],
            }
            for name in ("loop", "loop-b")
        ),
        system=_web("loop"),
        must=(Expect("naming.resolves", "fail", "dns.cname_loop"),),
        must_not=(Expect(reason="dns.nodata"), Expect(reason="dns.nxdomain")),
        reality=_dig("loop", "loop-b.odd.example."),
    ),
    Situation(
        id="late",
        about="AAAA comes a second late",
        rules=_rules("late", {"delay": 1.0, "answer": [_AAAA]}),
        system=_web("late"),
        must=(Expect("naming.aaaa", "pass"), Expect("naming.speed", "warn", "dns.delay")),
        must_not=(NO_FAIL, Expect(reason="dns.timeout")),
    ),
    Situation(
        id="spoofed",
        about="answers with a wrong id and a wrong question come first",
        rules=_rules("spoofed", {"decoys": ["id", "question"], "answer": [_AAAA]}),
        system=_web("spoofed"),
        must=(Expect("naming.aaaa", "pass"),),
        must_not=(NO_FAIL,),
    ),
)
