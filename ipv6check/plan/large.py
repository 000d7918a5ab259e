"""Large exchanges: which services are asked for more than a packet holds, and what a stall leads to.

Over IPv6 only: IPv4's routers cut what is too large. The answer is asked for before a large request is
sent, because a request that meets a narrow link teaches our own kernel to announce smaller segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ipv6check.model.inventory import Service
from ipv6check.model.observation import Observation
from ipv6check.model.task import STAGE_CLOSED, STAGE_CONVERSATIONS, Task, make_task
from ipv6check.model.text import JSON
from ipv6check.plan.index import PRINTER_PORTS, Index

if TYPE_CHECKING:
    from ipv6check.plan.targets import Spot

SMALL_MSS = 1220
"""IPv6's least MTU, 1280, without its headers (RFC 8200 §5): segments of this size pass every link."""

STALLED_MS = 1500
"""A longer wait in mid-exchange is asked about again."""

# How the application of a service is spoken to; those that are not here have no exchange of ours.
APPS: Mapping[str, str] = {
    "http": "http",
    "https": "https",
    "smtp": "smtp",
    "submission": "smtp",
    "ssh": "ssh",
    **dict.fromkeys(("smtps", "imaps", "pop3s", "ldaps", "mqtts", "sips", "tls"), "tls"),
}
_BY_PORT: Mapping[int, str] = {22: "ssh", 25: "smtp", 80: "http", 443: "https", 587: "smtp", 993: "tls"}


def exchanges(spot: Spot, service: Service, port: int, connect: Task, label: str) -> Iterator[Task]:
    """Yield the large exchanges with one TCP service at one address."""
    app = APPS.get(service.app)
    if app is None or spot.family != 6 or "path.mtu" not in spot.index.needs:
        return
    name, path = spot.server_name, service.path or "/"
    parent = connect
    for direction in ("response", "request"):
        if app == "ssh" and direction == "response":
            continue  # an SSH server never says more than a packet to a stranger
        asked = params(app, name, name or spot.address, path, direction)
        parent = spot.ask("path.mtu", port, asked, stage=STAGE_CONVERSATIONS, parent=parent, label=label)
        yield parent
        if direction == "response" and spot.index.active_pmtu:
            forged = {**asked, "forged": True}
            yield spot.ask("path.mtu", port, forged, stage=STAGE_CLOSED, parent=parent, label=label)


def params(app: str, sni: str | None, host: str, path: str, direction: str) -> dict[str, JSON]:
    """Return the parameters of a first large exchange."""
    return {
        "app": app,
        "sni": sni,
        "host": host,
        "path": path if app in ("http", "https") else None,
        "direction": direction,
        "mss": None,
        "round": 1,
    }


def follow(index: Index, observation: Observation) -> Iterator[Task]:
    """Yield what a stall leads to: the same in small packets, once more, and at the vantage's controls.

    Only what is said again in small packets and passes was stopped for its size.
    """
    task = observation.task
    if task.params.get("mss") is not None or task.params.get("forged") or not stalled(observation):
        return
    yield _again(task, {"mss": SMALL_MSS, "round": 1})
    if observation.outcome == "ok" and task.params.get("round") == 1:
        yield _again(task, {"round": 2})
    for control in index.vantage.controls:
        app = _BY_PORT.get(control.port)
        if control.family == 6 and app is not None and control.port not in PRINTER_PORTS:
            direction = "request" if app == "ssh" else str(task.params.get("direction"))
            yield make_task(
                "path.mtu",
                vantage=index.vantage.name,
                family=6,
                address=control.address,
                port=control.port,
                transport="tcp",
                params=params(app, None, control.address, "/", direction),
                subject=f"{control.address} {control.port}",
                stage=STAGE_CLOSED,
            )


def stalled(observation: Observation) -> bool:
    """Whether an exchange came to a stop in its middle, for good or for a while."""
    if observation.outcome == "failed":
        waited = observation.data.get("stalled_ms")
        cut = isinstance(waited, int) and waited >= STALLED_MS
        return observation.failure == "slow" or (observation.failure in ("reset", "eof") and cut)
    waited = observation.data.get("stalled_ms")
    return observation.outcome == "ok" and isinstance(waited, int) and waited >= STALLED_MS


def _again(task: Task, changed: Mapping[str, JSON]) -> Task:
    asked = make_task(
        "path.mtu",
        vantage=task.vantage,
        family=task.family,
        address=task.address,
        port=task.port,
        transport="tcp",
        params={**task.params, **changed},
        subject=task.subject,
        stage=task.stage,
        gentle=task.gentle,
        until=task.until,
    )
    return replace(asked, parent=None)
