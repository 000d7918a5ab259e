"""TLS: over IPv6 the certificate is valid for the name.

What the server presented is verified here, at the time of the run, against the system's roots and
the inventory's. A defect that the service shows over IPv4 too is no IPv6 problem: a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from ipv6check.checks.absence import absence
from ipv6check.checks.details import code, of_fact
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_service, reach
from ipv6check.facts import SystemView
from ipv6check.facts.certificates import Defect, Question, defects, names_address, presented
from ipv6check.facts.talks import TLS_APPS, Talk, server_name
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Family, Host, Service
from ipv6check.model.text import JSON

EXPIRES_SOON_DAYS = 21
_GRAVITY: tuple[Verdict, ...] = ("fail", "unknown", "warn", "pass", "not_applicable")
_CANNOT_SAY = frozenset({"tls.unparsed", "tls.no_roots"})


@check("tls.valid", needs=("dns.query", "tcp.connect", "tls.handshake"))
def certificate_is_valid(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether over IPv6 the certificate is valid for the name.

    `expires_soon_days`: how long before its end a certificate is to be renewed.
    """
    days = params.get("expires_soon_days", EXPIRES_SOON_DAYS)
    soon = timedelta(days=days if isinstance(days, int | float) else EXPIRES_SOON_DAYS)
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            missing = absence(view, vantage, host)
            for service in view.services_of(host):
                if service.app not in TLS_APPS or service.transport != "tcp":
                    continue
                subject = of_service(view, "tls.valid", vantage, host, service, 6)
                if 6 not in service.families:
                    yield subject.says("not_applicable", "not.declared")
                elif missing is not None:
                    yield missing.of(subject)
                else:
                    yield _Service(view, subject, vantage, host, service, soon).judge()


@dataclass(frozen=True, slots=True)
class _Service:
    """One TLS service of one host, seen from one vantage."""

    view: SystemView
    subject: Subject
    vantage: str
    host: Host
    service: Service
    soon: timedelta

    def judge(self) -> Finding:
        """Return the gravest finding over the host's IPv6 addresses."""
        facts = self.view.endpoints(self.vantage, self.host, self.service, 6)
        if not facts:
            return self.subject.says("not_applicable", "probe.excludes")
        v4 = self._over_ipv4()
        shared = {defect.code for each in v4 for defect in self._defects(each[0], each[1], ())}
        issuers = tuple(dict.fromkeys(c for each in v4 for c in presented(each[1].data)))
        findings = [self._endpoint(fact, shared, issuers) for fact in facts]
        if self.host.standby and all(fact.answer != "yes" for fact in facts):
            return self.subject.says("not_applicable", "host.standby")
        return min(findings, key=lambda finding: _GRAVITY.index(finding.verdict))

    def _over_ipv4(self) -> list[tuple[str, Talk]]:
        """Return the handshakes of the pair over IPv4, with their addresses."""
        return [
            (fact.address or "", talk)
            for host in self.view.pair_of(self.host)
            if self.service.id in host.services
            for fact in self.view.endpoints(self.vantage, host, self.service, 4)
            for talk in self._handshakes(replace_name(host, self.host), fact)
        ]

    def _handshakes(self, host: Host, fact: Fact) -> list[Talk]:
        if fact.address is None or fact.port is None:
            return []
        return self.view.talks(self.vantage, host, fact.address, fact.port, "tls.handshake")

    def _endpoint(self, fact: Fact, shared: set[str], issuers: tuple[str, ...]) -> Finding:
        handshakes = self._handshakes(self.host, fact)
        refused = any(talk.word == "tls_alert" for talk in handshakes)
        if fact.answer != "yes" and not refused:
            verdict: Verdict = "unknown" if fact.answer == "unknown" else "not_applicable"
            reason = code(fact) if fact.answer == "unknown" else "not.answering"
            return self._says(fact, verdict, reason, {}, fact.evidence, root=self._reach())
        if not handshakes:
            return self._says(fact, "unknown", "not.asked", {}, fact.evidence)
        talk = handshakes[0]
        if talk.answer != "yes":
            return self._says(fact, "unknown", talk.failure or "not.asked", {}, talk.evidence)
        if talk.word == "tls_alert" and _wants_certificate(talk) and not presented(talk.data):
            return self._says(fact, "not_applicable", "http.client_certificate", {}, talk.evidence)
        return self._certificate(fact, talk, shared, issuers)

    def _certificate(self, fact: Fact, talk: Talk, shared: set[str], issuers: tuple[str, ...]) -> Finding:
        """Judge a presented chain: what only IPv6 shows fails, what both show warns."""
        found = self._defects(fact.address or "", talk, issuers)
        own = [defect for defect in found if defect.code not in shared]
        for defect in (*own, *found):
            if defect.code in _CANNOT_SAY:
                return self._says(fact, "unknown", defect.code, defect.args, talk.evidence)
            both = defect not in own
            warns = both or defect.code == "tls.expires_soon"
            args = {**defect.args, "both": both}
            return self._says(fact, "warn" if warns else "fail", defect.code, args, talk.evidence)
        chain = presented(talk.data)
        if server_name(self.host) is None and not names_address(chain, fact.address or ""):
            return self._says(fact, "not_applicable", "tls.wrong_name", {}, talk.evidence)
        return self._says(fact, "pass", "ok", {}, talk.evidence)

    def _defects(self, address: str, talk: Talk, issuers: tuple[str, ...]) -> tuple[Defect, ...]:
        chain = presented(talk.data)
        if talk.answer != "yes":
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

    def _reach(self) -> str:
        family: Family = 6
        return reach(self.view, self.vantage, self.host, self.service, family).id

    def _says(
        self,
        fact: Fact,
        verdict: Verdict,
        reason: str,
        args: Mapping[str, JSON],
        evidence: tuple[str, ...],
        root: str | None = None,
    ) -> Finding:
        known: dict[str, JSON] = {**of_fact(fact), "name": server_name(self.host) or "-"}
        known |= args
        return self.subject.says(verdict, reason, known, evidence=evidence, root=root, address=fact.address)


def _wants_certificate(talk: Talk) -> bool:
    return talk.data.get("client_certificate") is True


def replace_name(host: Host, like: Host) -> Host:
    """Return a host of the pair as it is asked: in its own name, or else in the other's."""
    return host if server_name(host) is not None else replace(host, sni=server_name(like))
