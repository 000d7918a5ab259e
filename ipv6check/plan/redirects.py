"""Following redirects: at the same host, at a literal, or at a name that has to be resolved first.

Per family, five hops at most, only to addresses that may be contacted by anybody's word but the
server's. A name's addresses can come before the redirect or after it: `follow` is called when the
redirect is seen, `arrivals` when an address is; both yield the same fetch.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ipv6check.model.inventory import Endpoint, Family
from ipv6check.model.task import STAGE_CONVERSATIONS, STAGE_SERVICES, Task, make_task
from ipv6check.plan import names, targets
from ipv6check.plan.index import PRINTER_PORTS, Index
from ipv6check.plan.places import Place, literal
from ipv6check.plan.results import Results, Settled

MAX_HOPS = 5


def follow(index: Index, fetch: Settled, results: Results) -> Iterator[Task]:
    """Yield what a redirected fetch leads to: the next fetch, or the questions for its host's address."""
    place, task = fetch.redirect, fetch.task
    if place is None or task.family is None or task.address is None or _hop(task) >= MAX_HOPS:
        return
    if place.host == task.params.get("host") or place.host == task.address:
        yield from _fetch(index, fetch, place, task.address, task.port)
    elif place.is_name:
        yield from names.lookups(index, place.host, (task.family,))
        yield from _at_name(index, fetch, place, results)
    elif Endpoint(place.host, 0).family == task.family and index.permitted(place.host, False) is None:
        yield from _fetch(index, fetch, place, place.host, None)


def arrivals(index: Index, name: str, family: Family, results: Results) -> Iterator[Task]:
    """Yield the fetches that had been sent on to a name, now that an answer for it has come."""
    for fetch in results.redirects(name, family):
        if fetch.redirect is not None and _hop(fetch.task) < MAX_HOPS:
            yield from _at_name(index, fetch, fetch.redirect, results)


def _at_name(index: Index, fetch: Settled, place: Place, results: Results) -> Iterator[Task]:
    """Yield the fetch at the name's address: the same address if the name has it, else its lowest."""
    task = fetch.task
    assert task.family is not None  # noqa: S101 - fetches have one; `follow` has looked
    found = results.addresses(place.host, task.family)
    permitted = [address for address in found if index.permitted(address, True) is None]
    if permitted:
        address = task.address if task.address in permitted else permitted[0]
        assert address is not None  # noqa: S101 - a member of `permitted`
        yield from _fetch(index, fetch, place, address, task.port if address == task.address else None)


def _fetch(index: Index, fetch: Settled, place: Place, address: str, open_port: int | None) -> Iterator[Task]:
    """Yield a connection and the fetch over it, unless the port or a gentle host forbids it.

    `open_port` is the port known to be open there: what it said is reason enough.
    """
    task = fetch.task
    name = None if literal(place.host) else place.host
    condition = index.condition(address, name) | index.condition(task.address or address)
    if place.port in PRINTER_PORTS:
        return
    if condition.gentle and place.port != open_port and not index.declares(name, address, place.port):
        return
    number = task.params.get("fetch")
    fetched = number if isinstance(number, int) else 1
    ask = partial(
        make_task,
        vantage=index.vantage.name,
        family=task.family,
        address=address,
        port=place.port,
        transport="tcp",
        subject=task.subject,
        gentle=condition.gentle,
        until=condition.until,
    )
    connect = ask("tcp.connect", stage=STAGE_SERVICES)
    yield connect
    params = targets.http_params(place.tls, name, address, place.path, fetched, _hop(task) + 1)
    yield ask("http.get", params=params, parent=connect.id, stage=STAGE_CONVERSATIONS)


def _hop(task: Task) -> int:
    hop = task.params.get("hop", 0)
    return hop if isinstance(hop, int) else MAX_HOPS
