"""Reach and parity situations: what filters, routers and listeners do, one address each."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.lab.situation import NO_DOUBT, NO_FAIL, NO_REACH_FAIL, NO_WARN, Expect, Reality, Scene, Situation


def v6(number: int) -> str:
    """Return situation `number`'s IPv6 address (AnyIP)."""
    return f"2001:db8:ffff::{number:x}"


def v4(number: int) -> str:
    """Return situation `number`'s IPv4 address (AnyIP)."""
    return f"198.19.0.{number}"


def _system(number: int, **more: Any) -> dict[str, Any]:
    return {"hosts": [v6(number), v4(number)], "services": [{"app": "tcp", "port": 80}], **more}


def _reality(number: int, *, six: bool, four: bool, port: int = 80) -> Reality:
    def look(scene: Scene) -> None:
        assert scene.connects(v6(number), port) is six, f"IPv6 of {number} is not as planned"
        assert scene.connects(v4(number), port) is four, f"IPv4 of {number} is not as planned"

    return look


def _filtered(
    number: int,
    identifier: str,
    row: str,
    about: str,
    filters: tuple[str, ...],
    reason: str,
    **args: Any,
) -> Situation:
    """Return a situation whose IPv6 a filter on the router breaks while IPv4 works."""
    return Situation(
        id=identifier,
        row=row,
        about=about,
        system=_system(number),
        filters=filters,
        must=(
            Expect("reach.service", "fail", reason, args=args),
            Expect("reach.stable", "not_applicable", "not.answering"),
            Expect("parity.service", "fail", "parity.v6_missing"),
            Expect("reach.ipv4", "pass"),
        ),
        must_not=tuple(
            Expect("reach.service", "fail", other)
            for other in ("reach.closed", "reach.silent", "reach.rejected", "reach.unreachable", "reach.down")
            if other != reason
        ),
        reality=_reality(number, six=False, four=True),
    )


_TO = "ip6 daddr {} tcp dport 80"
_TO4 = "ip daddr {} tcp dport 80"
_SYN = "ip6 daddr {} tcp dport 80 tcp flags & (syn | ack) == syn"


def closed_window() -> dict[str, str]:
    """Return a window of an hour that opens half a day from now."""
    opens = datetime.now(UTC) + timedelta(hours=12)
    return {
        "days": "mon-sun",
        "from": f"{opens:%H}:00",
        "to": f"{opens:%H}:59",
    }


