"""Path MTU situations: a narrow link, and who drops which Packet Too Big; see tests/lab/narrow.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lab.narrow import at, prefix, source
from tests.lab.situation import NO_FAIL, Expect, Scene, Situation

LARGE = "/large.html"  # 60 kB
SMALL = "/small.html"

DELIVERED, DROPPED, CLAMPED, REQUESTS, CLEAN, HONEST, SLOW, SMALL_ONLY, SSH = (
    *(0x46, 0x47, 0x48, 0x4A, 0x49, 0x4B, 0x70, 0x4C, 0x4D),
)
FRAGMENTS, OPTIONS = 0x50, 0x51
NARROW = (DELIVERED, DROPPED, CLAMPED, REQUESTS, SLOW, SMALL_ONLY, SSH)
WIDE = (CLEAN, HONEST, FRAGMENTS, OPTIONS)


def drops_at(number: int) -> str:
    """Return the rule for a server that drops the Packet Too Big for situation `number`."""
    return f"ip6 daddr {prefix(number)} icmpv6 type packet-too-big drop"


def _system(number: int, path: str = LARGE) -> dict[str, Any]:
    return {
        "hosts": [at(number)],
        "services": [{"app": "http", "port": 80, "path": path}],
        "goal": "ipv6-only",
    }


def _bytes(scene: Scene, number: int, path: str) -> int:
    """Return how many bytes of a page curl gets within 4 s."""
    return len(scene.page(f"http://[{at(number)}]{path}"))


def _passes(number: int, *, large: bool, small: bool = True) -> Callable[[Scene], None]:
    def look(scene: Scene) -> None:
        assert (_bytes(scene, number, LARGE) > 50_000) is large
        assert (_bytes(scene, number, SMALL) > 0) is small
        _forget(scene, number)

    return look


def _forget(scene: Scene, number: int) -> None:
    """Take out what the look has taught the kernels about the path."""
    for namespace in (scene.network.vantage, scene.network.server):
        namespace.run("ip", "-6", "route", "flush", "cache", check=False)


PATH = (
    Situation(
        id="ptb-delivered",
        row="46",
        about="a narrow link, Packet Too Big delivered",
        system=_system(DELIVERED),
        # `ok`, or `clamped` if the server had learned the path's MTU before and announced it.
        must=(Expect("path.mtu", "pass"), Expect("reach.service", "pass")),
        must_not=(NO_FAIL, Expect(reason="pmtu.not_exercised")),
        reality=_passes(DELIVERED, large=True),
    ),
    Situation(
        id="ptb-dropped",
        row="47",
        about="a narrow link, the server drops Packet Too Big",
        system=_system(DROPPED),
        must=(Expect("path.mtu", "fail", "pmtu.blackhole", args={"direction": "response"}),),
        must_not=(
            Expect(reason="pmtu.not_exercised"),
            Expect("path.mtu", "pass"),
            Expect(reason="reach.silent"),
        ),
        reality=_passes(DROPPED, large=False),
    ),
    Situation(
        id="small-only",
        row="47",
        about="the same, but the page is small: its answers never show the black hole",
        system=_system(SMALL_ONLY, SMALL),
        must=(Expect("path.mtu", "not_applicable", "pmtu.not_exercised"), Expect("reach.service", "pass")),
        must_not=(Expect("path.mtu", "pass"), NO_FAIL),
        reality=_passes(SMALL_ONLY, large=False),
    ),
    Situation(
        id="mss-clamped",
        row="48",
        about="a narrow link, Packet Too Big dropped, the MSS clamped",
        system=_system(CLAMPED),
        must=(Expect("path.mtu", "pass", "pmtu.clamped", args={"peer_mss": "1220"}),),
        must_not=(NO_FAIL, Expect(reason="pmtu.blackhole")),
        reality=_passes(CLAMPED, large=True),
    ),
    Situation(
        id="clean-path",
        row="49",
        about="a wide path, the server drops Packet Too Big",
        system=_system(CLEAN),
        must=(Expect("path.mtu", "not_applicable", "pmtu.not_exercised"),),
        must_not=(NO_FAIL, Expect("path.mtu", "pass")),
        reality=_passes(CLEAN, large=True),
    ),
    Situation(
        id="honest-path",
        row="49",
        about="a wide path, a server that heeds Packet Too Big",
        system=_system(HONEST),
        must=(Expect("path.mtu", "not_applicable", "pmtu.not_exercised"),),
        must_not=(NO_FAIL,),
        reality=_passes(HONEST, large=True),
    ),
    Situation(
        id="requests-stall",
        about="a narrow link whose router's Packet Too Big never reaches us",
        system=_system(REQUESTS, SMALL),
        must=(Expect("path.mtu", "fail", "pmtu.blackhole", args={"direction": "request"}),),
        must_not=(Expect("path.mtu", "pass"), Expect(reason="vantage.pmtu")),
        reality=lambda scene: _upload(scene, REQUESTS, passes=False),
    ),
    Situation(
        id="slow-recovery",
        about="Packet Too Big dropped, but the server probes the path itself",
        system=_system(SLOW),
        must=(Expect("path.mtu", "warn", "pmtu.slow_recovery"),),
        must_not=(NO_FAIL, Expect("path.mtu", "pass")),
    ),
    Situation(
        id="ssh-requests",
        about="SSH behind a narrow link, Packet Too Big delivered",
        system={"hosts": [at(SSH)], "services": ["ssh"], "goal": "ipv6-only"},
        must=(Expect("path.mtu", "pass", "ok"),),
        must_not=(NO_FAIL,),
    ),
)

EXTENSION = (
    Situation(
        id="fragments-dropped",
        row="50",
        about="a router drops fragments",
        system=_system(FRAGMENTS, SMALL),
        must=(
            Expect("path.extension", "warn", "path.extension_dropped", args={"headers": "fragment"}),
            Expect("path.icmp", "pass", "ok"),
            Expect("reach.service", "pass"),
        ),
        must_not=(NO_FAIL, Expect("path.extension", "pass")),
        reality=lambda scene: _pings(scene, FRAGMENTS, plain=True, large=False),
    ),
)
# Three networks, and a first narrow link of ours that tells nobody: whoever is asked, large answers stall.
STALLS = (0xA1, 0xA2, 0xA3)
OURS = tuple(
    Situation(
        id=f"stalls-{number:x}",
        about="large answers stall whoever is asked",
        system=_system(number),
        must=(Expect("path.mtu", "unknown", "vantage.pmtu"),),
        must_not=(Expect(reason="pmtu.blackhole"), Expect("path.icmp", "warn"), Expect("path.mtu", "pass")),
        reality=_passes(number, large=False),
    )
    for number in STALLS
)


def _both_stall(scene: Scene) -> None:
    for number in (CONTROL, CONTROLLED):
        _passes(number, large=False)(scene)


# One network alone stalls, and so does a control: whoever it is, it is not the target.
CONTROL, CONTROLLED = 0xA4, 0xA5
BY_CONTROL = (
    Situation(
        id="control-stalls",
        about="large answers stall, those of a control too",
        system=_system(CONTROLLED),
        must=(Expect("path.mtu", "unknown", "vantage.pmtu"), Expect("reach.service", "pass")),
        must_not=(NO_FAIL, Expect("path.mtu", "pass"), Expect("path.icmp", "warn")),
        reality=_both_stall,
    ),
)
# What a scan says of the same servers with --active-pmtu.
ACTIVE = (
    Situation(
        id="options-dropped",
        row="50",
        about="a router drops destination options",
        system=_system(OPTIONS, SMALL),
        must=(
            Expect("path.extension", "warn", "path.extension_dropped", args={"headers": "options"}),
            Expect("path.icmp", "pass", "ok"),
        ),
        must_not=(NO_FAIL, Expect("path.extension", args={"headers": "fragment"})),
        reality=lambda scene: _pings(scene, OPTIONS, plain=True, large=True),
    ),
    Situation(
        id="clean-path",
        row="49",
        about="a wide path, the server drops Packet Too Big",
        system=_system(CLEAN),
        must=(
            Expect("path.mtu", "fail", "pmtu.blackhole", args={"direction": "response"}),
            Expect("path.icmp", "warn", "icmp.filtered", args={"types": "Packet Too Big"}),
        ),
        must_not=(Expect(reason="pmtu.not_exercised"), Expect("path.mtu", "pass")),
    ),
    Situation(
        id="honest-path",
        row="49",
        about="a wide path, a server that heeds Packet Too Big",
        system=_system(HONEST),
        must=(
            Expect("path.mtu", "pass", "ok"),
            Expect("path.icmp", "pass", "ok"),
            Expect("path.extension", "pass", "ok"),
        ),
        must_not=(NO_FAIL, Expect(reason="pmtu.not_exercised"), Expect("path.icmp", "warn")),
    ),
)

AT_SERVER = (drops_at(DROPPED), drops_at(CLAMPED), drops_at(CLEAN), drops_at(SMALL_ONLY))
AT_PROBING = (drops_at(SLOW),)
AT_ROUTER = (f"ip6 daddr {source(REQUESTS)} icmpv6 type packet-too-big drop",)
AT_FAR = (
    f"ip6 daddr {prefix(FRAGMENTS)} exthdr frag exists drop",
    f"ip6 daddr {prefix(OPTIONS)} exthdr dst exists drop",
    *(
        f"ip6 {side} {prefix(CLAMPED)} tcp flags & syn == syn tcp option maxseg size set 1220"
        for side in ("saddr", "daddr")
    ),
)


def _pings(scene: Scene, number: int, *, plain: bool, large: bool) -> None:
    """Say whether ping is answered, whole and in fragments."""
    for size, answered in (("56", plain), ("3000", large)):
        words = ("ping", "-6", "-c1", "-W1", "-s", size, at(number))
        done = scene.network.vantage.run(*words, check=False)
        assert (done.returncode == 0) is answered, done.stdout


def _upload(scene: Scene, number: int, *, passes: bool) -> None:
    """Say whether curl gets an answer to a request of 4 kB."""
    header = ("-H", "X-Padding: " + "0" * 4000)
    status = scene.curl(f"http://[{at(number)}]{SMALL}", *header)[1]
    assert (status == "200") is passes
    _forget(scene, number)
