"""TLS: over IPv6 the certificate is valid for the name.

What the server presented is verified here, at the time of the run, against the system's roots and
the inventory's. A defect that the service shows over IPv4 too is no IPv6 problem: a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from ipv6check.checks.details import of_fact
from ipv6check.checks.handshakes import CANNOT_SAY, NEEDS, TlsService, each_tls_service
from ipv6check.checks.registry import Params, check
from ipv6check.facts import SystemView
from ipv6check.facts.certificates import names_address, presented
from ipv6check.facts.talks import Talk, server_name
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.text import JSON

EXPIRES_SOON_DAYS = 21
_GRAVITY: tuple[Verdict, ...] = ("fail", "unknown", "warn", "pass", "not_applicable")


@check("tls.valid", needs=NEEDS)
def certificate_is_valid(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether over IPv6 the certificate is valid for the name.

    `expires_soon_days`: how long before its end a certificate is to be renewed.
    """
    days = params.get("expires_soon_days", EXPIRES_SOON_DAYS)
    soon = timedelta(days=days if isinstance(days, int | float) else EXPIRES_SOON_DAYS)
    return each_tls_service(view, "tls.valid", _service, soon)


def _service(tls: TlsService) -> Finding:
    """Return the gravest finding over the host's IPv6 addresses."""
    facts = tls.view.endpoints(tls.vantage, tls.host, tls.service, 6)
    if not facts:
        return tls.subject.says("not_applicable", "probe.excludes")
    v4 = tls.over_ipv4()
    shared = {defect.code for address, talk in v4 for defect in tls.defects(address, talk, ())}
    issuers = tuple(dict.fromkeys(c for _, talk in v4 for c in presented(talk.data)))
    findings = [_endpoint(tls, fact, shared, issuers) for fact in facts]
    if tls.host.standby and all(fact.answer != "yes" for fact in facts):
        return tls.subject.says("not_applicable", "host.standby")
    return min(findings, key=lambda finding: _GRAVITY.index(finding.verdict))


def _endpoint(tls: TlsService, fact: Fact, shared: set[str], issuers: tuple[str, ...]) -> Finding:
    if why := tls.unanswered(fact):
        verdict, reason, evidence = why
        follows = reason == "not.answering" or (fact.answer != "yes" and evidence == fact.evidence)
        root = tls.root if follows else None
        return _says(tls, fact, verdict, reason, {}, evidence, root=root)
    return _certificate(tls, fact, tls.handshakes(tls.host, fact)[0], shared, issuers)


def _certificate(
    tls: TlsService, fact: Fact, talk: Talk, shared: set[str], issuers: tuple[str, ...]
) -> Finding:
    """Judge a presented chain: what only IPv6 shows fails, what both show warns."""
    found = tls.defects(fact.address or "", talk, issuers)
    own = [defect for defect in found if defect.code not in shared]
    for defect in (*own, *found):
        if defect.code in CANNOT_SAY:
            return _says(tls, fact, "unknown", defect.code, defect.args, talk.evidence)
        both = defect not in own
        warns = both or defect.code == "tls.expires_soon"
        args = {**defect.args, "both": both}
        return _says(tls, fact, "warn" if warns else "fail", defect.code, args, talk.evidence)
    chain = presented(talk.data)
    if server_name(tls.host) is None and not names_address(chain, fact.address or ""):
        return _says(tls, fact, "not_applicable", "tls.wrong_name", {}, talk.evidence)
    return _says(tls, fact, "pass", "ok", {}, talk.evidence)


def _says(
    tls: TlsService,
    fact: Fact,
    verdict: Verdict,
    reason: str,
    args: Mapping[str, JSON],
    evidence: tuple[str, ...],
    root: str | None = None,
) -> Finding:
    known: dict[str, JSON] = {**of_fact(fact), "name": server_name(tls.host) or "-"}
    known |= args
    return tls.subject.says(verdict, reason, known, evidence=evidence, root=root, address=fact.address)
