"""Equipment whose management address answers, or not: one device each, managed at port 80 or 8443."""

from __future__ import annotations

from typing import Any

from tests.lab.situation import Expect, Reality, Scene, Situation
from tests.lab.situations.reach import v4, v6

_CHECK = "equipment.reachable"
_TO = "ip6 daddr {} tcp dport 80"
_TO4 = "ip daddr {} tcp dport 80"


def _device(number: int, *ports: int) -> dict[str, Any]:
    return {
        "kind": "firewall",
        "management": [v6(number), v4(number)],
        "management_ports": list(ports) or [8443, 80],
    }


def _reality(number: int, *, six: bool, four: bool) -> Reality:
    def look(scene: Scene) -> None:
        assert scene.connects(v6(number), 80) is six, f"IPv6 of {number} is not as planned"
        assert scene.connects(v4(number), 80) is four, f"IPv4 of {number} is not as planned"

    return look


DEVICES: tuple[Situation, ...] = (
    Situation(
        id="managed-over-both",
        about="one management port answers over both families, the other is closed",
        system=_device(70),
        must=(Expect(_CHECK, "pass", "ok", args={"addresses": v6(70)}),),
        must_not=(Expect(_CHECK, "fail"), Expect(_CHECK, "unknown")),
        reality=_reality(70, six=True, four=True),
    ),
    Situation(
        id="management-rules-for-ipv4-only",
        about="the management network's filter drops IPv6: dead there, alive over IPv4",
        system=_device(71),
        filters=(f"{_TO.format(v6(71))} drop",),
        must=(Expect(_CHECK, "fail", "reach.silent", args={"endpoint": f"[{v6(71)}]:80"}),),
        must_not=(Expect(_CHECK, "pass"), Expect(_CHECK, "unknown")),
        reality=_reality(71, six=False, four=True),
    ),
    Situation(
        id="management-on-ipv4-only",
        about="the management service listens on IPv4 alone",
        system=_device(72),
        filters=(f"{_TO.format(v6(72))} reject with tcp reset",),
        must=(Expect(_CHECK, "fail", "reach.closed"),),
        must_not=(Expect(_CHECK, "pass"), Expect(_CHECK, "fail", "reach.silent")),
        reality=_reality(72, six=False, four=True),
    ),
    Situation(
        id="management-not-from-here",
        about="the management network lets nobody in from here, over either family",
        system=_device(73, 80),
        filters=(f"{_TO.format(v6(73))} drop", f"{_TO4.format(v4(73))} drop"),
        must=(Expect(_CHECK, "unknown", "reach.filtered_here"),),
        must_not=(Expect(_CHECK, "fail"), Expect(_CHECK, "pass")),
        reality=_reality(73, six=False, four=False),
    ),
    Situation(
        id="managed-at-another-port",
        about="the device is there, and managed at a port that nobody named",
        system=_device(74, 8443),
        must=(Expect(_CHECK, "unknown", "equipment.management_port"),),
        must_not=(Expect(_CHECK, "fail"), Expect(_CHECK, "pass")),
        reality=_reality(74, six=True, four=True),
    ),
)
