"""TLS parity: over IPv6 the service is secured as well as over IPv4.

Validity, names and protocol versions are compared, never the certificates themselves: two different
valid ones are fine. What IPv4 shows at its worst is the measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ipv6check.checks.details import endpoint, of_fact
from ipv6check.checks.handshakes import CANNOT_SAY, NEEDS, TlsService, each_tls_service, offered
from ipv6check.checks.registry import Params, check
from ipv6check.checks.side import pair_side
from ipv6check.checks.smtp import SMTP_APPS
from ipv6check.checks.subject import of_service
from ipv6check.facts import SystemView
from ipv6check.facts.certificates import names_of, presented
from ipv6check.facts.talks import Talk, server_name
from ipv6check.facts.tries import text
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.text import JSON

_GRAVITY: tuple[Verdict, ...] = ("fail", "unknown", "warn", "pass", "not_applicable")
_VERSIONS = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")


@check("tls.parity", needs=NEEDS)
def secured_as_well(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether TLS over IPv6 is as good as over IPv4: validity, names, versions."""
    return each_tls_service(view, "tls.parity", _service)


def _service(tls: TlsService) -> Finding:
    facts = tls.view.endpoints(tls.vantage, tls.host, tls.service, 6)
    if not facts:
        return tls.subject.says("not_applicable", "probe.excludes")
    four = tls.over_ipv4()
    findings = [_endpoint(tls, fact, four) for fact in facts]
    return min(findings, key=lambda finding: _GRAVITY.index(finding.verdict))


def _endpoint(tls: TlsService, fact: Fact, four: Sequence[tuple[str, Talk]]) -> Finding:
    """Judge one IPv6 endpoint beside all handshakes over IPv4."""
    subject = tls.subject
    if why := tls.unanswered(fact):
        verdict, reason, evidence = why
        if reason == "tls.no_starttls":
            return _without_starttls(tls, fact, four, evidence)
        root = tls.root if reason == "not.answering" or evidence == fact.evidence else None
        return subject.says(verdict, reason, of_fact(fact), evidence=evidence, root=root)
    mine = tls.handshakes(tls.host, fact)[0]
    evidence = (*mine.evidence, *(i for _, talk in four for i in talk.evidence))
    theirs = [(address, talk) for address, talk in four if talk.answer == "yes" and offered(talk)]
    if not theirs:
        failure = next((talk.failure for _, talk in four if talk.answer == "unknown"), "")
        verdict, reason, more = _no_ipv4(tls, failure)
        return subject.says(verdict, reason, {**of_fact(fact), **more}, evidence=evidence)
    return _compared(tls, fact, mine, theirs, evidence)


def _without_starttls(
    tls: TlsService, fact: Fact, four: Sequence[tuple[str, Talk]], evidence: tuple[str, ...]
) -> Finding:
    """Judge a service that has no TLS for us over IPv6: of mail servers another check says so."""
    evidence = (*evidence, *(i for _, talk in four for i in talk.evidence))
    theirs = [talk for _, talk in four if talk.answer == "yes" and offered(talk)]
    said_elsewhere = tls.service.app in SMTP_APPS
    if theirs and not said_elsewhere:
        args: dict[str, JSON] = {
            "endpoint": endpoint(fact),
            "version": "-",
            "ipv4_version": _worst(talk for talk in theirs) or "-",
            "what": ["STARTTLS"],
        }
        return _fails(tls, fact, args, evidence)
    about = of_service(tls.view, "mail.starttls", tls.vantage, tls.host, tls.service, 6).id
    root = about if said_elsewhere else None
    return tls.subject.says("not_applicable", "tls.no_starttls", of_fact(fact), evidence=evidence, root=root)


def _no_ipv4(tls: TlsService, failure: str) -> tuple[Verdict, str, dict[str, JSON]]:
    """Return what to say where no handshake over IPv4 is known, with the reason's arguments."""
    side = pair_side(tls.view, tls.vantage, tls.view.pair_of(tls.host), tls.service, 4)
    if side.answer == "no":
        return "not_applicable", "ipv4.not_offered", {}
    return "unknown", failure or side.reason or "not.asked", side.args


def _compared(
    tls: TlsService, fact: Fact, mine: Talk, theirs: Sequence[tuple[str, Talk]], evidence: tuple[str, ...]
) -> Finding:
    issuers = tuple(dict.fromkeys(c for _, talk in theirs for c in presented(talk.data)))
    shared = {defect.code for address, talk in theirs for defect in tls.defects(address, talk, ())}
    args: dict[str, JSON] = {
        "endpoint": endpoint(fact),
        "version": text(mine.data, "version") or "-",
        "ipv4_version": _worst(talk for _, talk in theirs) or "-",
    }
    valid = of_service(tls.view, "tls.valid", tls.vantage, tls.host, tls.service, 6).id
    for defect in tls.defects(fact.address or "", mine, issuers):
        if defect.code in CANNOT_SAY:
            args |= {**of_fact(fact), **defect.args}
            return tls.subject.says("unknown", defect.code, args, evidence=evidence, root=valid)
        if defect.code not in shared:
            return _fails(tls, fact, {**args, "what": [defect.code]}, evidence, root=valid)
    what = [*_weaker_version(mine, theirs), *_missing_names(tls, mine, theirs)]
    if what:
        return _fails(tls, fact, {**args, "what": what}, evidence)
    return tls.subject.says("pass", "ok", args, evidence=evidence, address=fact.address)


def _fails(
    tls: TlsService, fact: Fact, args: dict[str, JSON], evidence: tuple[str, ...], root: str | None = None
) -> Finding:
    return tls.subject.says("fail", "tls.weaker", args, evidence=evidence, root=root, address=fact.address)


def _rank(version: str | None) -> int:
    return _VERSIONS.index(version) if version in _VERSIONS else -1


def _worst(talks: Iterator[Talk]) -> str | None:
    versions = [version for talk in talks if (version := text(talk.data, "version")) in _VERSIONS]
    return min(versions, key=_rank, default=None)


def _weaker_version(mine: Talk, theirs: Sequence[tuple[str, Talk]]) -> list[str]:
    """Say so where IPv6 speaks an older version than IPv4 does at its worst."""
    own, worst = text(mine.data, "version"), _worst(talk for _, talk in theirs)
    return ["version"] if own in _VERSIONS and worst is not None and _rank(own) < _rank(worst) else []


def _missing_names(tls: TlsService, mine: Talk, theirs: Sequence[tuple[str, Talk]]) -> list[str]:
    """Say so where no name was asked for and IPv6 shows none of the names that IPv4 shows.

    With a name, being valid for it is what counts.
    """
    if server_name(tls.host) is not None:
        return []
    four = {name for _, talk in theirs for name in names_of(presented(talk.data))}
    return ["names"] if four and not four & set(names_of(presented(mine.data))) else []
