"""vantage.canary: does an address that is known to be alive answer us at all.

An echo reply, a SYN-ACK or a RST is an answer, for it comes from the very address asked. An ICMP
error answers nothing. Without a port: an echo where the kernel permits one without privilege, then
TCP 443, 53 and 80; with a port: that port only.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Mapping
from typing import Final

from ipv6check.model.task import Task
from ipv6check.model.text import JSON
from ipv6check.net import connect, echo
from ipv6check.net.failure import CLOSED, NOT_PERMITTED, SILENT, Failed, classify_oserror
from ipv6check.net.net import Net
from ipv6check.net.routes import Neighbourhood, sockaddr

KIND: Final = "vantage.canary"
PORTS: Final = (443, 53, 80)
_EACH: Final = 2.5  # seconds for each of the four questions: SYNs leave at 0 and 1 s
_ONLY: Final = 8.0  # seconds where there is but one


async def probe(task: Task, net: Net) -> Mapping[str, JSON]:
    """Return `how` (`echo`, `open`, `closed`), the `port`, and `onlink`: whether it is on our own link.

    Raises Failed with the last port's word if nothing answered.
    """
    if task.address is None:
        raise ValueError(f"{task.kind} needs an address")
    near = Neighbourhood(clock=net.clock)
    if task.port is not None:
        how = await _answer(task.address, task.port, net, near, _ONLY)
        return {"how": how, "port": task.port, "onlink": near.is_onlink(task.address)}
    if await _echoes(task.address, net):
        return {"how": "echo", "port": None, "onlink": near.is_onlink(task.address)}
    failed = Failed(SILENT)
    for port in PORTS:
        try:
            how = await _answer(task.address, port, net, near, _EACH)
        except Failed as error:
            failed = error
            continue
        return {"how": how, "port": port, "onlink": near.is_onlink(task.address)}
    raise failed


async def _echoes(address: str, net: Net) -> bool:
    """Say whether it answers an echo; that we may not or could not ask is no answer either."""
    net.permit(address, None)
    try:
        await echo.ask(address, _EACH * net.policy_scale)
    except Failed as failed:
        if failed.word == NOT_PERMITTED:
            raise
        return False
    return True


async def _answer(address: str, port: int, net: Net, near: Neighbourhood, seconds: float) -> str:
    """Return `open` or `closed`; raise Failed for everything that is no answer of its own."""
    net.permit(address, port)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        sock, number = connect.begin(family, sockaddr(address, port))
    except OSError as error:
        raise classify_oserror(error, sync=True) from error
    with sock:
        try:
            if number not in (0, errno.EINPROGRESS):
                raise connect.failure_of(sock, number, address, near, sync=True)
            try:
                async with asyncio.timeout(seconds * net.policy_scale):
                    await _writable(sock)
            except TimeoutError:
                raise connect.silence_of(sock, address) from None
            connect.outcome_of(sock, address, near)
        except Failed as failed:
            if failed.word != CLOSED:
                raise
            return "closed"
    return "open"


async def _writable(sock: socket.socket) -> None:
    """Wait until the socket is writable or in error."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(sock, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_writer(sock)
