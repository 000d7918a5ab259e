"""Runs that give the reason codes of the DNS, its views, hints and reverse names, for tests of the texts."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ipv6check.model.asked_names import sibling
from ipv6check.model.inventory import Endpoint, Vantage
from tests.unit.judging_builder import START, V4, V6, Run, host, service, system

NAME = "www.example"
DEEP = "www.lab.example"
TCP = [service("tcp", 1521)]
CARD = "2001:db8:10::21b:21ff:fe00:1"
PUBLIC = Vantage(name="internet", resolver="public")
PUBLIC_SERVER = Endpoint("203.0.113.153", 53)


def pointer(address: str) -> str:
    """Return the reverse name of an address."""
    return ipaddress.ip_address(address).reverse_pointer


def two_views(**more: object) -> Run:
    """Return a run of a system that is looked at through two views; only ours has been asked."""
    run = Run.of(
        system(services=TCP, vantages=("inside", "internet")),
        vantages=(PUBLIC,),
        resolvers={"view": (Endpoint("203.0.113.53", 53),), "public": (PUBLIC_SERVER,)},
        **more,
    )
    run.named()
    return run


def hinted(text: str, aaaa: tuple[str, ...] = (V6,)) -> Run:
    """Return a run of a web site with an HTTPS record."""
    run = Run.of(system())
    run.named(aaaa=aaaa)
    run.answers(NAME, "HTTPS", text)
    return run


def _views() -> Iterator[Run]:
    for aaaa in ((V6,), ()):
        run = two_views()
        run.answers(NAME, "A", V4, view="public", server=PUBLIC_SERVER)
        run.answers(NAME, "AAAA", *aaaa, view="public", server=PUBLIC_SERVER)
        yield run
    yield two_views()


def _answers() -> Iterator[Run]:
    run = Run.of(system([DEEP], TCP))
    run.named(DEEP)
    run.answers(str(sibling(DEEP, START)), "AAAA", V6)
    yield run
    run = Run.of(system(services=TCP))
    run.answers("ipv4only.arpa", "AAAA", "2001:db8:64::c000:aa")
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", "2001:db8:64::c633:6450")
    yield run
    run = Run.of(system(services=TCP))
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", V6, seconds=1.2)
    yield run
    run = Run.of(system(services=TCP))
    run.answers(NAME, "A", V4)
    run.unanswered(NAME, "AAAA")
    run.answers(NAME, "AAAA", V6, edns=False)
    yield run
    yield hinted(f'1 . alpn="h2" ipv6hint="{V6}"')
    yield hinted('1 . alpn="h2" ipv6hint="2001:db8:10::99"')
    yield hinted('1 . alpn="h2"')


def _addresses() -> Iterator[Run]:
    for exposure in ("internet", "internal"):
        run = Run.of(system(services=TCP, exposure=exposure))
        run.named()
        run.answers(pointer(V6), "PTR", rcode="NXDOMAIN", zone="ip6.arpa")
        yield run
    for back in ((V6,), ()):
        run = Run.of(system(services=TCP))
        run.named()
        run.answers(pointer(V6), "PTR", "host.example")
        run.answers("host.example", "AAAA", *back)
        yield run
    run = Run.of(system([host(CARD)], TCP))
    run.open(CARD, 1521)
    yield run
    run = Run.of(system(["::1"], TCP))
    yield run


def _resolvers() -> Iterator[Run]:
    dns = [service("dns", 53)]
    for address in ("203.0.113.53", "2001:db8:1::53"):
        server = Endpoint(address, 53)
        run = Run.of(system(services=dns, category="dns"), resolvers={"view": (server,)})
        run.answers("x.invalid", "A", rcode="NXDOMAIN", server=server)
        yield run


def runs() -> tuple[Run, ...]:
    """Return all runs."""
    return (*_views(), *_answers(), *_addresses(), *_resolvers())
