"""The pages of one web service, as one vantage fetched them: each fetch with its redirects.

In: a system's view. Out: `Visit`s. A redirect that was not followed is told from one that leads
where the family does not reach.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ipv6check.facts.place import Place
from ipv6check.facts.talks import of_host
from ipv6check.facts.throttle import throttled
from ipv6check.facts.tries import Asked
from ipv6check.facts.visits import Visit, next_fetch, visit
from ipv6check.model.fact import Fact
from ipv6check.model.inventory import Family, Host, Service

if TYPE_CHECKING:
    from ipv6check.facts.view import SystemView


def visits(view: SystemView, vantage: str, host: Host, service: Service, family: Family) -> tuple[Visit, ...]:
    """Return each fetch of the service's page over a family, followed to its end."""
    return tuple(
        _visit(view, vantage, asked)
        for fact in view.endpoints(vantage, host, service, family)
        for asked in _fetches(view, vantage, host, service, fact)
    )


def _fetches(view: SystemView, vantage: str, host: Host, service: Service, fact: Fact) -> Iterable[Asked]:
    if fact.address is None or fact.port is None:
        return ()
    talks = view.facts.index.talks.get((vantage, fact.address, fact.port), ())
    path = service.path or "/"
    return [
        each
        for each in of_host(talks, "http.get", host, fact.address)
        if each.param("hop") == 0
        and each.param("path") == path
        and each.param("tls") is (service.app == "https")
    ]


def _visit(view: SystemView, vantage: str, asked: Asked) -> Visit:
    fetches = view.facts.fetches(vantage)

    def following(place: Place, at: Asked) -> Asked | None:
        return next_fetch(fetches.get((place.host, place.port), ()), place, at)

    def reach(place: Place, family: Family) -> str | None:
        return _unreached(view, vantage, place, family, asked.task.address)

    found = visit(asked, following, reach)
    return throttled(found, asked, view.facts.index, vantage)


def _unreached(
    view: SystemView, vantage: str, place: Place, family: Family, address: str | None
) -> str | None:
    """Return why a redirect was not followed; None if the family does not reach its place."""
    if place.literal is not None:
        addresses: tuple[str, ...] = (place.literal,)
    elif (own := _own(view, vantage, place.host, family)) is not None:
        addresses = own if address not in own else (address,) if address else own
    else:
        fact = view.facts.names.lookup(vantage, place.host, family)
        if fact.answer != "yes":
            return None if fact.answer == "no" else fact.failure
        addresses = fact.addresses
    facts = [view.connect(vantage, each, place.port, by_dns=True) for each in addresses]
    if facts and all(fact.answer == "no" for fact in facts):
        return None
    return next((f.failure for f in facts if f.failure and f.answer == "unknown"), "not.asked")


def _own(view: SystemView, vantage: str, name: str, family: Family) -> tuple[str, ...] | None:
    """Return the addresses of a host of this very system, by the name it is asked under."""
    for host in view.system.hosts:
        if name in (host.sni, host.name):
            addresses = view.published(vantage, host, family).addresses
            if addresses:
                return addresses
    return None
