"""Questions to the resolvers of a system's other vantages, to compare their views with our own.

Only resolvers that the inventory names are asked, and only after one of them has answered at all:
what another vantage's resolver does not tell us is that vantage's part (docs/decisions/050).
"""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.model.inventory import FAMILIES, SYSTEM_VIEW, Endpoint, System
from ipv6check.model.observation import Observation
from ipv6check.model.task import STAGE_VANTAGE, Task
from ipv6check.plan import answers, names
from ipv6check.plan.index import Index

NEED = "dns.views"


def knocks(index: Index) -> Iterator[Task]:
    """Yield a first question to each resolver of the other views: whether it answers us at all."""
    for view, servers in _views(index).items():
        for server in servers:
            yield names.question(index, server, names.HIJACK_NAME, "A", view=view, stage=STAGE_VANTAGE)


def follow(index: Index, observation: Observation) -> Iterator[Task]:
    """Yield what follows from an answer of another view: its questions, once it has answered the first."""
    task = observation.task
    view = str(task.params.get("view"))
    if task.params.get("name") != names.HIJACK_NAME:
        yield from names.follow(index, observation)
    elif observation.outcome == "ok" and task.address is not None:  # a REFUSED is an answer too
        server = Endpoint(task.address, task.port or 0)
        for name in _names(index, view):
            for family in FAMILIES:
                yield names.question(index, server, name, answers.TYPES[family], view=view)


def _names(index: Index, view: str) -> Iterator[str]:
    """Yield the names of the systems that somebody looks at through the view."""
    for name, declared in index.names.items():
        if any(view in _others(index, system) for system, _ in declared):
            yield name


def _views(index: Index) -> dict[str, tuple[Endpoint, ...]]:
    if NEED not in index.needs:
        return {}
    wanted = {view for system in index.systems for view in _others(index, system)}
    return {view: servers for view, servers in index.inventory.resolvers.items() if view in wanted}


def _others(index: Index, system: System) -> set[str]:
    """Return the views of a system's vantages that are not this vantage's own."""
    by_name = {vantage.name: vantage.resolver for vantage in index.inventory.vantages}
    found = {by_name[name] for name in system.vantages if name in by_name}
    return found - {index.vantage.resolver, SYSTEM_VIEW}


def endpoints(index: Index) -> Iterator[Endpoint]:
    """Yield every resolver of the other views that may be asked, each once."""
    known: set[Endpoint] = set(index.resolvers)
    for servers in _views(index).values():
        for server in servers:
            if server not in known:
                known.add(server)
                yield server
