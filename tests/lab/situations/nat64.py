"""Situations of a vantage that has no IPv4 at all: DNS64 at its resolver, NAT64 (tayga) in its router."""

from __future__ import annotations

import ipaddress

from tests.lab.situation import Expect, Scene, Situation
from tests.lab.situations.reach import v4, v6

PREFIX = "2001:db8:64::/96"
"""A prefix of the network's own: tayga translates no documentation addresses under 64:ff9b::/96."""


def mapped(address: str) -> str:
    """Return the address that DNS64 makes of an IPv4 address (RFC 6052 §2.2)."""
    return str(
        ipaddress.IPv6Address(int(ipaddress.IPv6Network(PREFIX)[0]) + int(ipaddress.IPv4Address(address)))
    )


def _look(scene: Scene, name: str, address: str, *, opens: bool) -> None:
    """dig gives this one AAAA record, and curl connects to it or not."""
    assert scene.dig(f"{name}.lab.example", "AAAA", "+short").split() == [address]
    assert scene.connects(address, 80) is opens


NAT64 = (
    Situation(
        id="v4-behind-nat64",
        about="a name with an A record only, reached through NAT64",
        zone=f"translated A {v4(80)}",
        system={"hosts": ["translated.lab.example"], "services": [{"app": "http", "port": 80}]},
        must=(
            Expect("v6only.ready", "pass", "v6only.through_nat64", args={"how": "NAT64"}),
            Expect("v6only.ready", args={"endpoints": mapped(v4(80))}),
            Expect("naming.aaaa", "fail", "dns.synthesised"),
        ),
        must_not=(Expect("v6only.ready", "pass", "ok"), Expect("v6only.ready", "fail")),
        reality=lambda scene: _look(scene, "translated", mapped(v4(80)), opens=True),
    ),
    Situation(
        id="native",
        about="a name with an AAAA record of its own",
        zone=f"native AAAA {v6(81)}\nnative A {v4(81)}",
        system={"hosts": ["native.lab.example"], "services": [{"app": "http", "port": 80}]},
        must=(Expect("v6only.ready", "pass", "ok", args={"how": "native"}),),
        must_not=(Expect("v6only.ready", "pass", "v6only.through_nat64"), Expect("v6only.ready", "fail")),
        reality=lambda scene: _look(scene, "native", v6(81), opens=True),
    ),
    Situation(
        id="closed-behind-nat64",
        about="a name with an A record only, whose port is closed behind NAT64",
        zone=f"shut A {v4(82)}",
        system={"hosts": ["shut.lab.example"], "services": [{"app": "tcp", "port": 81}]},
        must=(Expect("v6only.ready", "fail"),),
        must_not=(Expect("v6only.ready", "pass"),),
        reality=lambda scene: _look(scene, "shut", mapped(v4(82)), opens=True),
    ),
    Situation(
        id="literal-without-nat64",
        about="an IPv4 literal, which DNS64 cannot help",
        system={"hosts": [v4(83)], "services": [{"app": "http", "port": 80}]},
        must=(
            Expect("v6only.ready", "fail", "reach.no_address"),
            Expect("client.ipv4_literal", "warn", "client.literal"),
        ),
        must_not=(Expect("v6only.ready", "pass"),),
    ),
    Situation(
        id="needs-translated",
        about="depends on a system that only NAT64 makes usable",
        system={
            "hosts": ["native.lab.example"],
            "services": [{"app": "http", "port": 80}],
            "depends_on": [{"host": "translated.lab.example"}],
        },
        must=(Expect("v6only.dependencies", "fail", "v6only.blocked_by"),),
        must_not=(Expect("v6only.dependencies", "pass"),),
    ),
)
