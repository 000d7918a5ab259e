"""Facts about authoritative servers: which a zone has, and how each answers A and AAAA of a name.

A server is one address and port. What it answers is read without the resolver between; that a server
does not answer A either is not held against its AAAA answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ipv6check.facts.dns_answer import Said, read
from ipv6check.facts.names import NameFact, Names
from ipv6check.facts.published import UNUSABLE
from ipv6check.facts.tries import Asked, Index, number
from ipv6check.inventory.addresses import classify
from ipv6check.inventory.delegation import ROUNDS
from ipv6check.model.fact import Answer
from ipv6check.model.inventory import Endpoint

_CODES = {
    "SERVFAIL": "ns.aaaa_servfail",
    "REFUSED": "ns.aaaa_refused",
    "NOTIMP": "ns.aaaa_notimp",
    "FORMERR": "ns.aaaa_formerr",
    "NXDOMAIN": "ns.aaaa_nxdomain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSaid:
    """How one server answers AAAA of a name: yes, no with a code, or unknown; `tries` AAAA questions."""

    server: Endpoint
    answer: Answer
    reason: str = ""
    rcode: str = "-"
    tries: int = 0
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameServer:
    """One name of a zone's NS records, with what the view says of its addresses."""

    name: str
    six: NameFact
    four: NameFact

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its addresses of both families."""
        return (*self.six.addresses, *self.four.addresses)

    @property
    def has_ipv6(self) -> Answer:
        """Whether it has an IPv6 address that somebody beyond its own link can reach."""
        usable = [a for a in self.six.addresses if classify(a).kind not in UNUSABLE - {"documentation"}]
        if self.six.answer == "yes":
            return "yes" if usable else "no"
        if self.six.failure == "dns.nxdomain" and self.four.answer != "no":
            return "unknown"
        return "no" if self.six.failure == "dns.nxdomain" else self.six.answer


@dataclass(slots=True)
class _Rounds:
    """The questions to one server, by type and round."""

    a: dict[int, Asked] = field(default_factory=dict)
    aaaa: dict[int, Asked] = field(default_factory=dict)


def name_servers(names: Names, vantage: str, zone: str) -> tuple[NameFact, tuple[NameServer, ...]]:
    """Return what the view says of a zone's NS records, and its servers by name."""
    fact = names.ask(vantage, zone, "NS")
    servers = (text.lower().removesuffix(".") for text in fact.said.texts)
    found = (
        NameServer(name=n, six=names.lookup(vantage, n, 6), four=names.lookup(vantage, n, 4)) for n in servers
    )
    return fact, tuple(found)


def of_name(index: Index, vantage: str, name: str) -> tuple[ServerSaid, ...]:
    """Return how each server that was asked about a name answers AAAA, in the order of addresses."""
    by_server: dict[Endpoint, _Rounds] = {}
    for rdtype in ("A", "AAAA"):
        for asked in index.authority.get((vantage, "authority", name, rdtype), ()):
            task, round_ = asked.task, number(asked.task.params, "round")
            if task.address is not None and task.port is not None and round_ is not None:
                rounds = by_server.setdefault(Endpoint(task.address, task.port), _Rounds())
                (rounds.a if rdtype == "A" else rounds.aaaa)[round_] = asked
    return tuple(_server(server, by_server[server], name) for server in sorted(by_server))


def _server(server: Endpoint, rounds: _Rounds, name: str) -> ServerSaid:
    evidence = tuple(i for each in (*rounds.a.values(), *rounds.aaaa.values()) for i in each.evidence)
    wrong = [_wrong(rounds.aaaa[round_], name) for round_ in sorted(rounds.aaaa)]
    known = {round_ for round_, asked in rounds.a.items() if _serves(asked, name)}
    said = ServerSaid(server=server, answer="unknown", tries=len(wrong), evidence=evidence)
    if not known:
        return _with(said, "unknown", _trouble(rounds.a.values()))
    if "" in wrong:
        return _with(said, "yes", "")
    if None in wrong or len(wrong) < ROUNDS or not known >= set(range(1, ROUNDS + 1)):
        return _with(said, "unknown", "not.asked")
    code = wrong[-1] or "-"
    return _with(
        said, "no", _CODES.get(code, "ns.aaaa_servfail" if code != "dropped" else "ns.aaaa_dropped"), code
    )


def _with(said: ServerSaid, answer: Answer, reason: str, rcode: str = "-") -> ServerSaid:
    return ServerSaid(
        server=said.server,
        answer=answer,
        reason=reason,
        rcode=rcode,
        tries=said.tries,
        evidence=said.evidence,
    )


def _said(asked: Asked, name: str) -> Said | None:
    answer = asked.answered
    return None if answer is None else read(answer.data, name, str(asked.param("type")))


def _serves(asked: Asked, name: str) -> bool:
    """Whether an A question was answered by a server that serves the name: with data, or without."""
    said = _said(asked, name)
    return said is not None and said.rcode == "NOERROR" and said.exists


def _wrong(asked: Asked, name: str) -> str | None:
    """Return what is wrong with an AAAA answer: an RCODE or "dropped"; nothing: "", None: not known."""
    said = _said(asked, name)
    if said is not None:
        if said.rcode == "NOERROR":
            return "" if said.exists else None
        return said.rcode
    return "dropped" if asked.last.failure == "no_answer" else None


def _trouble(asked: Iterable[Asked]) -> str:
    """Return why a server says nothing of a name at all: it does not answer, or does not serve it."""
    failures = {each.last.failure for each in asked}
    if failures & {"schedule.outside", "time.over"}:
        return "schedule.outside" if "schedule.outside" in failures else "time.over"
    return "not.answering"
