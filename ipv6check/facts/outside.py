"""Facts about hosts that are not ours: what a page loads, a certificate names, a system depends on.

Only the DNS was asked about them. A host "has IPv6" if its name has a native AAAA record; one
that has no address at all is broken for everybody, which is no matter of IPv6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipv6check.facts.published import name_state
from ipv6check.inventory.addresses import canonical, embedded_ipv4
from ipv6check.model.fact import Answer

if TYPE_CHECKING:
    from ipv6check.facts.view import SystemView


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Whether one host has IPv6. `dead`: it has no address of either family; `reason` unless it is a yes."""

    host: str
    answer: Answer
    reason: str = ""
    dead: bool = False
    evidence: tuple[str, ...] = ()

    @property
    def v4_only(self) -> bool:
        """Whether it has IPv4, and definitely no IPv6."""
        return self.answer == "no" and not self.dead


def outside(view: SystemView, vantage: str, host: str) -> Outside:
    """Return whether a host, a name or a literal, has IPv6 as one vantage's DNS sees it."""
    try:
        literal = canonical(host)
    except ValueError:
        return _named(view, vantage, host)
    if ":" in literal:
        return Outside(host=host, answer="yes")
    return Outside(host=host, answer="no", reason="client.literal")


def _named(view: SystemView, vantage: str, host: str) -> Outside:
    v6 = view.facts.names.lookup(vantage, host, 6)
    v4 = view.facts.names.lookup(vantage, host, 4)
    evidence = (*v6.evidence, *v4.evidence)
    answer, reason = name_state(v6, v4)
    if answer == "yes" and v6.addresses and all(embedded_ipv4(each) for each in v6.addresses):
        # An address that a DNS64 made is IPv4 through a translator (RFC 6147).
        answer, reason = "no", "dns.synthesised"
    if answer == "unknown" and v6.failure == v4.failure == "dns.nxdomain":
        return Outside(host=host, answer="no", reason="dns.nxdomain", dead=True, evidence=evidence)
    dead = answer == "no" and v4.answer == "no"
    if answer == "no" and v4.answer == "unknown":
        answer, reason = "unknown", v4.failure
    return Outside(host=host, answer=answer, reason=reason, dead=dead, evidence=evidence)


def sort_out(
    view: SystemView, vantage: str, hosts: Iterable[str]
) -> tuple[list[Outside], list[Outside], tuple[str, ...]]:
    """Return the hosts without IPv6, those of which it is not known, and all evidence."""
    found = [outside(view, vantage, host) for host in dict.fromkeys(hosts)]
    evidence = tuple(i for each in found for i in each.evidence)
    return (
        [each for each in found if each.v4_only],
        [each for each in found if each.answer == "unknown"],
        evidence,
    )
