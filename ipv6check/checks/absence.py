"""What a check says of a host without an IPv6 address that could be asked.

A host that definitely has none fails whatever needs one, with `reach.no_address`, folded under the
naming finding: publishing an address must never cost points. If the missing address is unknown, so
is everything that needs it (catalogue.md, "Without an IPv6 address").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ipv6check.checks.details import of_name
from ipv6check.checks.subject import Subject, aaaa, address_class, resolves
from ipv6check.facts import SystemView
from ipv6check.model.finding import Finding, Verdict
from ipv6check.model.inventory import Host
from ipv6check.model.text import JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Why a host has no IPv6 address to ask; `root` is the finding that says it."""

    verdict: Verdict
    reason: str
    root: str | None
    evidence: tuple[str, ...] = ()
    args: Mapping[str, JSON] = field(default_factory=dict)

    def of(self, subject: Subject) -> Finding:
        """Return the finding about a subject that needs the address."""
        return subject.says(self.verdict, self.reason, self.args, evidence=self.evidence, root=self.root)


def absence(view: SystemView, vantage: str, host: Host) -> Absence | None:
    """Return why a host has no IPv6 address that could be asked, None if it has one."""
    return view.remember(("absence", vantage, host), lambda: _absence(view, vantage, host))


def _absence(view: SystemView, vantage: str, host: Host) -> Absence | None:
    missing = unpublished(view, vantage, host)
    if missing is not None:
        return missing
    published = view.published(vantage, host, 6)
    if published.usable:
        return None
    return Absence(
        verdict="fail",
        reason="reach.no_address",
        root=address_class(view, vantage, host).id,
        evidence=published.evidence,
    )


def unpublished(view: SystemView, vantage: str, host: Host) -> Absence | None:
    """Return why a host has no IPv6 address at all, None if it has one, of whatever kind."""
    published = view.published(vantage, host, 6)
    if published.answer == "yes":
        return None
    if published.answer == "no":
        root = aaaa(view, vantage, host)
        return Absence(verdict="fail", reason="reach.no_address", root=root.id, evidence=published.evidence)
    if published.reason == "dns.nxdomain":
        if view.known_elsewhere(vantage, host):
            return Absence(verdict="not_applicable", reason="not.published", root=None)
        root = resolves(view, vantage, host)
    else:
        root = aaaa(view, vantage, host)
    return Absence(
        verdict="unknown",
        reason=published.reason,
        root=root.id,
        evidence=published.evidence,
        args=of_name(view.name(vantage, host, 6)),
    )
