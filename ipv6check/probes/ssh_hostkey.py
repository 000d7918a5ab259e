"""ssh.hostkey: the host key of an SSH server, by a key exchange that is begun and left (RFC 4253 §7, §8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import ssh
from ipv6check.net.lines import Lines
from ipv6check.net.net import Net
from ipv6check.net.stream import Stream, drain
from ipv6check.probes.ssh_greeting import GREETING, IDENTIFICATION, identification

GOODBYE: Final = 1.0
"""Seconds to wait for the server to close after us."""


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return type and fingerprint of the host key; both null where no exchange is known to both sides."""
    stream = await Stream.connect(task, net)
    try:
        await stream.write(IDENTIFICATION)
        lines = Lines(stream)
        await lines.begin(GREETING * net.policy_scale, net.policy(task.kind).patience)
        await identification(lines)
        packets = ssh.Packets(stream, lines.rest())
        data = {**await _ask(packets), **stream.timing()}
        await ssh.leave(packets)
        stream.end_writing()
        await drain(stream, min(GOODBYE * net.policy_scale, stream.remaining))
        return data
    finally:
        stream.close()


async def _ask(packets: ssh.Packets) -> dict[str, JSON]:
    offer = await ssh.offers(packets)
    exchange = offer.exchange()
    data: dict[str, JSON] = {"offered": list(offer.host_keys), "type": None, "fingerprint": None}
    if exchange is not None:
        key = await ssh.host_key(packets, exchange)
        data |= {"type": key.type, "fingerprint": key.fingerprint}
    return data
