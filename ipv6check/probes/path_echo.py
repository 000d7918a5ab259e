"""path.echo: one ICMPv6 echo request, whole, in fragments, or with a destination option.

A datagram socket needs no privilege where the system permits it (`net.ipv4.ping_group_range`);
elsewhere the raw helper asks, if the scan has one. That nobody may ask is `no_privilege`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import echo
from ipv6check.net.failure import NO_PRIVILEGE, Failed
from ipv6check.net.net import Net

if TYPE_CHECKING:
    from ipv6check.net.raw_helper import RawHelper

_MARGIN = 0.2  # seconds left of the deadline to say that nothing came


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return `by`: `datagram` or `raw`; raise Failed `no_answer`, `no_privilege` or `local`.

    A try asks six times within its deadline.
    """
    if task.address is None:
        raise ValueError(f"{task.kind} needs an address")
    net.permit(task.address, None)
    form = str(task.params.get("form"))
    seconds = net.policy(task.kind).deadline - _MARGIN * net.policy_scale
    if form == "options":  # the kernel lets no datagram socket send them with an echo
        await _raw(net).echo(task.address, seconds, form)
        return {"by": "raw"}
    try:
        await echo.ask(task.address, seconds, form)
    except Failed as failed:
        if failed.word != NO_PRIVILEGE or net.raw is None:
            raise
        await net.raw.echo(task.address, seconds, form)
        return {"by": "raw"}
    return {"by": "datagram"}


def _raw(net: Net) -> RawHelper:
    if net.raw is None:
        raise Failed(NO_PRIVILEGE, {"detail": "scan with --active-pmtu"})
    return net.raw
