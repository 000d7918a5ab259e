"""What is asked when nothing else is left: decoy ports, controls, more looks, and witnesses of shunning.

The witnesses come alone, before the looks and after them: they ask whether an address that had
answered and then fell silent still answers where it did.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ipv6check.model.inventory import Family
from ipv6check.model.task import STAGE_AUDIT, STAGE_CLOSED, STAGE_SERVICES, Task, make_task
from ipv6check.plan import audit, looks, vantage
from ipv6check.plan.batch import unique
from ipv6check.plan.index import Index
from ipv6check.plan.results import Results, Settled

# Above the ports that kernels hand out by themselves (32768–60999), and below the last.
DECOYS = range(61000, 65535)
WITNESS_ROUND = 2
ANSWERED = ("ok", "closed")
_OPENS = (STAGE_SERVICES, STAGE_AUDIT)


@dataclass(slots=True)
class Address:
    """What one address did: which port was open, when it last answered and fell silent.

    `shut` is the last silence of a port that should not answer anyway: no sign of anything by itself,
    but from then on somebody may have shut us out.
    """

    open: Task | None = None
    gentle: bool = False
    answered: Settled | None = None
    silent: datetime | None = None
    shut: datetime | None = None
    decoy: bool = False
    tasks: list[Settled] = field(default_factory=list)

    @property
    def fell_silent(self) -> bool:
        """Whether a port was silent after the last answer."""
        return self._after_the_last_answer(self.silent)

    @property
    def may_shun(self) -> bool:
        """Whether any silence came after the last answer, were it of an audit port."""
        return self.fell_silent or self._after_the_last_answer(self.shut)

    def _after_the_last_answer(self, moment: datetime | None) -> bool:
        return self.answered is not None and moment is not None and moment > self.answered.ended


def closing(index: Index, results: Results) -> tuple[Task, ...]:
    """Return what is still to be asked at the end; nothing once all of it is settled."""
    if "tcp.connect" not in index.needs:
        return ()
    addresses = _addresses(index, results)
    first = [
        *_decoys(index, addresses),
        *audit.counterparts(index, results),
        *(vantage.controls(index, _failed_ports(results)) if index.vantage.controls else ()),
    ]
    asked = [task for task in first if task.id not in results]
    if not asked:
        asked = [task for task in _witnesses(addresses) if task.id not in results]
    if not asked:
        fallen = frozenset(address for address, here in addresses.items() if here.fell_silent)
        asked = [*looks.looks(results, fallen)]
    return unique(asked)


def decoy_port(index: Index, address: str) -> int:
    """Return the port that stands for "any": always the same for an address, declared by nobody."""
    number = int.from_bytes(hashlib.sha256(address.encode()).digest()[:4], "big")
    for step in range(len(DECOYS)):
        port = DECOYS[(number + step) % len(DECOYS)]
        if port not in index.ports:
            return port
    return DECOYS[number % len(DECOYS)]


def _addresses(index: Index, results: Results) -> dict[str, Address]:
    """Gather by address what happened to the connections of targets."""
    controls = {(control.address, control.port) for control in index.vantage.controls}
    found: dict[str, Address] = {}
    for settled in results.values():
        task = settled.task
        if task.kind != "tcp.connect" or task.address is None or "round" in task.params:
            continue
        if task.stage == STAGE_CLOSED and (task.address, task.port) in controls:
            continue
        here = found.get(task.address)
        if here is None:
            here = found[task.address] = Address()
        here.gentle = here.gentle or task.gentle
        word = settled.outcome if settled.outcome == "ok" else settled.failure
        if word == "ok" and task.stage in _OPENS and (here.open is None or task.id < here.open.id):
            here.open = task
        if word in ANSWERED and _later(settled, here.answered):
            here.answered = settled
        elif word == "silent" and task.stage == STAGE_AUDIT:
            here.shut = max(here.shut or settled.ended, settled.ended)
        elif word == "silent" and task.port != decoy_port(index, task.address):
            here.silent = max(here.silent or settled.ended, settled.ended)
    return found


def _later(settled: Settled, known: Settled | None) -> bool:
    return known is None or (settled.ended, settled.task.id) > (known.ended, known.task.id)


def _decoys(index: Index, addresses: dict[str, Address]) -> Iterator[Task]:
    """Yield a connection to a port nobody declared, where a declared one is open.

    Not for gentle hosts, and not on loopback: no middlebox stands there, and the port may be anyone's.
    """
    for address, here in addresses.items():
        if here.open is None or here.gentle or ipaddress.ip_address(address).is_loopback:
            continue
        yield _connect(here.open, decoy_port(index, address), None)


def _witnesses(addresses: dict[str, Address]) -> Iterator[Task]:
    """Yield a second question to the port that answered last, where silence came after it."""
    for here in addresses.values():
        if here.may_shun and here.answered is not None:
            yield _connect(here.answered.task, here.answered.task.port, WITNESS_ROUND)


def _connect(like: Task, port: int | None, round_: int | None) -> Task:
    return make_task(
        "tcp.connect",
        vantage=like.vantage,
        family=like.family,
        address=like.address,
        port=port,
        transport="tcp",
        params={} if round_ is None else {"round": round_},
        subject=f"{like.subject.partition(' ')[0]} {port}",
        stage=STAGE_CLOSED,
        gentle=like.gentle,
        until=like.until,
    )


def _failed_ports(results: Results) -> set[tuple[Family, int]]:
    """Return the ports, a family, on which some connection failed."""
    return {
        (task.family, task.port)
        for task, outcome in ((settled.task, settled.outcome) for settled in results.values())
        if task.kind == "tcp.connect" and outcome == "failed"
        if task.family is not None and task.port is not None
    }
