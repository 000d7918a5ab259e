"""Mail by SMTP: over IPv6 the server greets, takes EHLO, and offers STARTTLS as it does over IPv4.

A 4xx is greylisting, and passes. A 5xx refuses us: whether because of IPv6 or because of who we are,
our own reverse name and the server's words tell.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence

from ipv6check.checks.absence import absence
from ipv6check.checks.details import code, endpoint, of_fact
from ipv6check.checks.registry import Params, check
from ipv6check.checks.side import pair_side
from ipv6check.checks.subject import Subject, of_service, reach
from ipv6check.facts import SystemView
from ipv6check.facts.mail_records import records
from ipv6check.facts.talks import Talk
from ipv6check.facts.tries import items, number, text
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Family, Host, Service
from ipv6check.model.text import JSON

NEEDS = ("dns.query", "tcp.connect", "smtp.greeting", "dns.mail")
SMTP_APPS = frozenset({"smtp", "submission", "smtps"})
_GRAVITY: tuple[Verdict, ...] = ("fail", "unknown", "warn", "pass", "not_applicable")
_REFUSED = 500
_READY = 220
_DONE = 250
_SHOWN = 160  # characters of a reply
# How servers say that a list of bad senders made them refuse.
_BLOCK_LIST = re.compile(
    r"block(?:ed)?[ -]?list|black[ -]?list|\bdnsbl\b|\brbl\b|spamhaus|spamcop|sorbs|barracuda|reputation"
    r"|\bptr\b|reverse (?:dns|lookup|hostname|name)",
    re.IGNORECASE,
)
Judge = Callable[["Mail", Fact, Talk], Finding]


class Mail:
    """One mail service of one host, seen from one vantage."""

    def __init__(
        self, view: SystemView, subject: Subject, vantage: str, host: Host, service: Service
    ) -> None:
        self.view = view
        self.subject = subject
        self.vantage = vantage
        self.host = host
        self.service = service

    @property
    def root(self) -> str:
        """The id of the finding that says whether it answers at all."""
        return reach(self.view, self.vantage, self.host, self.service, 6).id

    def over_ipv4(self) -> list[Talk]:
        """Return the conversations of the pair over IPv4."""
        return [
            talk
            for host in self.view.pair_of(self.host)
            if self.service.id in host.services
            for fact in self.view.endpoints(self.vantage, host, self.service, 4)
            for talk in self.talks(host, fact)
        ]

    def talks(self, host: Host, fact: Fact) -> list[Talk]:
        """Return the conversations at one endpoint."""
        if fact.address is None or fact.port is None:
            return []
        return self.view.talks(self.vantage, host, fact.address, fact.port, "smtp.greeting")

    def judge(self, judge: Judge) -> Finding:
        """Return the gravest finding over the host's IPv6 addresses."""
        facts = self.view.endpoints(self.vantage, self.host, self.service, 6)
        if not facts:
            return self.subject.says("not_applicable", "probe.excludes")
        if self.host.standby and all(fact.answer != "yes" for fact in facts):
            return self.subject.says("not_applicable", "host.standby")
        findings = [self._endpoint(fact, judge) for fact in facts]
        return min(findings, key=lambda finding: _GRAVITY.index(finding.verdict))

    def _endpoint(self, fact: Fact, judge: Judge) -> Finding:
        says, args = self.subject.says, of_fact(fact)
        if fact.answer == "unknown":
            return says("unknown", code(fact), args, evidence=fact.evidence, root=self.root)
        if fact.answer == "no" and fact.failure == "reach.no_banner" and self.subject.check == "mail.smtp":
            return says("fail", "reach.no_banner", args, evidence=fact.evidence, root=self.root)
        if fact.answer == "no":
            return says("not_applicable", "not.answering", args, evidence=fact.evidence, root=self.root)
        talk = next(iter(self.talks(self.host, fact)), None)
        if talk is None or talk.answer != "yes":
            reason = "not.asked" if talk is None else talk.failure or "not.asked"
            return says("unknown", reason, args, evidence=fact.evidence)
        return judge(self, fact, talk)


def _each(view: SystemView, check_id: str, apps: frozenset[str], judge: Judge) -> Iterator[Finding]:
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            missing = absence(view, vantage, host)
            for service in view.services_of(host):
                if service.app not in apps or service.transport != "tcp":
                    continue
                subject = of_service(view, check_id, vantage, host, service, 6)
                if 6 not in service.families:
                    yield subject.says("not_applicable", "not.declared")
                elif missing is not None:
                    yield missing.of(subject)
                else:
                    yield Mail(view, subject, vantage, host, service).judge(judge)


