"""A large run's observations, made without a network: ten ports a system on both families, all open."""

from __future__ import annotations

from ipv6check.model.inventory import Inventory
from ipv6check.model.observation import Observation
from ipv6check.model.run import RunMeta
from tests.unit.judging_builder import Run, service, system

_PORTS = tuple(range(8001, 8010))


def observed(least: int) -> tuple[Inventory, RunMeta, list[Observation]]:
    """Return an inventory, its run and at least that many observations of it."""
    each = 2 + 2 * len(_PORTS)
    services = [service("tcp", port, id=f"tcp-{port}") for port in _PORTS]
    systems = [
        system([f"w{n}.example"], services, id=f"s{n}", closed_ports=()) for n in range(least // each + 1)
    ]
    run = Run.of(*systems)
    for number in range(len(systems)):
        six, four = f"2001:db8:10::{number:x}", f"198.51.{number >> 8}.{number & 255}"
        run.named(f"w{number}.example", a=(four,), aaaa=(six,))
        for port in _PORTS:
            run.open(six, port)
            run.open(four, port)
    return run.inventory, run.meta, run.observations
