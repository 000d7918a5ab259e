"""Runs that between them give every reason code about clients, foreign hosts and IPv6-only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ipv6check.model.inventory import Dependency, Equipment
from tests.golden import path_recipes
from tests.unit.judging_builder import V4, V6, Run, service, system
from tests.unit.judging_inventory import SOURCE

NAME = "www.example"
HTTPS = [service("https")]
MAPPED = "64:ff9b::c633:6450"  # V4 behind a NAT64 (RFC 6052)


def web(*, hosts: tuple[str, ...] = (), literals: tuple[str, ...] = (), **more: Any) -> Run:
    """Return a run of a dual-stack web server whose page names these hosts and addresses."""
    run = Run.of(system(services=HTTPS, **more))
    run.named()
    page: dict[str, Any] = {"references": {"hosts": [*hosts], "literals": [*literals], "more": False}}
    for address, fetches in ((V6, (1,)), (V4, (1, 2))):
        run.open(address)
        for fetch in fetches:
            run.page(address, fetch=fetch, **page)
    return run


def certified(*hosts: str) -> Run:
    """Return a run of a web server whose certificate names these hosts for its revocation."""
    run = Run.of(system(services=HTTPS))
    run.named()
    for address in (V6, V4):
        run.open(address)
        run.tls(address, revocation=list(hosts))
    return run


def depending(*needs: Dependency, devices: tuple[Equipment, ...] = ()) -> Run:
    """Return a run of a system that depends on these."""
    run = Run.of(system(services=HTTPS, depends_on=needs), equipment=devices)
    run.named()
    run.open(V6)
    run.open(V4)
    return run


def device(identifier: str, **ipv6: str) -> Equipment:
    """Return a piece of equipment with these capabilities."""
    return Equipment(id=identifier, kind="firewall", ipv6=ipv6, source=SOURCE)


def translated(*, answers: bool = True) -> Run:
    """Return a run of a system that only a DNS64 gives an IPv6 address."""
    run = Run.of(system(services=HTTPS), scope=("2001:db8::/32", "198.51.100.0/24", "64:ff9b::/96"))
    run.named(aaaa=(MAPPED,))
    run.open(V4)
    if answers:
        run.open(MAPPED)
    else:
        run.silent(MAPPED)
        run.canaries(round_=1)
    return run


def every_run() -> Iterator[Run]:
    """Yield them all."""
    run = web(hosts=("cdn.example", "ok.example"), literals=("198.51.100.9",))
    run.named("cdn.example", aaaa=())
    run.named("ok.example")
    yield run
    run = web(hosts=("odd.example",))
    run.named("odd.example", a=("198.51.100.9",), aaaa=("2001:db8::9",))
    yield run
    run = web(hosts=("lost.example",))
    run.unanswered("lost.example", "AAAA")
    yield run
    run = Run.of(system(services=HTTPS))
    run.named()
    run.open(V6)
    run.page(V6, 200)
    yield run
    run = Run.of(system(services=HTTPS))
    run.named()
    run.open(V6)
    run.page(V6, 302, f"http://{V4}/")
    yield run
    run = certified("ocsp.example", "crl.example")
    run.named("ocsp.example", aaaa=())
    run.named("crl.example")
    yield run
    run = certified("ocsp.example")
    run.named("ocsp.example")
    yield run
    yield certified()
    yield from _waits()
    yield from _needs()
    yield translated()
    yield from _paths()
    yield Run.of(system([V4], HTTPS))


def _paths() -> Iterator[Run]:
    for recipe in path_recipes.PATH.values():
        addresses = [f"2001:db8:a{n}::1" for n in (1, 2, 3)] if recipe is path_recipes.vantage else [NAME]
        run = Run.of(system(addresses, HTTPS))
        recipe(run)
        yield run
    run = Run.of(system(services=HTTPS))
    run.named()
    run.open(V6)
    path_recipes.crosses(run, "response", stalled_ms=5100, largest=1012)
    path_recipes.crosses(run, "response", round_=2, stalled_ms=5000, largest=1012)
    path_recipes.crosses(run, "response", mss=1220)
    yield run


def _waits() -> Iterator[Run]:
    for how in ("silent", "closed", "rejected"):
        run = Run.of(system(services=HTTPS))
        run.named()
        getattr(run, how)(V6)
        run.open(V4)
        run.canaries(round_=1)
        yield run
    second = "2001:db8:10::81"
    run = Run.of(system(services=HTTPS))
    run.named(aaaa=(V6, second))
    run.open(V6)
    run.silent(second)
    run.open(V4)
    run.canaries(round_=1)
    yield run


def _needs() -> Iterator[Run]:
    for aaaa in ((), ("2001:db8::9",)):
        run = depending(Dependency(kind="host", target="ocsp.example"))
        run.named("ocsp.example", a=("198.51.100.9",), aaaa=aaaa)
        yield run
    for given in ({"forwarding": "no"}, {"forwarding": "yes"}, {}):
        yield depending(Dependency(kind="equipment", target="fw"), devices=(device("fw", **given),))
