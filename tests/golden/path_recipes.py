"""What a network would have said in the golden cases of large packets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipv6check.model.task import make_task
from tests.unit.judging_builder import V4, V6, Run

ANNOUNCED = 1440
SMALL = 1220


def sizes(**more: Any) -> dict[str, Any]:
    """Return what the kernel says of a connection on a clean path of 1500 bytes."""
    clean = {
        "stalled_ms": 20,
        "largest": 1428,
        "link_mtu": 1500,
        "announced": ANNOUNCED,
        "peer_mss": None,
        "received": 60_000,
        "acked": 5_000,
        "progress": None,
        "unacked": 0,
        "retransmits": 0,
        "pmtu": 1500,
        "timestamps": True,
    }
    return {**clean, **more}


def crosses(
    run: Run,
    direction: str,
    *,
    address: str = V6,
    word: str | None = None,
    mss: int | None = None,
    round_: int = 1,
    forged: bool = False,
    name: str | None = "www.example",
    **measured: Any,
) -> None:
    """Hold one large exchange: it ends with these sizes, or stalls twice in this word."""
    params: dict[str, Any] = {
        "app": "https",
        "sni": name,
        "host": name or address,
        "path": "/",
        "direction": direction,
        "mss": mss,
        "round": round_,
    }
    if forged:
        params["forged"] = True
    task = make_task(
        "path.mtu",
        vantage=run.vantage,
        family=6,
        address=address,
        port=443,
        transport="tcp",
        params=params,
    )
    data = sizes(**measured)
    if word is None:
        run.say(task, data=data)
        return
    for attempt in (1, 2):
        stalled = {**data, "stalled_ms": 14_900, "received": 0, "largest": 536, "progress": 0, **measured}
        run.say(task, "failed", word, stalled, seconds=15.0, attempt=attempt, final=attempt == 2)


def _alive(run: Run) -> None:
    run.named()
    run.open(V6)
    run.open(V4)
    run.pages()


def delivered(run: Run) -> None:
    """Both sides learn the path's MTU and go on."""
    _alive(run)
    crosses(run, "response", largest=1208)
    crosses(run, "request", pmtu=1280)


def dropped(run: Run) -> None:
    """The answer never comes; with small segments it does."""
    _alive(run)
    crosses(run, "response", word="slow")
    crosses(run, "response", mss=SMALL, largest=1208)


def clamped(run: Run) -> None:
    """Somebody on the way writes 1220 into both SYNs."""
    _alive(run)
    for direction in ("response", "request"):
        crosses(run, direction, largest=1208, peer_mss=1220)


def clean(run: Run) -> None:
    """Everything passes at full size."""
    _alive(run)
    for direction in ("response", "request"):
        crosses(run, direction)


def vantage(run: Run) -> None:
    """Three networks, and large answers of none of them come through to us."""
    for number in (1, 2, 3):
        address = f"2001:db8:a{number}::1"
        run.open(address)
        run.page(address, name=None)
        crosses(run, "response", address=address, name=None, word="slow")
        crosses(run, "response", address=address, name=None, mss=SMALL, largest=1208)


def echoes(
    run: Run, *, plain: str | None = None, fragment: str | None = None, options: str | None = None
) -> None:
    """Ask for echoes: None is answered, a word fails three times, an empty one was never asked."""
    for form, word in (("plain", plain), ("fragment", fragment), ("options", options)):
        if word == "" or (form != "plain" and plain is not None):
            continue
        task = make_task("path.echo", vantage=run.vantage, family=6, address=V6, params={"form": form})
        if word is None:
            run.say(task, data={"by": "datagram"})
            continue
        for attempt in (1, 2, 3):
            run.say(task, "failed", word, seconds=2.8, attempt=attempt, final=attempt == 3)


def echo_dropped(run: Run) -> None:
    """Ping is filtered, the page is there."""
    _alive(run)
    echoes(run, plain="no_answer")


def ping_only(run: Run) -> None:
    """Ping is answered, the port is silent; IPv4 works."""
    run.named()
    run.silent(V6)
    run.open(V4)
    for fetch in (1, 2):
        run.page(V4, fetch=fetch)
    echoes(run)
    run.canaries(round_=1)


def odd_dropped(run: Run) -> None:
    """Only plain packets pass."""
    _alive(run)
    echoes(run, fragment="no_answer", options="no_answer")


PATH: dict[str, Callable[[Run], None]] = {
    "29-echo-dropped": echo_dropped,
    "30-ping-only": ping_only,
    "50-fragments-dropped": odd_dropped,
    "46-ptb-delivered": delivered,
    "47-ptb-dropped": dropped,
    "48-mss-clamped": clamped,
    "49-clean-path": clean,
    "vantage-pmtu": vantage,
}
