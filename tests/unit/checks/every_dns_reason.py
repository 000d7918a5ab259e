"""Runs that give the reason codes of the DNS, its views, hints and reverse names, for tests of the texts."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from ipv6check.model.asked_names import sibling
from ipv6check.model.inventory import Endpoint, System, Vantage
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


ZONE, SITE, NS1, NS2 = "lab.example", "www.lab.example", "ns1.lab.example", "ns2.lab.example"
AUTHORITY6, AUTHORITY4 = "2001:db8:10::53", "198.51.100.54"


def dns_system(hosts: tuple[str, ...] = (NS1,), **more: object) -> System:
    """Return a system that serves the zone on its hosts."""
    declared = [service("dns", 53, transport="udp", zones=(ZONE,), role="authoritative")]
    return system(hosts, declared, id="dns", category="dns", **more)


def zoned(*servers: str) -> Run:
    """Return a run of a site in a declared zone, whose NS records name some servers."""
    run = Run.of(system([SITE], TCP), dns_system(), scope_dns="delegation")
    run.named(SITE)
    run.answers(ZONE, "NS", *(servers or (NS1,)))
    run.named(NS1, a=(AUTHORITY4,), aaaa=(AUTHORITY6,))
    return run


def asked_at(run: Run, address: str, aaaa: str, *, a: str = "NOERROR", rounds: int = 3) -> None:
    """Ask a server A and AAAA in turn: `aaaa` is an RCODE or "dropped"."""
    server = Endpoint(address, 53)
    for number in range(1, rounds + 1):
        told: dict[str, Any] = {"purpose": "authority", "round": number, "edns": False, "rd": False}
        run.answers(SITE, "A", V4, server=server, rcode=a, flags=["QR", "AA"], **told)
        if aaaa == "dropped":
            run.unanswered(SITE, "AAAA", server=server, **told)
        else:
            run.answers(SITE, "AAAA", server=server, rcode=aaaa, flags=["QR", "AA"], **told)
            if aaaa == "NOERROR":
                return


def serving(
    run: Run,
    *,
    flags: tuple[str, ...] = ("QR", "AA"),
    udp: str | None = None,
    tcp: str | None = None,
    zone: str = ZONE,
) -> None:
    """Ask the declared server for its zone over UDP and TCP; a word is the failure of one of them."""
    told: dict[str, Any] = {"purpose": "service", "server": Endpoint(AUTHORITY6, 53), "rd": "RA" in flags}
    for kind, word in (("dns.query", udp), ("dns.tcp", tcp)):
        if word is not None:
            run.unanswered(zone, "SOA", word, kind=kind, **told)
        else:
            run.answers(zone, "SOA", f"{zone} SOA x", kind=kind, flags=list(flags), **told)


def _authority() -> Iterator[Run]:
    for rcode in ("NOERROR", "SERVFAIL", "REFUSED", "NOTIMP", "FORMERR", "NXDOMAIN", "dropped"):
        run = zoned()
        asked_at(run, AUTHORITY6, rcode)
        asked_at(run, AUTHORITY4, rcode)
        yield run
    run = zoned()
    asked_at(run, AUTHORITY6, "NOERROR", a="REFUSED")
    yield run
    yield zoned(NS1, NS2)


def of_service(**how: Any) -> Run:
    """Return a run of the DNS system alone, its server asked for its zone."""
    run = Run.of(dns_system())
    run.named(NS1, a=(AUTHORITY4,), aaaa=(AUTHORITY6,))
    serving(run, **how)
    run.canaries(round_=1)
    return run


def served_by(*servers: str, aaaa: int) -> Run:
    """Return a run of the DNS system: its zone's servers, and how many of them have IPv6."""
    run = of_service()
    run.answers(ZONE, "NS", *servers)
    for number, server in enumerate(servers):
        run.named(server, a=(V4,), aaaa=(f"2001:db8:10::5{number}",) if number < aaaa else ())
    return run


def _service() -> Iterator[Run]:
    yield of_service(udp="no_answer", tcp="silent")
    yield of_service(flags=("QR",))
    yield of_service(tcp="silent")
    run = of_service()
    run.answers(ZONE, "NS")
    yield run
    for aaaa in (0, 1, 2):
        yield served_by("a.ns.example", "b.ns.example", aaaa=aaaa)


ROOT, TLD = "2001:db8:10::a", "2001:db8:10::b"


def rooted(**more: Any) -> Run:
    """Return a run of the DNS system with a root to walk from; its server has IPv6."""
    run = Run.of(dns_system(), dns_roots=(ROOT,), **more)
    run.answers(ZONE, "NS", NS1)
    run.named(NS1, a=(AUTHORITY4,), aaaa=(AUTHORITY6,))
    return run


def step(
    run: Run,
    server: str,
    zone: str,
    *,
    to: str = "",
    glue: tuple[str, ...] = (),
    name: str = ZONE,
    ns: str = NS1,
    word: str | None = None,
    rdtype: str = "SOA",
    depth: int = 0,
    found: tuple[str, ...] = (),
) -> None:
    """Take a step of a walk: a server of `zone` answers, refers one on `to`, or fails (`word`)."""
    told: dict[str, Any] = {"purpose": "walk", "server": Endpoint(server, 53), "rd": False}
    told["more"] = {"zone": zone, "depth": depth}
    if word is not None:
        run.unanswered(name, rdtype, word, **told)
    elif to:
        sent = {"authority": [[to, "NS", 60, ns]], "additional": [[ns, "AAAA", 60, each] for each in glue]}
        run.answers(name, rdtype, flags=["QR"], data=sent, **told)
    else:
        records = found or (f"{name} SOA x",)
        run.answers(name, rdtype, *records, flags=["QR", "AA"], **told)


def parent(run: Run, glue: tuple[str, ...], *, own: bool = False, server: str = ROOT) -> None:
    """Ask a parent for the zone's NS records: a referral with glue, or the zone's own answer."""
    told: dict[str, Any] = {"purpose": "parent", "server": Endpoint(server, 53), "rd": False}
    if own:
        run.answers(ZONE, "NS", NS1, flags=["QR", "AA"], **told)
        return
    sent = {"authority": [[ZONE, "NS", 60, NS1]], "additional": [[NS1, "AAAA", 60, each] for each in glue]}
    run.answers(ZONE, "NS", flags=["QR"], data=sent, **told)


def _delegation() -> Iterator[Run]:
    for glue in ((AUTHORITY6,), (), ("2001:db8:10::99",)):
        run = rooted()
        parent(run, glue)
        step(run, ROOT, "", to=ZONE, glue=glue)
        step(run, AUTHORITY6, ZONE)
        yield run
    run = rooted()
    parent(run, (), own=True)
    step(run, ROOT, "", to="example", glue=(TLD,), ns="ns.example")
    yield run
    run = Run.of(dns_system(), dns_roots=(ROOT,))
    run.named(NS1)
    run.answers(ZONE, "NS", "ns.elsewhere.example")
    yield run


def runs() -> tuple[Run, ...]:
    """Return all runs."""
    return (*_views(), *_answers(), *_addresses(), *_resolvers(), *_authority(), *_service(), *_delegation())
