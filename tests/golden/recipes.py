"""How the observations of the golden cases came about; `python -m tests.golden.recipes` writes them.

The inventories and the expected findings are written by hand, from situations.md and catalogue.md,
before anything is judged. What is written here is only what a network would have said.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from ipv6check import codec
from ipv6check.inventory import load
from ipv6check.model.inventory import Endpoint
from tests.golden import dns_recipes, outside_recipes, path_recipes
from tests.golden import name_recipes as names
from tests.golden.name_recipes import NAME, Recipe, ready, then_canaries
from tests.unit.checks.small_authority import authority, encoded, issue
from tests.unit.judging_builder import CANARY4, CANARY6, START, V4, V6, Run

CASES = Path(__file__).parent
SECOND6 = "2001:db8:10::81"
DAY = timedelta(days=1)


def ports(six: str, four: str, port: int = 443) -> Recipe:
    """Let the port do one thing on each family."""

    def tell(run: Run) -> None:
        ready(run)
        run.named()
        for address, how in ((V6, six), (V4, four)):
            if how == "rejected":
                run.rejected(address, port, offender="2001:db8:ff::1" if ":" in address else "203.0.113.254")
            else:
                getattr(run, how)(address, port)
        then_canaries(run)

    return tell


def same_page(run: Run) -> None:
    ready(run)
    run.named()
    run.pointed()
    run.answers(NAME, "HTTPS")
    shown(run, authority().chain(NAME), authority().chain(NAME))
    run.pages()
    then_canaries(run)


def shown(run: Run, six: list[str], four: list[str]) -> None:
    """Open the port on both families and show a certificate on each."""
    for address, chain in ((V6, six), (V4, four)):
        run.open(address)
        run.tls(address, chain)


def certificate(six: Callable[[], list[str]]) -> Recipe:
    """Show a certificate over IPv6, and a sound one over IPv4."""

    def tell(run: Run) -> None:
        ready(run)
        run.named()
        shown(run, six(), authority().chain(NAME))
        run.pages()
        then_canaries(run)

    return tell


def pages(status: int, location: str | None = None, four: int = 200, **more: object) -> Recipe:
    """Let a plain web page answer over IPv6 in one way, over IPv4 with a status."""

    def tell(run: Run) -> None:
        ready(run)
        run.named()
        for address in (V6, V4):
            run.open(address, 80)
        run.page(V6, status, location, port=80, tls=False)
        for fetch in (1, 2):
            run.page(V4, four, port=80, tls=False, fetch=fetch)
        if "login" in str(location):
            run.answers("login.example", "AAAA")
        then_canaries(run)

    return tell


def exposed(run: Run) -> None:
    ready(run)
    run.named()
    names.both_open(run)
    run.open(V6, 22)
    run.silent(V4, 22)
    run.canaries(round_=2)


def loss(run: Run) -> None:
    ready(run)
    run.named()
    run.open(V6, 1521, silent_first=2)
    run.open(V4, 1521)
    then_canaries(run)


def no_ipv6(run: Run) -> None:
    run.source(6, None)
    run.source(4, "203.0.113.2")
    run.canaries(alive=[CANARY4])
    run.named()
    run.fails(V6, 1521, "local", errno="ENETUNREACH", detail="no_route")
    run.open(V4, 1521)


def link_local_only(run: Run) -> None:
    run.source(6, "fe80::2%v0", scope="link_local")
    run.source(4, "203.0.113.2")
    run.canaries(alive=[CANARY4])
    run.named()
    run.silent(V6, 1521)
    run.open(V4, 1521)
    run.canaries(alive=[CANARY4], round_=1)


def ula_vantage(run: Run) -> None:
    run.source(6, "fd5a:1b2c:3d4e:1::2", scope="unique_local", routers=("fd5a:1b2c:3d4e:1::1",))
    run.source(4, "203.0.113.2")
    run.canaries()
    run.named()
    run.silent(V6, 1521)
    run.open(V4, 1521)
    then_canaries(run)


def no_ipv4(run: Run) -> None:
    run.source(6, "2001:db8:1::2")
    run.source(4, None)
    run.canaries(alive=[CANARY6])
    for rdtype, address in (("A", V4), ("AAAA", V6)):
        run.answers(NAME, rdtype, address, server=Endpoint("2001:db8:1::53", 53))
    run.open(V6, 1521)
    run.fails(V4, 1521, "local", errno="ENETUNREACH", detail="no_route")
    run.canaries(alive=[CANARY6], round_=1)


def aaaa_only(run: Run) -> None:
    ready(run)
    run.named(a=())
    run.pointed()
    run.open(V6, 1521)
    then_canaries(run)


def lost(run: Run) -> None:
    ready(run)
    run.named()
    run.open(V4, 1521)
    run.silent(V6, 1521)
    run.canaries(alive=[CANARY4], round_=1)


def unverified(run: Run) -> None:
    run.source(6, "2001:db8:1::2")
    run.source(4, "203.0.113.2")
    run.named()
    run.open(V4, 1521)
    run.silent(V6, 1521)


def port_blocked(run: Run) -> None:
    ready(run)
    run.named()
    for address in (V6, V4):
        run.silent(address, 25)
    run.silent("2001:db8:50::25", 25)
    run.silent("198.51.100.25", 25)
    then_canaries(run)


def shunned(run: Run) -> None:
    ready(run)
    run.named()
    run.open(V6, 22)
    run.talk("ssh.greeting", V6, 22, {}, banner="SSH-2.0-lab")
    run.open(V4, 22)
    run.talk("ssh.greeting", V4, 22, {}, banner="SSH-2.0-lab")
    run.open(V4, 1521)
    run.silent(V6, 1521)
    run.silent(V6, 22, round_=2)
    then_canaries(run)


def partial(run: Run) -> None:
    ready(run)
    run.named(aaaa=(V6, SECOND6))
    run.open(V6, 1521)
    run.closed(SECOND6, 1521)
    run.open(V4, 1521)
    then_canaries(run)


def mute(run: Run) -> None:
    ready(run)
    run.named()
    for address, word in ((V6, "no_greeting"), (V4, None)):
        run.open(address, 22)
        run.talk("ssh.greeting", address, 22, {}, word, banner="SSH-2.0-lab")
    then_canaries(run)


def udp_silent(run: Run) -> None:
    ready(run)
    run.named()
    run.udp(V6, 123, "ntp", "no_answer")
    run.udp(V4, 123, "ntp")
    then_canaries(run)


def neighbour(run: Run) -> None:
    run.source(6, "fe80::2%v0", scope="link_local")
    run.open("fe80::1%v0", 1521)


def untold(run: Run) -> None:
    """Ask nobody anything: what is judged is the inventory itself."""


def half_resolved(run: Run) -> None:
    """Let www.example have an A record alone, and nobody answer about lost.example."""
    names.a_only(run)
    for rdtype in ("A", "AAAA"):
        run.unanswered("lost.example", rdtype)
        run.unanswered("lost.example", rdtype, edns=False)


def both_and_lost(run: Run) -> None:
    """Let www.example work over both families, and nobody answer about lost.example."""
    ready(run)
    run.named()
    for rdtype in ("A", "AAAA"):
        run.unanswered("lost.example", rdtype)
        run.unanswered("lost.example", rdtype, edns=False)
    names.both_open(run)


def a_only_open(run: Run) -> None:
    ready(run)
    run.named(aaaa=())
    run.open(V4, 1521)
    then_canaries(run)


def both_in_plan(run: Run) -> None:
    ready(run)
    run.named()
    run.open("2001:db8:30::1", 1521)
    names.both_open(run)


RECIPES: dict[str, Recipe] = {
    "01-same-page": same_page,
    "02-a-only": names.a_only,
    "03-typo": names.typo,
    "04-rfc4074": names.coded("NXDOMAIN"),
    "05-servfail": names.coded("SERVFAIL"),
    "06-refused": names.coded("REFUSED"),
    "06-notimp": names.coded("NOTIMP"),
    "06-formerr": names.coded("FORMERR"),
    "07-short-rdata": names.short_rdata,
    "08-truncated": names.truncated,
    "09-no-edns": names.no_edns,
    "11-alias-v4": names.alias_v4,
    "12-loop": names.loop,
    "12-long-chain": names.long_chain,
    "15-v4mapped": names.published("::ffff:192.0.2.1"),
    "16-linklocal": names.published("fe80::1"),
    "17-ula": names.published("fd12:3456:789a::1"),
    "18-6to4": names.published("2002:c633:6401::1"),
    "19-documentation": names.published("3fff:fff::1"),
    "20-loopback": names.published("::1"),
    "21-v6-reset": ports("closed", "open", 1521),
    "22-v6-drop": ports("silent", "open", 1521),
    "23-v6-prohibited": ports("rejected", "open", 1521),
    "24-v4-prohibited": ports("open", "rejected", 1521),
    "25-v6-exposed": exposed,
    "26-both-reset": ports("closed", "closed", 1521),
    "26-both-silent": ports("silent", "silent", 1521),
    "27-loss": loss,
    "31-no-ipv6": no_ipv6,
    "32-link-local-only": link_local_only,
    "33-ula-vantage": ula_vantage,
    "34-no-ipv4": no_ipv4,
    "35-ipv6-only": aaaa_only,
    "36-no-a": aaaa_only,
    "38-v6-forbidden": pages(403),
    "39-both-503": pages(503, four=503),
    "40-redirect-loop": pages(302, "/"),
    "41-expired": certificate(lambda: authority().chain(NAME, end=START - DAY)),
    "41-wrong-name": certificate(lambda: authority().chain("other.example")),
    "41-chain": certificate(lambda: authority().chain(NAME, whole=False)),
    "41-self-signed": certificate(lambda: [encoded(issue(NAME, names=(NAME,)).certificate)]),
    "42-two-certificates": certificate(lambda: authority().chain(NAME, "alt.example")),
    "44-v4-only-resource": outside_recipes.v4_only_resource,
    "45-hidden-outage": outside_recipes.hidden_outage,
    **dns_recipes.DNS,
    **path_recipes.PATH,
    "59-link-local-literal": neighbour,
    "60-outside-the-plan": ports("open", "open", 1521),
    "dead-resolver": names.dead_resolver,
    "deadlines": both_and_lost,
    "equipment-behind-systems": untold,
    "equipment-classes": untold,
    "equipment-support": untold,
    "ipv4-literal": pages(302, f"http://{V4}/"),
    "leaves-ipv6": pages(302, "http://login.example/"),
    "lost-in-mid-run": lost,
    "mute": mute,
    "one-of-two-resolvers": names.one_of_two_resolvers,
    "partial": partial,
    "plan-duplicates": untold,
    "plan-family-pair": half_resolved,
    "plan-inside": both_in_plan,
    "plan-nested": untold,
    "plan-not-published": a_only_open,
    "plan-sizes": untold,
    "port-blocked": port_blocked,
    "programme-milestones": untold,
    "shunned": shunned,
    "throttled": pages(429),
    "udp-silent": udp_silent,
    "unverified": unverified,
}


def cook(case: str) -> Run:
    """Return the run of a case, as its recipe tells it."""
    loaded = load(CASES / case / "inventory.yaml")
    assert loaded.inventory is not None, [str(problem) for problem in loaded.errors]
    run = Run(loaded.inventory)
    RECIPES[case](run)
    return run


def main() -> None:
    """Write the observations and the run's description of every case."""
    for case in RECIPES:
        folder = CASES / case
        if (folder / "inventory.yaml").exists() and "root.pem" in (folder / "inventory.yaml").read_text():
            (folder / "root.pem").write_bytes(authority().pem)
        run = cook(case)
        lines = b"".join(codec.encode_observation(each) + b"\n" for each in run.observations)
        (folder / "observations.jsonl").write_bytes(lines)
        (folder / "run.json").write_bytes(codec.encode_run(run.meta))


if __name__ == "__main__":
    main()
