"""The TLS services of a system: the handshakes made with each over both families, and their defects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from ipv6check.checks.absence import absence
from ipv6check.checks.details import code
from ipv6check.checks.subject import Subject, of_service, reach
from ipv6check.facts import SystemView
from ipv6check.facts.certificates import Defect, Question, defects, presented
from ipv6check.facts.talks import Talk, server_name
from ipv6check.inventory.apps import STARTTLS, TLS_FIRST
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Host, Service

NEEDS = ("dns.query", "tcp.connect", "tls.handshake", "tls.starttls")
CANNOT_SAY = frozenset({"tls.unparsed", "tls.no_roots"})
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class TlsService:
    """One TLS service of one host, seen from one vantage; `soon` is when its end is near."""

    view: SystemView
    subject: Subject
    vantage: str
    host: Host
    service: Service
    soon: timedelta = NO_TIME

    @property
    def root(self) -> str:
        """The id of the finding that says whether it answers at all."""
        return reach(self.view, self.vantage, self.host, self.service, 6).id

    def over_ipv4(self) -> list[tuple[str, Talk]]:
        """Return the handshakes of the pair over IPv4, with their addresses."""
        return [
            (fact.address or "", talk)
            for host in self.view.pair_of(self.host)
            if self.service.id in host.services
            for fact in self.view.endpoints(self.vantage, host, self.service, 4)
            for talk in self.handshakes(replace_name(host, self.host), fact)
        ]

    def handshakes(self, host: Host, fact: Fact) -> list[Talk]:
        """Return the handshakes with a host at one endpoint."""
        if fact.address is None or fact.port is None:
            return []
        kind = "tls.starttls" if self.service.app in STARTTLS else "tls.handshake"
        return self.view.talks(self.vantage, host, fact.address, fact.port, kind)

    def unanswered(self, fact: Fact) -> tuple[Verdict, str, tuple[str, ...]] | None:
        """Return why an endpoint has no handshake to judge (verdict, reason, evidence), None if it has."""
        made = self.handshakes(self.host, fact)
        refused = any(talk.word == "tls_alert" for talk in made)
        if fact.answer == "unknown" and not refused:
            return "unknown", code(fact), fact.evidence
        if fact.answer == "no" and not refused:
            return "not_applicable", "not.answering", fact.evidence
        if not made:
            return "unknown", "not.asked", fact.evidence
        talk = made[0]
        if talk.answer != "yes":
            return "unknown", talk.failure or "not.asked", talk.evidence
        if not offered(talk):
            turned_away = talk.data.get("offered") is None
            reason = "not.answering" if turned_away else "tls.no_starttls"
            return "not_applicable", reason, talk.evidence
        if talk.word == "tls_alert" and wants_certificate(talk) and not presented(talk.data):
            return "not_applicable", "http.client_certificate", talk.evidence
        return None

    def defects(self, address: str, talk: Talk, issuers: tuple[str, ...]) -> tuple[Defect, ...]:
        """Return what is wrong with the certificate a handshake showed, or that it showed none."""
        chain = presented(talk.data)
        if talk.answer != "yes" or not offered(talk):
            return ()
        if not chain:
            alert = talk.data.get("alert") or talk.data.get("detail") or talk.word or "-"
            return (Defect("tls.handshake", {"alert": alert}),)
        question = Question(
            name=server_name(self.host),
            address=address,
            moment=self.view.run.started,
            soon=self.soon,
            issuers=issuers,
        )
        return defects(chain, question, self.view.trust)


def each_tls_service(
    view: SystemView, check: str, judge: Callable[[TlsService], Finding], soon: timedelta = NO_TIME
) -> Iterator[Finding]:
    """Yield a check's finding about each TLS service that is declared for IPv6, or why there is none."""
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            missing = absence(view, vantage, host)
            for service in view.services_of(host):
                if service.app not in TLS_FIRST | STARTTLS or service.transport != "tcp":
                    continue
                subject = of_service(view, check, vantage, host, service, 6)
                if 6 not in service.families:
                    yield subject.says("not_applicable", "not.declared")
                elif missing is not None:
                    yield missing.of(subject)
                else:
                    yield judge(TlsService(view, subject, vantage, host, service, soon))


def offered(talk: Talk) -> bool:
    """Whether there was TLS to have: a service with STARTTLS may have none, or turn us away before it."""
    return talk.data.get("offered", True) is True


def wants_certificate(talk: Talk) -> bool:
    """Whether the server asked for a certificate of the client."""
    return talk.data.get("client_certificate") is True


def replace_name(host: Host, like: Host) -> Host:
    """Return a host of the pair as it is asked: in its own name, or else in the other's."""
    return host if server_name(host) is not None else replace(host, sni=server_name(like))