@check("mail.smtp", needs=NEEDS)
def greets_and_takes_ehlo(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether the server greets and takes EHLO over IPv6."""
    return _each(view, "mail.smtp", SMTP_APPS, _greeting)


def _greeting(mail: Mail, fact: Fact, talk: Talk) -> Finding:
    reply, words = _reply(talk)
    args: dict[str, JSON] = {**of_fact(fact), "reply": reply or "-", "said": words[:_SHOWN] or "-"}
    says, evidence = mail.subject.says, talk.evidence
    if reply is None or reply < _REFUSED:
        return says("pass", "ok", args, evidence=evidence, address=fact.address)
    if (about_us := _reputation(mail, fact.family or 6, talk, words)) is not None:
        args["source"], more = about_us
        return says("unknown", "vantage.reputation", args, evidence=(*evidence, *more), address=fact.address)
    four = mail.over_ipv4()
    both = any((_reply(other)[0] or 0) >= _REFUSED for other in four if other.answer == "yes")
    args["both"] = both
    evidence = (*evidence, *(i for other in four for i in other.evidence))
    verdict: Verdict = "warn" if both else "fail"
    return says(verdict, "smtp.rejected", args, evidence=evidence, address=fact.address)


def _reply(talk: Talk) -> tuple[int | None, str]:
    """Return the code that decides, and the words that came with it: the greeting's, then EHLO's."""
    greeting, ehlo = number(talk.data, "code"), number(talk.data, "ehlo_code")
    if greeting != _READY or ehlo is None:
        return greeting, text(talk.data, "banner") or ""
    words = text(talk.data, "ehlo_text") or "\n".join(str(each) for each in items(talk.data, "ehlo"))
    return ehlo, words


def _reputation(mail: Mail, family: Family, talk: Talk, words: str) -> tuple[str, tuple[str, ...]] | None:
    """Return our own address, with evidence, where the refusal may be about us; None if it cannot be.

    It may where the words name a list, or where our address has no forward-confirmed reverse name.
    """
    source = text(talk.data, "source")
    if source is None:
        return ("-", ()) if _BLOCK_LIST.search(words) else None
    pointer = records(
        mail.view.facts.index,
        mail.vantage,
        ipaddress.ip_address(source.partition("%")[0]).reverse_pointer,
        "PTR",
    )
    if _BLOCK_LIST.search(words):
        return source, pointer.evidence
    names = [value.rstrip(".").lower() for value in pointer.values]
    forward = [mail.view.facts.names.lookup(mail.vantage, name, family) for name in names]
    if any(source in fact.addresses for fact in forward):
        return None
    return source, (*pointer.evidence, *(i for fact in forward for i in fact.evidence))


@check("mail.starttls", needs=NEEDS)
def offers_starttls(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether STARTTLS is offered over IPv6 as over IPv4."""
    return _each(view, "mail.starttls", SMTP_APPS - {"smtps"}, _starttls)


def _offers(talks: Sequence[Talk]) -> list[bool]:
    """Return for each server that took EHLO whether it offers STARTTLS."""
    took = [talk for talk in talks if talk.answer == "yes" and number(talk.data, "ehlo_code") == _DONE]
    return [talk.data.get("starttls") is True for talk in took]


def _starttls(mail: Mail, fact: Fact, talk: Talk) -> Finding:
    says, four = mail.subject.says, mail.over_ipv4()
    args: dict[str, JSON] = {**of_fact(fact), "endpoint": endpoint(fact)}
    evidence = (*talk.evidence, *(i for other in four for i in other.evidence))
    mine, theirs = _offers([talk]), _offers(four)
    if not mine:
        root = of_service(mail.view, "mail.smtp", mail.vantage, mail.host, mail.service, 6).id
        return says("not_applicable", "not.answering", args, evidence=evidence, root=root)
    if mine[0]:
        return says("pass", "ok", args, evidence=evidence, address=fact.address)
    if any(theirs):
        return says("fail", "smtp.starttls_missing", args, evidence=evidence, address=fact.address)
    side = pair_side(mail.view, mail.vantage, mail.view.pair_of(mail.host), mail.service, 4)
    if not theirs and side.answer != "no":
        unknown = next((other.failure for other in four if other.answer == "unknown"), "") or side.reason
        return says("unknown", unknown or "not.asked", {**args, **side.args}, evidence=evidence)
    return says("not_applicable", "ipv4.not_offered", args, evidence=evidence)
