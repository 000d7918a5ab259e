"""Vantages with troubles of their own: what is broken is here, and no target may be blamed for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.lab.network import Network
from tests.lab.situation import Expect, Scene

RESOLVER_V4, RESOLVER_V6 = "198.51.100.53", "2001:db8:2::53"
LIAR, DEAF = "198.51.100.54", "198.51.100.99"
CANARIES = ["2001:db8:2::2", "198.51.100.2"]
ZONE = "\n".join(
    f"{name} A 198.19.0.{n}\n{name} AAAA 2001:db8:ffff::{n:x}" for n, name in ((1, "alive"), (2, "dead"))
)
ALIVE = {
    "id": "alive",
    "name": "alive",
    "hosts": ["alive.lab.example"],
    "services": [{"app": "tcp", "port": 80}],
}
DEAD = {**ALIVE, "id": "dead", "name": "dead", "hosts": ["dead.lab.example"]}
DROP_DEAD = "ip6 daddr 2001:db8:ffff::2 tcp dport 80 drop"
DROP_ALL_V6 = "meta nfproto ipv6 drop"
V6_FAILS = (Expect("reach.service", "fail"), Expect("parity.service", "fail"), Expect("naming.aaaa", "fail"))


@dataclass(frozen=True, kw_only=True)
class VantageSituation:
    """One vantage with a trouble, and what must be said of two systems, of others, and of the run.

    `resolvers` stand in place of `resolver` where there are several; `elsewhere` are vantages that take
    no part; `warnings` are words that a warning on the run has to have.
    """

    id: str
    row: str = ""
    about: str
    prepare: Callable[[Network], None] = lambda network: None
    filters: Sequence[str] = (DROP_DEAD,)
    vantage: Mapping[str, Any] = field(default_factory=lambda: {"canaries": CANARIES})
    resolver: str = RESOLVER_V4
    systems: Sequence[Mapping[str, Any]] = (ALIVE, DEAD)
    alive: Sequence[Expect] = ()
    dead: Sequence[Expect] = ()
    must_not: Sequence[Expect] = ()
    others: Mapping[str, Sequence[Expect]] = field(default_factory=dict)
    resolvers: Sequence[str] = ()
    elsewhere: Sequence[str] = ()
    warnings: Sequence[str] = ()
    options: Sequence[str] = ()
    exit_code: int
    ipv4: str = "ok"
    ipv6: str = "ok"
    reality: Callable[[Scene], None]


def _unknown(reason: str) -> tuple[Expect, ...]:
    return (
        Expect("reach.service", "unknown", reason),
        Expect("reach.ipv4", "pass"),
        Expect("naming.aaaa", "pass"),
    )


def _disable_v6(network: Network) -> None:
    network.vantage.run("sysctl", "-qw", "net.ipv6.conf.v0.disable_ipv6=1")


def _link_local_only(network: Network) -> None:
    network.vantage.run("ip", "-6", "address", "del", "2001:db8:1::2/64", "dev", "v0")
    network.router.run("ip", "address", "add", "fe80::1/64", "dev", "r0", "nodad")
    network.vantage.run("ip", "-6", "route", "replace", "default", "via", "fe80::1", "dev", "v0")


def _ula_only(network: Network) -> None:
    network.router.run("ip", "address", "add", "fd5a:1b2c:3d4e:1::1/64", "dev", "r0", "nodad")
    network.vantage.run("ip", "-6", "address", "del", "2001:db8:1::2/64", "dev", "v0")
    network.vantage.run("ip", "address", "add", "fd5a:1b2c:3d4e:1::2/64", "dev", "v0", "nodad")
    network.vantage.run("ip", "-6", "route", "replace", "default", "via", "fd5a:1b2c:3d4e:1::1")


def _without_v4(network: Network) -> None:
    network.vantage.run("ip", "-4", "address", "flush", "dev", "v0")


def _without_any(network: Network) -> None:
    """Leave V its loopback alone, as a host whose network never came up, with IPv6 switched off."""
    network.vantage.run("ip", "-4", "address", "flush", "dev", "v0")
    network.vantage.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")


def _translated(network: Network) -> None:
    """Give V the IPv4 side of a translator (RFC 7335) for its own address."""
    network.router.run("ip", "address", "add", "192.0.0.2/29", "dev", "r0")
    network.vantage.run("ip", "-4", "address", "flush", "dev", "v0")
    network.vantage.run("ip", "address", "add", "192.0.0.1/29", "dev", "v0")
    network.vantage.run("ip", "-4", "route", "replace", "default", "via", "192.0.0.2")


def _ula_and_silence(network: Network) -> None:
    _ula_only(network)
    network.router.run("ip", "-6", "route", "del", "2001:db8:ffff::/48")
    network.router.run("ip", "-6", "route", "add", "blackhole", "2001:db8:ffff::/48")


def _many_prefixes() -> list[dict[str, Any]]:
    """Literals in four /48s that the router has no route to."""
    return [
        {**ALIVE, "id": f"far-{n}", "name": "far", "hosts": [f"2001:db8:a0{n}::1", "198.19.0.1"]}
        for n in range(4)
    ]


def _route_says(scene: Scene, *words: str) -> None:
    done = scene.network.vantage.run("ip", "-6", "route", "get", "2001:db8:ffff::1", check=False)
    assert any(word in done.stdout + done.stderr for word in words), done.stdout + done.stderr


def _nobody_to_ask(scene: Scene) -> None:
    for resolver in (RESOLVER_V4, RESOLVER_V6):
        done = scene.network.vantage.run("dig", f"@{resolver}", "alive.lab.example", "+tries=1", check=False)
        assert "ANSWER SECTION" not in done.stdout, done.stdout


def _connects(scene: Scene, address: str, expected: bool, port: int = 80) -> None:
    assert scene.connects(address, port) is expected, f"{address}:{port}"


_WITHOUT_ANY = (
    Expect("naming.aaaa", "unknown", "vantage.no_ipv6"),
    Expect("naming.a", "unknown", "vantage.no_ipv6"),
    Expect("reach.service", "unknown", "vantage.no_ipv6"),
)

VANTAGES: tuple[VantageSituation, ...] = (
    VantageSituation(
        id="no-v6",
        row="31",
        about="this host has no IPv6",
        prepare=_disable_v6,
        alive=_unknown("vantage.no_ipv6"),
        dead=_unknown("vantage.no_ipv6"),
        must_not=V6_FAILS,
        exit_code=3,
        ipv6="none",
        reality=lambda scene: _route_says(scene, "unreachable", "No route"),
    ),
    VantageSituation(
        id="link-local-only",
        row="32",
        about="this host has link-local IPv6 only",
        prepare=_link_local_only,
        alive=_unknown("vantage.no_ipv6"),
        dead=_unknown("vantage.no_ipv6"),
        must_not=V6_FAILS,
        exit_code=3,
        ipv6="none",
        reality=lambda scene: _connects(scene, "2001:db8:ffff::1", False),
    ),
    VantageSituation(
        id="ula-with-canary",
        row="33",
        about="this host has a ULA, its canary answers, one target is dead",
        prepare=_ula_only,
        alive=(Expect("reach.service", "pass"),),
        dead=(Expect("reach.service", "fail", "reach.silent"),),
        must_not=(Expect(reason="vantage.no_ipv6"), Expect(reason="vantage.broken")),
        exit_code=0,
        reality=lambda scene: _connects(scene, "2001:db8:ffff::1", True),
    ),
    VantageSituation(
        id="no-v4",
        row="34",
        about="this host has no IPv4",
        prepare=_without_v4,
        resolver=RESOLVER_V6,
        alive=(
            Expect("reach.service", "pass"),
            Expect("parity.service", "pass"),
            Expect("reach.ipv4", "unknown", "vantage.no_ipv4"),
        ),
        dead=(Expect("reach.ipv4", "unknown", "vantage.no_ipv4"),),
        must_not=(Expect("reach.ipv4", "fail"), Expect("parity.offer", "warn")),
        exit_code=3,
        ipv4="none",
        reality=lambda scene: _connects(scene, "198.19.0.1", False),
    ),
    VantageSituation(
        id="no-network",
        about="this host has loopback addresses alone: nobody can be asked, its resolvers least of all",
        prepare=_without_any,
        resolvers=(RESOLVER_V6, RESOLVER_V4),
        alive=_WITHOUT_ANY,
        dead=_WITHOUT_ANY,
        must_not=(
            Expect(verdict="fail"),
            Expect(verdict="pass"),
            Expect(reason="vantage.overloaded"),
            Expect(reason="vantage.resolver"),
            Expect(reason="dns.timeout"),
        ),
        exit_code=3,
        ipv4="none",
        ipv6="none",
        reality=lambda scene: _nobody_to_ask(scene),
    ),
    VantageSituation(
        id="broken",
        about="the way out drops all IPv6, the canary with it",
        filters=(DROP_ALL_V6,),
        alive=_unknown("vantage.broken"),
        dead=_unknown("vantage.broken"),
        must_not=V6_FAILS,
        exit_code=3,
        ipv6="broken",
        reality=lambda scene: _connects(scene, "2001:db8:ffff::1", False),
    ),
    VantageSituation(
        id="unverified",
        about="the same, and no canary is named",
        filters=(DROP_ALL_V6,),
        vantage={},
        alive=_unknown("vantage.unverified"),
        dead=_unknown("vantage.unverified"),
        must_not=V6_FAILS,
        exit_code=3,
        ipv6="unverified",
        reality=lambda scene: _connects(scene, "2001:db8:ffff::1", False),
    ),
    VantageSituation(
        id="stale-canary",
        about="the canary is dead, a target beyond it answers",
        vantage={"canaries": ["2001:db8:ffff::2", "198.51.100.2"]},
        filters=("ip6 daddr 2001:db8:ffff::2 drop",),
        alive=(Expect("reach.service", "pass"),),
        dead=(Expect("reach.ipv4", "pass"),),
        must_not=(Expect(reason="vantage.broken"), Expect(reason="vantage.no_ipv6")),
        exit_code=0,
        reality=lambda scene: _connects(scene, "2001:db8:ffff::1", True),
    ),
    VantageSituation(
        id="no-route",
        about="our next hop has no route to anybody",
        systems=[ALIVE, DEAD, *_many_prefixes()],
        vantage={},
        filters=("ip6 daddr 2001:db8:ffff::/48 reject with icmpv6 type no-route",),
        alive=_unknown("vantage.no_route"),
        dead=_unknown("vantage.no_route"),
        must_not=V6_FAILS,
        exit_code=3,
        ipv6="unverified",
        reality=lambda scene: _connects(scene, "2001:db8:a01::1", False),
    ),
    VantageSituation(
        id="port-blocked",
        about="the way out drops port 25, a control shows it",
        vantage={"canaries": CANARIES, "controls": ["[2001:db8:ffff::9]:25", "198.19.0.9:25"]},
        systems=[
            {**ALIVE, "services": [{"app": "tcp", "port": 25}]},
            {**DEAD, "services": [{"app": "tcp", "port": 80}]},
        ],
        filters=(DROP_DEAD, "tcp dport 25 drop"),
        alive=(Expect("reach.service", "unknown", "vantage.port_blocked"),),
        dead=(Expect("reach.service", "fail", "reach.silent"),),
        must_not=(Expect(reason="reach.filtered_here"),),
        exit_code=0,
        reality=lambda scene: _connects(scene, "2001:db8:ffff::1", False, 25),
    ),
    VantageSituation(
        id="dead-resolver",
        about="the resolver never answers",
        resolver="198.51.100.99",
        alive=(Expect("naming.resolves", "unknown", "vantage.resolver"), Expect("naming.aaaa", "unknown")),
        dead=(Expect("naming.resolves", "unknown", "vantage.resolver"),),
        must_not=(Expect(verdict="fail"),),
        exit_code=3,
        reality=lambda scene: None,
    ),
    VantageSituation(
        id="loss",
        row="27",
        about="30 % of the IPv6 packets to one target are lost",
        filters=("ip6 daddr 2001:db8:ffff::1 numgen random mod 100 < 30 drop", DROP_DEAD),
        alive=(Expect("reach.service", "pass"), Expect("parity.service", "pass")),
        dead=(Expect("reach.service", "fail", "reach.silent"),),
        exit_code=0,
        reality=lambda scene: None,
    ),
)


ODD_VANTAGES: tuple[VantageSituation, ...] = (
    VantageSituation(
        id="ula-without-canary",
        row="33",
        about="this host has a ULA, no canary is named, and nobody answers it",
        prepare=_ula_and_silence,
        vantage={},
        filters=(),
        alive=_unknown("vantage.unverified"),
        dead=_unknown("vantage.unverified"),
        must_not=V6_FAILS,
        exit_code=3,
        ipv6="unverified",
        reality=lambda scene: _connects(scene, "2001:db8:ffff::1", False),
    ),
    VantageSituation(
        id="lost-in-mid-run",
        about="IPv6 is lost for good while the scan is under way",
        systems=[ALIVE, {**DEAD, "closed_ports": [3389, 3390]}],
        filters=(
            "ip6 saddr @lost6 drop",
            "ip6 daddr 2001:db8:ffff::2 tcp dport 3389 add @lost6 { ip6 saddr } drop",
        ),
        alive=(Expect("reach.service", "pass"), Expect("parity.service", "pass")),
        dead=(
            Expect("reach.service", "pass"),
            Expect("parity.closed_ports", "unknown", "vantage.broken", family=6),
        ),
        must_not=(
            *V6_FAILS,
            Expect("reach.stable", "warn"),
            Expect("path.extension", "warn"),
            Expect(reason="target.shunned"),
            Expect("parity.closed_ports", "pass", family=6),
        ),
        exit_code=3,
        ipv6="broken",
        warnings=("2001:db8:2::2",),
        options=("--max-time", "110s"),  # all that follows is silent, and lasts as long as it can
        reality=lambda scene: _connects(scene, "2001:db8:ffff::1", True),
    ),
    VantageSituation(
        id="canary-for-a-prefix",
        about="the way to one prefix is lost and its own canary shows it; another prefix is judged",
        vantage={
            "canaries": [
                {"host": "2001:db8:2::2", "for": ["2001:db8:2::/48"]},
                {"host": "2001:db8:ffff::5", "for": ["2001:db8:ffff::/48"]},
                "198.51.100.2",
            ]
        },
        systems=[
            ALIVE,
            DEAD,
            {**ALIVE, "id": "near", "name": "near", "hosts": ["2001:db8:2::2", "198.51.100.2"]},
        ],
        filters=("ip6 daddr 2001:db8:ffff::/48 drop", "ip6 daddr 2001:db8:2::2 tcp dport 80 drop"),
        alive=_unknown("vantage.broken"),
        dead=_unknown("vantage.broken"),
        must_not=V6_FAILS,
        others={"near": (Expect("reach.service", "fail", "reach.silent"),)},
        exit_code=3,
        ipv6="broken",
        reality=lambda scene: _connects(scene, "2001:db8:ffff::1", False),
    ),
    VantageSituation(
        id="out-of-time",
        about="the time that the scan may take is used up before a silent target is certain",
        alive=(Expect("reach.service", "pass"), Expect("parity.service", "pass")),
        dead=(Expect("reach.service", "unknown", "time.over"), Expect("naming.aaaa", "pass")),
        must_not=(Expect("reach.service", "fail"), Expect("parity.service", "fail")),
        exit_code=3,
        options=("--max-time", "15s"),
        reality=lambda scene: _connects(scene, "2001:db8:ffff::2", False),
    ),
    VantageSituation(
        id="translated",
        about="IPv4 leaves through a translator",
        prepare=_translated,
        alive=(Expect("reach.service", "pass"), Expect("reach.ipv4", "pass")),
        dead=(
            Expect("reach.service", "fail", "reach.silent"),
            Expect("parity.service", "unknown", "vantage.translated"),
            Expect("client.happy_eyeballs", "unknown", "vantage.translated"),
        ),
        must_not=(
            Expect("client.happy_eyeballs", "fail"),
            Expect("parity.service", "fail"),
            Expect("parity.offer", "warn"),
        ),
        exit_code=0,
        ipv4="translated",
        reality=lambda scene: _connects(scene, "198.19.0.1", True),
    ),
    VantageSituation(
        id="one-dead-resolver",
        about="one of two resolvers never answers",
        resolvers=(DEAF, RESOLVER_V4),
        alive=(Expect("reach.service", "pass"), Expect("naming.aaaa", "pass")),
        dead=(Expect("reach.service", "fail", "reach.silent"),),
        must_not=(Expect(reason="vantage.resolver"), Expect("naming.resolves", "unknown")),
        warnings=(DEAF,),
        exit_code=0,
        reality=lambda scene: None,
    ),
    VantageSituation(
        id="lying-resolver",
        about="the resolver gives one address for whatever does not exist",
        resolvers=(LIAR,),
        systems=[ALIVE, DEAD, {**ALIVE, "id": "ghost", "name": "ghost", "hosts": ["ghost.lab.example"]}],
        alive=(Expect("reach.service", "pass"), Expect("naming.resolves", "pass")),
        dead=(Expect("reach.service", "fail", "reach.silent"),),
        must_not=(Expect(reason="dns.nodata"),),
        others={"ghost": (Expect("naming.aaaa", "unknown", "vantage.resolver"),)},
        warnings=(LIAR, "198.19.0.99"),
        exit_code=3,
        reality=lambda scene: _lies(scene),
    ),
    VantageSituation(
        id="absent",
        about="another vantage takes no part",
        elsewhere=("elsewhere",),
        alive=(
            Expect("reach.service", "pass"),
            Expect("reach.service", "unknown", "vantage.absent"),
        ),
        dead=(Expect("reach.service", "fail", "reach.silent"),),
        exit_code=0,
        reality=lambda scene: _connects(scene, "2001:db8:ffff::1", True),
    ),
)


def _lies(scene: Scene) -> None:
    said = scene.network.vantage.run("dig", f"@{LIAR}", "nobody.invalid", "A", "+short", "+tries=1").stdout
    assert said.strip() == "198.19.0.99"
