"""What a network would have said in the golden cases of foreign hosts and of clients' fall-back."""

from __future__ import annotations

from tests.unit.judging_builder import V4, V6, Run

_PAGE = {"hosts": ["img.example", "js.example"], "literals": [], "more": False}


def v4_only_resource(run: Run) -> None:
    """Both families show the same page; one of the hosts it loads from has no AAAA."""
    run.named()
    for address, fetches in ((V6, (1,)), (V4, (1, 2))):
        run.open(address)
        for fetch in fetches:
            run.page(address, fetch=fetch, references=_PAGE)
    run.named("js.example", a=("198.51.100.90",), aaaa=())
    run.named("img.example", a=("198.51.100.91",), aaaa=("2001:db8:90::1",))


def hidden_outage(run: Run) -> None:
    """IPv6 is silent, IPv4 answers."""
    run.named()
    run.silent(V6)
    run.open(V4)
    for fetch in (1, 2):
        run.page(V4, fetch=fetch)
    run.canaries(round_=1)