REACH: tuple[Situation, ...] = (
    Situation(
        id="both-open",
        row="1",
        about="open over both families",
        system=_system(1),
        must=(
            Expect("reach.service", "pass", "ok"),
            Expect("reach.ipv4", "pass"),
            Expect("parity.service", "pass"),
            Expect("parity.offer", "pass"),
        ),
        must_not=(NO_FAIL, NO_WARN, NO_DOUBT, Expect(reason="not.answering"), Expect(reason="time.over")),
        reality=_reality(1, six=True, four=True),
    ),
    _filtered(
        *(2, "v6-reset", "21", "IPv6 answers with RST"),
        (f"{_TO.format(v6(2))} reject with tcp reset",),
        "reach.closed",
    ),
    _filtered(3, "v6-drop", "22", "IPv6 is dropped", (f"{_TO.format(v6(3))} drop",), "reach.silent"),
    _filtered(
        *(4, "v6-prohibited", "23", "a router prohibits IPv6"),
        (f"{_TO.format(v6(4))} reject with icmpv6 type admin-prohibited",),
        "reach.rejected",
        offender="2001:db8:1::1",
    ),
    _filtered(
        *(5, "v6-port-unreachable", "", "a router says port unreachable"),
        (f"{_TO.format(v6(5))} reject with icmpv6 type port-unreachable",),
        "reach.rejected",
        offender="2001:db8:1::1",
    ),
    _filtered(
        *(6, "v6-no-route", "", "a router has no route over IPv6"),
        (f"{_TO.format(v6(6))} reject with icmpv6 type no-route",),
        "reach.unreachable",
        offender="2001:db8:1::1",
    ),
    _filtered(
        *(7, "v6-address-unreachable", "", "a router says the IPv6 address is unreachable"),
        (f"{_TO.format(v6(7))} reject with icmpv6 type addr-unreachable",),
        "reach.unreachable",
        offender="2001:db8:1::1",
    ),
    Situation(
        id="v4-prohibited",
        row="24",
        about="IPv4 is prohibited, IPv6 works",
        system=_system(8, closed_ports=[3389]),
        filters=(f"{_TO4.format(v4(8))} reject with icmp type host-prohibited",),
        must=(
            Expect("reach.ipv4", "fail", "reach.rejected"),
            Expect("parity.offer", "warn", "parity.v4_missing"),
            Expect("reach.service", "pass"),
        ),
        must_not=(Expect("parity.exposure", "fail"), NO_REACH_FAIL, Expect(reason="parity.v6_missing")),
        reality=_reality(8, six=True, four=False),
    ),
    Situation(
        id="v6-exposed",
        row="25",
        about="SSH open on IPv6, dropped on IPv4, to be closed on both",
        system=_system(9, closed_ports=[22]),
        filters=(f"ip daddr {v4(9)} tcp dport 22 drop",),
        must=(
            Expect("parity.exposure", "fail", "parity.v6_exposed"),
            Expect("parity.closed_ports", "fail", "exposure.open", family=6),
            Expect("reach.service", "pass"),
        ),
        must_not=(Expect("parity.closed_ports", "fail", family=4), NO_REACH_FAIL),
        reality=_reality(9, six=True, four=False, port=22),
    ),
    Situation(
        id="closed-is-closed",
        about="a port to be closed is closed over both families",
        system=_system(10, closed_ports=[3389]),
        must=(Expect("parity.closed_ports", "pass"), Expect("reach.service", "pass")),
        must_not=(NO_FAIL,),
        reality=_reality(10, six=False, four=False, port=3389),
    ),
    Situation(
        id="both-reset",
        row="26",
        about="RST over both families",
        system={**_system(11), "services": [{"app": "tcp", "port": 81}]},
        must=(Expect("reach.service", "fail", "reach.down"), Expect("reach.ipv4", "fail", "reach.down")),
        must_not=(Expect("parity.service", "fail"), Expect(reason="reach.closed")),
        reality=_reality(11, six=False, four=False, port=81),
    ),
    Situation(
        id="both-silent",
        row="26",
        about="dropped over both families",
        system=_system(12),
        filters=(f"{_TO.format(v6(12))} drop", f"{_TO4.format(v4(12))} drop"),
        must=(Expect("reach.service", "unknown", "reach.filtered_here"),),
        must_not=(NO_FAIL,),
        reality=_reality(12, six=False, four=False),
    ),
    Situation(
        id="ping-only",
        row="30",
        about="answers ping, drops IPv6 TCP",
        system=_system(13),
        filters=(f"ip6 daddr {v6(13)} meta l4proto tcp drop",),
        must=(Expect("reach.service", "fail", "reach.silent"), Expect("path.icmp", "pass", "ok")),
        must_not=(Expect("reach.service", "pass"), Expect(reason="icmp.echo_blocked")),
        reality=lambda scene: _require(
            scene.network.vantage.run("ping", "-c1", "-W2", v6(13), check=False).returncode == 0
        ),
    ),
    Situation(
        id="echo-dropped",
        row="29",
        about="ping is dropped, TCP works",
        system=_system(14),
        filters=(f"ip6 daddr {v6(14)} icmpv6 type echo-request drop",),
        must=(
            Expect("reach.service", "pass"),
            Expect("path.icmp", "pass", "icmp.echo_blocked"),
            Expect("path.extension", "not_applicable", "path.extension_not_tested"),
        ),
        must_not=(NO_FAIL, NO_WARN),
        reality=lambda scene: _require(
            scene.network.vantage.run("ping", "-c1", "-W1", v6(14), check=False).returncode != 0
        ),
    ),
    Situation(
        id="partial",
        about="one of two IPv6 addresses of a name is dead",
        zone=f"partial AAAA {v6(15)}\npartial AAAA {v6(16)}\npartial A {v4(15)}",
        system={"hosts": ["partial.lab.example"], "services": [{"app": "tcp", "port": 80}]},
        filters=(f"{_TO.format(v6(16))} reject with tcp reset",),
        must=(Expect("reach.service", "fail", "reach.partial", args={"dead": v6(16)}),),
        must_not=(Expect("parity.service", "fail"), Expect("reach.service", "fail", "reach.closed")),
        reality=lambda scene: _require(
            scene.connects(v6(15), 80) and not scene.connects(v6(16), 80),
        ),
    ),
    Situation(
        id="standby",
        about="a standby member is silent, as it should be",
        system={
            "hosts": [v6(17), v4(17), {"host": v6(18), "role": "standby"}],
            "services": [{"app": "tcp", "port": 80}],
        },
        filters=(f"{_TO.format(v6(18))} drop",),
        must=(Expect("reach.service", "pass"),),
        must_not=(NO_FAIL,),
        reality=lambda scene: _require(not scene.connects(v6(18), 80)),
    ),
    Situation(
        id="out-of-scope",
        about="a literal that `exclude` takes out of scope",
        system={"hosts": ["2001:db8:dead::1", v4(19)], "services": [{"app": "tcp", "port": 80}]},
        must=(Expect("reach.service", "unknown", "scope.outside"),),
        must_not=(NO_FAIL,),
    ),
    Situation(
        id="dead-neighbour",
        about="the server's own link has nobody at the IPv6 address",
        system={"hosts": ["2001:db8:2::dead", v4(20)], "services": [{"app": "tcp", "port": 80}]},
        must=(Expect("reach.service", "fail", "reach.unreachable"), Expect("parity.service", "fail")),
        must_not=(Expect(reason="vantage.no_route"), Expect("reach.service", "fail", "reach.silent")),
        reality=lambda scene: _require(not scene.connects("2001:db8:2::dead", 80)),
    ),
    Situation(
        id="v4-listener",
        row="58",
        about="the server listens on IPv4 only",
        system={**_system(21), "services": [{"app": "tcp", "port": 8081}]},
        must=(Expect("reach.service", "fail", "reach.closed"), Expect("parity.service", "fail")),
        must_not=(Expect(reason="reach.down"), Expect(reason="reach.silent")),
        reality=_reality(21, six=False, four=True, port=8081),
    ),
    Situation(
        id="link-local",
        row="59",
        about="a link-local literal with its interface",
        system={"hosts": ["fe80::1%v0"], "services": [{"app": "tcp", "port": 80}], "goal": "ipv6-only"},
        must=(Expect("reach.service", "pass"),),
        must_not=(Expect("reach.service", "fail"),),
        reality=lambda scene: _require(scene.connects("fe80::1%v0", 80)),
    ),
    Situation(
        id="open-everything",
        about="a device answers at every port of the host, over both families",
        system={**_system(30), "services": [{"app": "tcp", "port": 7777}]},
        must=(
            Expect("reach.service", "unknown", "reach.open_everything"),
            Expect("parity.service", "unknown", "reach.open_everything"),
        ),
        must_not=(NO_FAIL, Expect("reach.service", "pass")),
        reality=_reality(30, six=True, four=True, port=55555),
    ),
    Situation(
        id="gentle",
        about="a host that wants one connection at a time",
        system={
            **_system(35, probe="gentle", closed_ports=[3389]),
            "services": [{"app": "tcp", "port": 80}, {"app": "http", "port": 80}],
        },
        must=(Expect("reach.service", "pass"), Expect("reach.stable", "pass")),
        must_not=(NO_FAIL,),
    ),
    Situation(
        id="window",
        about="a host outside its window",
        system=_system(36, windows=[closed_window()]),
        must=(
            Expect("reach.service", "unknown", "schedule.outside"),
            Expect("reach.stable", "unknown", "schedule.outside"),
        ),
        must_not=(NO_FAIL, Expect("reach.service", "pass")),
        reality=_reality(36, six=True, four=True),
    ),
)


