"""Stable: what answers over IPv6 once answers every time, and no packets are lost on the way."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.absence import absence
from ipv6check.checks.details import code, endpoint, of_fact
from ipv6check.checks.reach import NEEDS
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_service
from ipv6check.facts import SystemView
from ipv6check.facts.steadiness import Steadiness
from ipv6check.model.fact import Fact
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Host, Service
from ipv6check.model.text import JSON

LOST_PACKETS = 2
LOST_SHARE = 0.05


@check("reach.stable", needs=NEEDS)
def answers_every_time(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether repeated tries at each declared service agree, over IPv6."""
    for vantage in view.vantages:
        for host in view.ipv6_hosts():
            missing = absence(view, vantage, host)
            for service in view.services_of(host):
                subject = of_service(view, "reach.stable", vantage, host, service, 6)
                if 6 not in service.families:
                    yield subject.says("not_applicable", "not.declared")
                elif missing is not None:
                    yield missing.of(subject)
                else:
                    yield _judge(view, subject, vantage, host, service, params)


def _judge(
    view: SystemView, subject: Subject, vantage: str, host: Host, service: Service, params: Params
) -> Finding:
    """Judge the endpoint that agrees least with itself; what never answered is another check's."""
    facts = view.endpoints(vantage, host, service, 6)
    told = [(fact, view.steadiness(vantage, fact, service.transport)) for fact in facts]
    answered = [(fact, found) for fact, found in told if found.answered]
    for fact, found in answered:
        if found.refused:
            return _says(subject, "reach.unstable", fact, found)
    for fact, found in sorted(answered, key=lambda each: -each[1].lost):
        if _lossy(found, params):
            return _says(subject, "reach.loss", fact, found)
    if answered:
        fact, found = min(answered, key=lambda each: each[1].tries)
        return _says(subject, "ok", fact, found)
    unsure = next((f for f in facts if f.answer == "unknown" and f.failure != "udp.unanswered"), None)
    if unsure is not None:
        return subject.says("unknown", code(unsure), of_fact(unsure), evidence=unsure.evidence)
    root = of_service(view, "reach.service", vantage, host, service, 6).id
    return subject.says("not_applicable", "not.answering", root=root)


def _lossy(found: Steadiness, params: Params) -> bool:
    fewest, share = params.get("lost_packets"), params.get("lost_share")
    least = fewest if isinstance(fewest, int) else LOST_PACKETS
    part = share if isinstance(share, int | float) else LOST_SHARE
    return found.lost >= max(1, least) and found.lost >= part * found.packets


def _says(subject: Subject, reason: str, fact: Fact, found: Steadiness) -> Finding:
    args: dict[str, JSON] = {
        "endpoint": endpoint(fact),
        "tries": found.tries,
        "answered": found.answered,
        "refused": found.refused,
        "lost": found.lost,
    }
    verdict: Verdict = "pass" if reason == "ok" else "warn"
    return subject.says(verdict, reason, args, evidence=found.evidence, address=fact.address)
