"""The questions put to the management addresses of equipment: a connection to each management port.

They are asked from the vantages that see the internal network, after everything else at that address, and
when all of the inventory is: a run of selected systems is none about the equipment. Nothing is said to
what answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.model.inventory import Equipment, Family
from ipv6check.model.task import STAGE_CLOSED, Task, make_task
from ipv6check.plan.index import Index

NEED = "tcp.management"


def devices(index: Index) -> tuple[Equipment, ...]:
    """Return the equipment whose management addresses this scan is to ask."""
    if NEED not in index.needs or not index.whole or not index.vantage.manages:
        return ()
    return tuple(item for item in index.inventory.equipment if item.management)


def tasks(index: Index) -> Iterator[Task]:
    """Yield the connections, a system's own question to the same port among them."""
    for item in devices(index):
        for address in item.management:
            for port in item.management_ports:
                if index.may_contact(address, port, by_dns=False):
                    yield _connect(index, item, address, port)


def _connect(index: Index, item: Equipment, address: str, port: int) -> Task:
    family: Family = 6 if ":" in address else 4
    condition = index.condition(address)
    return make_task(
        "tcp.connect",
        vantage=index.vantage.name,
        family=family,
        address=address,
        port=port,
        transport="tcp",
        params={},
        subject=f"{item.id} {port}",
        stage=STAGE_CLOSED,  # last of its host: no further looks, no decoys
        gentle=condition.gentle,
        until=condition.until,
    )