def _ports() -> range:
    """Return the ports of `many-rejected`: a router that limits its ICMP takes a second a port, twice."""
    return range(4000, 4064 if os.environ.get("IPV6CHECK_SOAK") else 4024)


HARDSHIP: tuple[Situation, ...] = (
    Situation(
        id="shunned",
        about="touching port 3389 over IPv6 makes the host fall silent altogether",
        system=_system(31, closed_ports=[3389, 3390]),
        filters=(
            "ip6 saddr . ip6 daddr @shun6 drop",
            f"ip6 daddr {v6(31)} tcp dport 3389 add @shun6 {{ ip6 saddr . ip6 daddr }} drop",
        ),
        must=(
            Expect("reach.service", "pass"),
            Expect("parity.closed_ports", "unknown", "target.shunned", family=6),
        ),
        must_not=(NO_FAIL, Expect(reason="vantage.broken"), Expect("parity.closed_ports", "pass", family=6)),
    ),
    Situation(
        id="flapping",
        about="every other connection over IPv6 is reset",
        system=_system(32),
        filters=(f"{_SYN.format(v6(32))} numgen inc mod 2 == 0 reject with tcp reset",),
        must=(Expect("reach.stable", "warn", "reach.unstable"), Expect("reach.service", "pass")),
        must_not=(NO_FAIL, Expect(reason="reach.loss"), Expect(reason="reach.closed")),
    ),
    Situation(
        id="steady-loss",
        about="every other SYN over IPv6 is lost",
        system=_system(33),
        filters=(f"{_SYN.format(v6(33))} numgen inc mod 2 == 0 drop",),
        must=(Expect("reach.stable", "warn", "reach.loss"), Expect("reach.service", "pass")),
        must_not=(NO_FAIL, Expect(reason="reach.unstable")),
    ),
    Situation(
        id="random-loss",
        row="27",
        about="30 % of the IPv6 packets are lost",
        system=_system(37),
        filters=(f"ip6 daddr {v6(37)} numgen random mod 100 < 30 drop",),
        must=(Expect("reach.service", "pass"), Expect("parity.service", "pass")),
        must_not=(NO_FAIL, Expect(reason="reach.unstable")),
    ),
    Situation(
        id="many-rejected",
        about="64 ports are all rejected over IPv6 by a router that limits its ICMP errors",
        system={
            **_system(34),
            "services": [{"app": "tcp", "port": port} for port in _ports()],
        },
        filters=(f"ip6 daddr {v6(34)} tcp dport 4000-4063 reject with icmpv6 type admin-prohibited",),
        must=(Expect("reach.service", "fail", "reach.rejected", args={"offender": "2001:db8:1::1"}),),
        must_not=(
            Expect(reason="reach.silent"),
            Expect("reach.service", "unknown"),
            Expect("reach.service", "pass"),
            Expect(reason="reach.filtered_here"),
        ),
        reality=_reality(34, six=False, four=True, port=4063),
    ),
)


def _require(condition: bool) -> None:
    assert condition
