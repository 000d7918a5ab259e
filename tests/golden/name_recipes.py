"""The golden cases about names and addresses: what the resolver said, and little else."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from ipv6check.model.inventory import Endpoint
from tests.unit.judging_builder import V4, V6, Run

NAME = "www.example"
Recipe = Callable[[Run], None]


def ready(run: Run) -> None:
    """Tell of a vantage that works: sources of both families, living canaries."""
    run.source(6, "2001:db8:1::2", routers=("2001:db8:1::1",))
    run.source(4, "203.0.113.2", routers=("203.0.113.1",))
    run.canaries()


def then_canaries(run: Run) -> None:
    """Ask the canaries once more, at the end."""
    run.canaries(round_=1)


def coded(rcode: str) -> Recipe:
    """Answer AAAA with an RCODE, A with an address."""

    def tell(run: Run) -> None:
        ready(run)
        run.answers(NAME, "A", V4)
        run.answers(NAME, "AAAA", rcode=rcode)
        run.open(V4, 1521)
        then_canaries(run)

    return tell


def a_only(run: Run) -> None:
    ready(run)
    run.named(aaaa=())
    run.open(V4, 443)
    then_canaries(run)


def typo(run: Run) -> None:
    ready(run)
    for rdtype in ("A", "AAAA"):
        run.answers(NAME, rdtype, rcode="NXDOMAIN")
    then_canaries(run)


def short_rdata(run: Run) -> None:
    ready(run)
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", bad_rdata=[[NAME, "AAAA", "c6336407"]], authority=False)
    run.open(V4, 1521)
    then_canaries(run)


def truncated(run: Run) -> None:
    ready(run)
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", flags=["QR", "TC"])
    run.answers(NAME, "AAAA", V6, kind="dns.tcp")
    run.pointed()
    both_open(run)


def both_open(run: Run) -> None:
    for address in (V6, V4):
        run.open(address, 1521)
    then_canaries(run)


def no_edns(run: Run) -> None:
    ready(run)
    run.answers(NAME, "A", V4)
    run.unanswered(NAME, "AAAA")
    run.answers(NAME, "AAAA", V6, edns=False)
    both_open(run)


def alias_v4(run: Run) -> None:
    ready(run)
    run.answers(NAME, "A", f"{NAME} CNAME backend.example", f"backend.example A {V4}")
    run.answers(NAME, "AAAA", f"{NAME} CNAME backend.example", soa=True)
    run.open(V4, 1521)
    then_canaries(run)


def loop(run: Run) -> None:
    ready(run)
    for rdtype in ("A", "AAAA"):
        run.answers(NAME, rdtype, f"{NAME} CNAME b.example", f"b.example CNAME {NAME}")
    then_canaries(run)


def long_chain(run: Run) -> None:
    ready(run)
    names = [NAME, *(f"c{n}.example" for n in range(1, 11))]
    links = [f"{one} CNAME {two}" for one, two in itertools.pairwise(names)]
    run.answers(NAME, "A", *links, f"c10.example A {V4}")
    run.answers(NAME, "AAAA", *links, f"c10.example AAAA {V6}")
    both_open(run)


def published(address: str) -> Recipe:
    """Publish one IPv6 address of an odd range, which is never contacted."""

    def tell(run: Run) -> None:
        ready(run)
        run.named(aaaa=(address,))
        run.open(V4, 1521)
        then_canaries(run)

    return tell


SECOND = Endpoint("203.0.113.54", 53)


def dead_resolver(run: Run) -> None:
    ready(run)
    for rdtype in ("A", "AAAA"):
        run.unanswered(NAME, rdtype)
        run.unanswered(NAME, rdtype, edns=False)
    then_canaries(run)


def one_of_two_resolvers(run: Run) -> None:
    ready(run)
    for rdtype, address in (("A", V4), ("AAAA", V6)):
        run.unanswered(NAME, rdtype)
        run.answers(NAME, rdtype, address, server=SECOND)
    run.pointed(server=SECOND)
    both_open(run)
