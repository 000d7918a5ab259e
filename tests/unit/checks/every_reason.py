"""Runs that between them give every reason code of the built-in checks, for tests of the texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache

from ipv6check.facts import RunWarning
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Endpoint, Vantage
from tests.unit.checks import audit_cases, every_dns_reason, every_mail_reason, every_outside_reason
from tests.unit.checks.small_authority import authority, encoded, issue
from tests.unit.judging_builder import (
    CANARY4,
    CANARY6,
    START,
    V4,
    V6,
    Run,
    decoy,
    dual_stack,
    host,
    service,
    system,
)

NAME = "www.example"
DAY = timedelta(days=1)
TCP = [service("tcp", 1521)]
RANGES = (
    *("::ffff:192.0.2.1", "fe80::1", "::1", "::", "ff02::1", "3fff::1", "2002:c633:6401::1", "2001:0:1::1"),
    *("fec0::1", "100::1", "64:ff9b::c633:6450", "5f00::1", "fd12:3456:789a::1"),
)


def _names() -> Iterator[Run]:
    for rcode in ("SERVFAIL", "REFUSED", "NOTIMP", "FORMERR", "NXDOMAIN", "NOERROR"):
        run = Run.of(system(services=TCP))
        run.answers(NAME, "A", V4)
        run.answers(NAME, "AAAA", f"{NAME} CNAME lb.example", rcode=rcode, soa=True)
        yield run
    for rcode in ("SERVFAIL", "NXDOMAIN"):
        both = Run.of(system(services=TCP))
        for rdtype in ("A", "AAAA"):
            both.answers(NAME, rdtype, rcode=rcode)
        yield both
    aliases = {
        "loop": [f"{NAME} CNAME b.example", f"b.example CNAME {NAME}"],
        "long": [f"{'www' if n == 0 else f'c{n}'}.example CNAME c{n + 1}.example" for n in range(10)],
        "dangling": [f"{NAME} CNAME gone.example"],
    }
    for kind, records in aliases.items():
        run = Run.of(system(services=TCP))
        for rdtype in ("A", "AAAA"):
            run.answers(NAME, rdtype, *records, rcode="NXDOMAIN" if kind == "dangling" else "NOERROR")
        yield run
    yield from _odd_answers(aliases["long"])


def _odd_answers(long: list[str]) -> Iterator[Run]:
    run = Run.of(system(services=TCP))
    run.answers(NAME, "A", *long, f"c10.example A {V4}")
    run.unanswered(NAME, "AAAA")
    yield run
    run = Run.of(system(services=TCP))
    run.unanswered(NAME, "A")
    run.unanswered(NAME, "AAAA")
    yield run
    run = Run.of(system(services=TCP))
    run.answers("x.invalid", "A", V4)
    run.answers(NAME, "A", V4)
    yield run
    run = Run.of(system(services=TCP))
    run.answers(NAME, "AAAA", rcode="SERVFAIL")
    run.answers(NAME, "AAAA", V6, cd=True)
    run.unanswered(NAME, "AAAA", server=Endpoint("203.0.113.54", 53))
    yield run
    run = Run.of(system(services=TCP))
    run.answers(NAME, "AAAA", flags=["TC"])
    run.unanswered(NAME, "AAAA", "reset", kind="dns.tcp")
    yield run
    run = Run.of(system(services=TCP))
    run.answers(NAME, "AAAA", bad_rdata=[[NAME, "AAAA", "00"]])
    yield run
    run = Run.of(system(services=TCP))
    run.named(a=())
    run.open(V6, 1521)
    yield run


def _addresses() -> Iterator[Run]:
    for address in RANGES:
        run = Run.of(system(services=TCP))
        run.named(aaaa=(address,))
        yield run
    run = Run.of(system(services=TCP, exposure="internal"))
    run.named(aaaa=("fd12:3456:789a::1",))
    yield run
    run = Run.of(system([V4], TCP))
    run.open(V4, 1521)
    yield run


def _ports() -> Iterator[Run]:
    for how in ("open", "closed", "silent", "rejected"):
        for other in ("open", "closed", "silent"):
            run = dual_stack(closed_ports=[3389])
            for port in (1521, 3389):
                getattr(run, how)(V6, port)
                getattr(run, other)(V4, port)
            run.canaries(round_=1)
            yield run
    run = Run.of(system([V6, V4, host("2001:db8:20::1", role="standby")], TCP))
    run.rejected(V6, 1521, word="unreachable", offender="2001:db8:ff::1")
    run.open(V4, 1521)
    yield run
    for family, second in ((6, "2001:db8:10::81"), (4, "198.51.100.81")):
        run = Run.of(system(services=TCP))
        run.named(a=(V4, second) if family == 4 else (V4,), aaaa=(V6, second) if family == 6 else (V6,))
        run.open(V6, 1521)
        run.open(V4, 1521)
        run.closed(second, 1521)
        yield run
    run = dual_stack()
    run.open(V6, 1521)
    decoy(run, V6)
    yield run
    run = dual_stack()
    run.open(V6, 1521, silent_first=2)
    yield run
    run = dual_stack()
    run.closed(V6, 1521)
    run.open(V6, 1521, look=1)
    yield run
    run = Run.of(system(services=[service("snmp", 161, transport="udp")]))
    run.named()
    run.udp(V6, 161, "snmp", "no_answer")
    yield run
    yield from _greetings()


def _greetings() -> Iterator[Run]:
    for word in ("no_greeting", "protocol", "slow"):
        run = Run.of(system(services=[service("ssh")]))
        run.named()
        run.open(V6, 22)
        run.talk("ssh.greeting", V6, 22, {}, word)
        yield run
    run = Run.of(system(services=[service("https")]))
    run.named()
    run.open(V6)
    run.tls(V6, word="closed")
    yield run


def _vantages() -> Iterator[Run]:
    for family in (6, 4):
        run = Run.of(system(services=TCP), working=False)
        run.source(6, None if family == 6 else "2001:db8:1::2")
        run.source(4, None if family == 4 else "203.0.113.2")
        run.named()
        yield run
    for alive in ([CANARY4], [CANARY6]):
        run = Run.of(system(services=TCP), working=False)
        run.canaries(alive=alive)
        run.named()
        run.silent(V6, 1521)
        run.silent(V4, 1521)
        run.canaries(alive=alive, round_=1)
        yield run
    run = Run.of(system(services=TCP), canaries=(), working=False)
    run.named()
    run.silent(V6, 1521)
    run.silent(V4, 1521)
    yield run
    yield from _own_troubles()


def _own_troubles() -> Iterator[Run]:
    far = [f"2001:db8:a{n}::1" for n in range(3)]
    run = Run.of(system([*far, V4], TCP), canaries=())
    for address in far:
        run.rejected(address, 1521, word="unreachable")
    yield run
    run = Run.of(system(services=TCP), controls=(Endpoint("2001:db8:50::1", 1521),))
    run.named()
    run.silent(V6, 1521)
    run.silent("2001:db8:50::1", 1521)
    run.canaries(round_=1)
    yield run
    run = Run.of(system(services=TCP), working=False)
    run.source(4, "192.0.0.2")
    run.canaries()
    run.named()
    run.closed(V6, 1521)
    run.open(V4, 1521)
    yield run
    for word in ("overloaded", "no_privilege", "not_permitted", "schedule.outside", "time.over"):
        run = dual_stack()
        run.fails(V6, 1521, word, "skipped" if "." in word else "failed")
        yield run
    run = dual_stack()
    run.fails(V6, 1521, "", "crashed")
    yield run
    run = Run.of(system(services=[*TCP, service("ssh")]))
    run.named()
    run.open(V6, 22)
    run.silent(V6, 1521)
    run.silent(V6, 22, round_=2)
    run.canaries(round_=1)
    yield run
    other = system([V4, "2001:db8:30::1"], TCP, id="other")
    run = Run.of(system(services=TCP), other, working=False)
    run.canaries(alive=[CANARY4])
    run.open("2001:db8:30::1", 1521)
    yield run
    run = dual_stack()
    run.canaries(alive=[CANARY4], round_=1)
    yield run
    yield from _inventories()


def _inventories() -> Iterator[Run]:
    public = Vantage(name="internet", resolver="public")
    run = Run.of(system(services=TCP, vantages=("inside", "internet")), vantages=(public,))
    run.named()
    yield run
    run = Run.of(system(services=TCP, vantages=("inside", "internet")), vantages=(public,))
    run.named()
    run.vantage = "internet"
    for rdtype in ("A", "AAAA"):
        run.answers(NAME, rdtype, rcode="NXDOMAIN")
    yield run
    yield Run.of(system(goal="retired"))
    yield Run.of(system(probe="none"))
    yield Run.of(system(services=[service("https", families=(6,))]))
    run = Run.of(system([V6], TCP))
    run.open(V6, 1521)
    yield run


def _certificates() -> Iterator[Run]:
    made: dict[str, Callable[[], list[str]]] = {
        "good": lambda: authority().chain(NAME),
        "expired": lambda: authority().chain(NAME, end=START - DAY),
        "early": lambda: authority().chain(NAME, begin=START + DAY),
        "name": lambda: authority().chain("other.example"),
        "self": lambda: [encoded(issue(NAME, names=(NAME,)).certificate)],
        "short": lambda: authority().chain(NAME, whole=False),
        "soon": lambda: authority().chain(NAME, end=START + 5 * DAY),
        "broken": lambda: ["MAA="],
    }
    for kind, make in made.items():
        for four in ("good", kind):
            yield _shown(make(), made[four]())
    run = _shown(made["good"](), made["good"]())
    run.roots = ()
    yield run
    run = _shown([], [])
    run.observations = [each for each in run.observations if each.task.kind != "tls.handshake"]
    run.tls(V6, word="tls_alert", alert="handshake_failure")
    yield run
    run = Run.of(system([host(V6), host(V4)], [service("https")]))
    run.roots = (authority().pem,)
    run.open(V6)
    run.tls(V6, made["good"](), name=None)
    yield run


def _shown(six: list[str], four: list[str]) -> Run:
    run = Run.of(system(services=[service("https")]))
    run.roots = (authority().pem,)
    run.named()
    for address, chain in ((V6, six), (V4, four)):
        run.open(address)
        run.tls(address, chain)
    run.pages()
    return run


def _pages() -> Iterator[Run]:
    for status, location in (
        *((200, None), (403, None), (429, None), (503, None), (302, "/"), (302, f"https://{V4}/")),
        (302, "https://login.example/"),
    ):
        for four in (200, 503):
            run = _web()
            run.page(V6, status, location)
            run.answers("login.example", "AAAA")
            for fetch in (1, 2):
                run.page(V4, four, fetch=fetch)
            yield run
    run = _web()
    run.page(V6, 400, client_certificate=True)
    yield run
    run = _web()
    run.page(V6, word="too_large")
    yield run
    run = Run.of(system(services=[service("https")]))
    run.named()
    run.closed(V6)
    run.open(V4)
    yield run


def _host_keys() -> Iterator[Run]:
    for six in ("SHA256:a", "SHA256:b", None):
        run = Run.of(system(services=[service("ssh")]))
        run.named()
        for address, key in ((V6, six), (V4, "SHA256:a")):
            run.open(address, 22)
            run.talk("ssh.hostkey", address, 22, {}, type="ssh-ed25519", fingerprint=key)
        yield run


def _latencies() -> Iterator[Run]:
    for six, count in ((90.0, 2), (1.0, 2), (1.0, 1)):
        run = dual_stack()
        for address, rtt in ((V6, six), (V4, 1.0)):
            run.open(address, 1521)
            for sample in range(count):
                run.talk("tcp.time", address, 1521, {"sample": sample}, rtt_ms=rtt)
        yield run


def _contents() -> Iterator[Run]:
    for body, headers in (("<p>Welcome to nginx", []), ("<p>Portal", [["x-frame-options", "deny"]])):
        run = _web()
        run.page(V6, body=body, headers=headers)
        for fetch in (1, 2):
            run.page(V4, body="<title>Portal</title><p>Portal", fetch=fetch)
        yield run


def _web() -> Run:
    run = Run.of(system(services=[service("https")]))
    run.named()
    run.open(V6)
    run.open(V4)
    return run


@cache
def runs() -> tuple[Run, ...]:
    """Return all runs."""
    return (
        *_host_keys(),
        *_latencies(),
        *_names(),
        *_addresses(),
        *_ports(),
        *_vantages(),
        *_certificates(),
        *_pages(),
        *_contents(),
        *every_mail_reason.every_run(),
        *every_outside_reason.every_run(),
        *every_dns_reason.runs(),
    )


@cache
def findings() -> tuple[Finding, ...]:
    """Return one finding for each check, reason, verdict and set of arguments that came up."""
    found: dict[tuple[object, ...], Finding] = {}
    for given in (*(run.findings() for run in runs()), audit_cases.findings()):
        for each in given:
            found.setdefault((each.check, each.reason, each.verdict, tuple(sorted(each.args))), each)
    return tuple(found[key] for key in sorted(found, key=repr))


@cache
def warnings() -> tuple[RunWarning, ...]:
    """Return one warning of each kind that came up."""
    found = {warning.reason: warning for run in runs() for warning in run.facts().warnings}
    return tuple(found[key] for key in sorted(found))
