"""Naming: AAAA questions are answered as promptly as those for A, and with EDNS."""

from __future__ import annotations

from collections.abc import Iterator

from ipv6check.checks.absence import unpublished
from ipv6check.checks.details import of_name
from ipv6check.checks.registry import Params, check
from ipv6check.checks.subject import Subject, of_host
from ipv6check.facts import SystemView
from ipv6check.facts.names import NameFact
from ipv6check.model.finding import Finding
from ipv6check.model.inventory import Host
from ipv6check.model.text import JSON

DELAY_MS = 500


@check("naming.speed", needs=("dns.query", "dns.tcp"))
def answers_promptly(view: SystemView, params: Params) -> Iterator[Finding]:
    """Judge whether AAAA answers come as promptly as A answers."""
    limit = params.get("delay_ms")
    allowed = float(limit) if isinstance(limit, int | float) else DELAY_MS
    for vantage in view.vantages:
        for host in view.system.hosts:
            if host.address is None:
                subject = of_host(view, "naming.speed", vantage, host, 6)
                missing = unpublished(view, vantage, host)
                yield missing.of(subject) if missing else _judge(view, subject, vantage, host, allowed)


def _judge(view: SystemView, subject: Subject, vantage: str, host: Host, allowed: float) -> Finding:
    six, four = view.name(vantage, host, 6), view.name(vantage, host, 4)
    evidence = (*six.evidence, *four.evidence)
    args = of_name(six)
    if six.without_edns:
        return subject.says("warn", "dns.edns", args, evidence=evidence)
    if six.seconds is None:
        return subject.says("unknown", six.failure or "not.asked", args, evidence=evidence)
    args |= _times(six, four)
    # Without an A answer to compare with, the AAAA answer has to be prompt by itself.
    if six.seconds * 1000 - (four.seconds or 0.0) * 1000 > allowed:
        return subject.says("warn", "dns.delay", args, evidence=evidence)
    return subject.says("pass", "ok", args, evidence=evidence)


def _times(six: NameFact, four: NameFact) -> dict[str, JSON]:
    times = {"aaaa_ms": six.seconds, "a_ms": four.seconds}
    return {key: None if seconds is None else round(seconds * 1000, 1) for key, seconds in times.items()}
