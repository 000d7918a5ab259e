"""One sitting of a scan: its lanes and its guard made, signals heeded, run.json kept true."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from ipv6check.inventory import delegation, scope
from ipv6check.inventory.delegation import DNS_PORT
from ipv6check.model.inventory import Endpoint, Inventory
from ipv6check.net.dns_window import Window
from ipv6check.net.limits import Limits
from ipv6check.net.net import Net
from ipv6check.net.permission import guard
from ipv6check.net.raw_helper import RawHelper
from ipv6check.plan import Plan
from ipv6check.probes import BUILTIN, SHARED
from ipv6check.probes.collecting import seldom_collected
from ipv6check.probes.connect_sweep import ConnectSweep
from ipv6check.probes.dns_sweep import DnsSweep
from ipv6check.probes.sweep_thread import SweepThread
from ipv6check.scan.engine import Engine, ScanEnd
from ipv6check.scan.lanes import CONNECT, DNS, TALK, Lane
from ipv6check.scan.progress import Progress
from ipv6check.scan.talks import Talks
from ipv6check.store import Run

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def make_net(
    inventory: Inventory,
    *,
    vantage: str,
    resolvers: tuple[Endpoint, ...],
    limits: Limits | None = None,
    policy_scale: float = 1.0,
    raw: RawHelper | None = None,
) -> Net:
    """Return the way to the network for one scan: targets by the inventory, and whom the vantage names."""
    place = inventory.vantage(vantage)
    why_not = scope.permitted(inventory)
    views = [server for servers in inventory.resolvers.values() for server in servers]
    named = [(endpoint.address, endpoint.port) for endpoint in (*resolvers, *views, *place.controls)]
    roots = [(address, DNS_PORT) for address in inventory.dns_roots]
    canaries = [(canary.address, canary.port) for canary in place.canaries]
    return Net(
        permitted=guard(
            lambda address: why_not(address, True),
            [*named, *canaries, *roots],
            delegation.server_refusal(inventory),
        ),
        limits=limits or Limits(),
        policy_scale=policy_scale,
        raw=raw,
    )


def make_lanes(net: Net) -> dict[str, Lane]:
    """Return the real lanes: two sweeps on threads of their own, and the conversations."""
    connects = ConnectSweep(net)
    questions = DnsSweep(net, window=Window() if net.limits.per_second else Window.lifted())
    return {
        DNS: SweepThread(questions, name="dns-sweep", wake=questions.wake),
        CONNECT: SweepThread(connects, name="connect-sweep", wake=connects.wake),
        TALK: Talks(dict(BUILTIN), net, dict(SHARED)),
    }


def run_scan(
    plan: Plan,
    run: Run,
    net: Net,
    progress: Progress,
    *,
    max_time: float | None = None,
    lanes: Mapping[str, Lane] | None = None,
) -> ScanEnd:
    """Ask what the run does not answer yet, and bring run.json up to date.

    `run` must be open for writing. SIGINT and SIGTERM drain the scan, a second one stops it.
    StoreError if the run cannot be read or written; what it holds then is whole.
    """
    run.update(replace(run.meta, finished=None, complete=False))
    with seldom_collected():
        end = asyncio.run(_sit(plan, run, net, progress, max_time, lanes))
    finished = None if end.interrupted else net.now()
    run.update(replace(run.meta, finished=finished, complete=end.complete))
    return end


async def _sit(
    plan: Plan,
    run: Run,
    net: Net,
    progress: Progress,
    max_time: float | None,
    lanes: Mapping[str, Lane] | None,
) -> ScanEnd:
    engine = Engine(
        plan,
        run,
        make_lanes(net) if lanes is None else lanes,
        progress,
        clock=net.clock,
        now=net.now,
        max_time=max_time,
    )
    with _heeding_signals(engine.interrupt):
        try:
            return await engine.run(run.observations())
        finally:
            if net.raw is not None:
                await net.raw.close()


@contextmanager
def _heeding_signals(interrupt: Callable[[], None]) -> Iterator[None]:
    """Call `interrupt` for each signal to end; only a process's main thread is ever told of one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, interrupt)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
