"""The web services of a system, one by one, as the HTTP checks judge them: IPv6's fetches beside IPv4's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ipv6check.checks.absence import absence
from ipv6check.checks.details import code, of_fact
from ipv6check.checks.side import pair_side
from ipv6check.checks.subject import Subject, of_service, reach
from ipv6check.facts import SystemView
from ipv6check.facts.talks import HTTP_APPS
from ipv6check.facts.visits import Visit
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Host, Service
from ipv6check.model.text import JSON

NEEDS = ("dns.query", "tcp.connect", "tls.handshake", "http.get")
GRAVITY: tuple[Verdict, ...] = ("fail", "unknown", "warn", "pass", "not_applicable")
SERVER_ERROR = 500
CLIENT_ERROR = 400


@dataclass(frozen=True, slots=True)
class WebService:
    """One web service of one host, seen from one vantage, and the finding that is to be made of it."""

    view: SystemView
    subject: Subject
    vantage: str
    host: Host
    service: Service

    @property
    def root(self) -> str:
        """The id of the finding that says whether it answers at all."""
        return reach(self.view, self.vantage, self.host, self.service, 6).id

    def status_root(self) -> str:
        """Return the id of the finding that says whether status and place are the same."""
        return of_service(self.view, "http.status", self.vantage, self.host, self.service).id

    def over_ipv6(self) -> tuple[Visit, ...]:
        """Return each fetch over IPv6."""
        return self.view.visits(self.vantage, self.host, self.service, 6)

    def over_ipv4(self) -> tuple[Visit, ...]:
        """Return IPv4's fetches to compare with: the host's own, else those of its pair."""
        view, service = self.view, self.service
        own = view.visits(self.vantage, self.host, service, 4) if service.id in self.host.services else ()
        if own:
            return own
        return tuple(
            visit
            for other in view.pair_of(self.host)
            if service.id in other.services
            for visit in view.visits(self.vantage, other, service, 4)
        )

    def doubt_about_ipv4(self) -> tuple[str, dict[str, JSON]]:
        """Return why it is unknown whether IPv4 offers the service, with arguments; empty if it is known."""
        side = pair_side(self.view, self.vantage, self.view.pair_of(self.host), self.service, 4)
        if side.answer == "unknown":
            return side.reason, side.args
        return ("not.asked" if side.answer == "yes" and not self.over_ipv4() else ""), {}

    def unasked(self) -> Finding | None:
        """Say why there is no page to judge, None if there is one."""
        facts = self.view.endpoints(self.vantage, self.host, self.service, 6)
        if not facts:
            return self.subject.says("not_applicable", "probe.excludes")
        if all(fact.answer != "yes" for fact in facts) or not self.over_ipv6():
            return self._silence(facts)
        return None

    def _silence(self, facts: Sequence[Fact]) -> Finding:
        subject = self.subject
        evidence = tuple(i for fact in facts for i in fact.evidence)
        for fact in facts:
            if fact.answer == "unknown":
                return subject.says("unknown", code(fact), of_fact(fact), evidence=evidence, root=self.root)
        if all(fact.answer == "no" for fact in facts):
            return subject.says("not_applicable", "not.answering", evidence=evidence, root=self.root)
        return subject.says("unknown", "not.asked", evidence=evidence)


def each_web_service(
    view: SystemView, check: str, judge: Callable[[WebService], Finding]
) -> Iterator[Finding]:
    """Yield a check's finding about each web service that is declared for IPv6, or why there is none."""
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            missing = absence(view, vantage, host)
            for service in view.services_of(host):
                if service.app not in HTTP_APPS or service.transport != "tcp":
                    continue
                subject = of_service(view, check, vantage, host, service)
                one = WebService(view, subject, vantage, host, service)
                if 6 not in service.families:
                    yield subject.says("not_applicable", "not.declared")
                elif missing is not None:
                    yield missing.of(subject)
                else:
                    yield one.unasked() or judge(one)


def gravest(findings: Sequence[Finding]) -> Finding:
    """Return the finding that stands for several about the same service."""
    return min(findings, key=lambda finding: GRAVITY.index(finding.verdict))
