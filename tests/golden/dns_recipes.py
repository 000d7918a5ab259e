"""The golden cases about the DNS itself: views, validation, name servers, delegation, reverse names."""

from __future__ import annotations

from ipv6check.model.asked_names import sibling
from tests.golden.name_recipes import NAME, Recipe, both_open, ready, then_canaries
from tests.unit.checks.every_dns_reason import (
    AUTHORITY4,
    AUTHORITY6,
    NS1,
    NS2,
    PUBLIC_SERVER,
    ROOT,
    SITE,
    ZONE,
    asked_at,
    parent,
    pointer,
    serving,
    step,
)
from tests.unit.judging_builder import START, V4, V6, Run

CARD = "2001:db8:10:0:21b:21ff:fe00:1"  # a network card's own, as RFC 4291 makes it (ff:fe)
SYNTHESISED = "2001:db8:64::c633:6450"


def _at_servers(run: Run, aaaa: str, *servers: str) -> None:
    """Tell of the zone's servers: their names and addresses, and what each says of the site."""
    run.answers(ZONE, "NS", *(servers or (NS1,)))
    run.named(NS1, a=(AUTHORITY4,), aaaa=(AUTHORITY6,))
    for address in (AUTHORITY6, AUTHORITY4):
        asked_at(run, address, aaaa)
        run.open(address, 53)
        run.udp(address, 53, "dns")
    serving(run)


def server_says_servfail(run: Run) -> None:
    ready(run)
    run.answers(SITE, "A", V4)
    run.answers(SITE, "AAAA", rcode="SERVFAIL")
    run.answers(SITE, "AAAA", rcode="SERVFAIL", cd=True)
    _at_servers(run, "SERVFAIL")
    run.open(V4, 1521)
    then_canaries(run)


def bogus(run: Run) -> None:
    ready(run)
    for rdtype, address in (("A", V4), ("AAAA", V6)):
        run.answers(NAME, rdtype, rcode="SERVFAIL")
        run.answers(NAME, rdtype, address, cd=True)
    then_canaries(run)


def split_view(run: Run) -> None:
    ready(run)
    run.named()
    run.pointed()
    run.answers(NAME, "A", V4, view="public", server=PUBLIC_SERVER)
    run.answers(NAME, "AAAA", view="public", server=PUBLIC_SERVER)
    both_open(run)


def dns64(run: Run) -> None:
    ready(run)
    run.answers("ipv4only.arpa", "AAAA", "2001:db8:64::c000:aa", "2001:db8:64::c000:ab")
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", SYNTHESISED)
    run.open(V4, 1521)
    then_canaries(run)


def name_servers(run: Run) -> None:
    ready(run)
    run.named(SITE)
    _at_servers(run, "NOERROR", NS1, NS2)
    second6, second4 = "2001:db8:10::54", "198.51.100.55"
    run.named(NS2, a=(second4,), aaaa=(second6,))
    for address in (second6, second4):
        asked_at(run, address, "NOERROR")
    both_open(run)


def no_glue(run: Run) -> None:
    ready(run)
    run.named(SITE)
    _at_servers(run, "NOERROR")
    parent(run, ())
    step(run, ROOT, "", to=ZONE)
    both_open(run)


def reverse(name: str | None) -> Recipe:
    """Let the address have no PTR record, or one whose host has another address."""

    def tell(run: Run) -> None:
        ready(run)
        run.named()
        if name is None:
            run.answers(pointer(V6), "PTR", rcode="NXDOMAIN", zone="ip6.arpa")
        else:
            run.answers(pointer(V6), "PTR", name)
            run.answers(name, "AAAA", "2001:db8:10::99")
        both_open(run)

    return tell


def wildcard(run: Run) -> None:
    ready(run)
    run.named(SITE)
    run.answers(str(sibling(SITE, START)), "AAAA", V6)
    both_open(run)


def late_aaaa(run: Run) -> None:
    ready(run)
    run.answers(NAME, "A", V4)
    run.answers(NAME, "AAAA", V6, seconds=1.2)
    run.pointed()
    both_open(run)


def old_hint(run: Run) -> None:
    ready(run)
    run.named()
    run.pointed()
    run.answers(NAME, "HTTPS", '1 . alpn="h2" ipv6hint="2001:db8:10::99"')
    for address in (V6, V4):
        run.open(address)
    then_canaries(run)


def card_address(run: Run) -> None:
    ready(run)
    run.named(aaaa=(CARD,))
    run.pointed(CARD)
    run.open(CARD, 1521)
    run.open(V4, 1521)
    then_canaries(run)


DNS: dict[str, Recipe] = {
    "05-server-says-servfail": server_says_servfail,
    "10-bogus": bogus,
    "13-split-view": split_view,
    "14-dns64": dns64,
    "51-name-servers": name_servers,
    "53-no-glue": no_glue,
    "57-no-reverse-name": reverse(None),
    "57-reverse-leads-elsewhere": reverse("host.example"),
    "card-address": card_address,
    "hint-of-an-old-address": old_hint,
    "late-aaaa": late_aaaa,
    "wildcard": wildcard,
}
