"""Facts about hosts: which addresses of a family each one has, and which of them were asked.

A literal has its address by declaration. A name has what DNS gives it; whether a name without an
answer has definitely no address needs both of its answers (RFC 4074 §4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ipv6check.facts.names import NameFact
from ipv6check.facts.tries import family_of
from ipv6check.inventory.addresses import classify
from ipv6check.model.fact import Answer
from ipv6check.model.inventory import Family

MAX_CONTACTED = 16
"""Addresses of one name and family that are asked; more only get a notice."""

_ABSENT = frozenset({"dns.nxdomain", "dns.cname_dangling"})
# Kinds that no client beyond the host's own link can use. The others that are no proper global
# unicast (6to4, Teredo, NAT64, ULA) may well answer somebody.
UNUSABLE = frozenset(
    "v4mapped linklocal loopback unspecified multicast documentation site_local discard reserved".split()
)

_USED_IN_LABORATORIES = frozenset({"documentation", "loopback"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What one host has of one family, as one vantage sees it.

    `answer`: whether it has an address; `reason` is a code unless it has. `refused` maps addresses
    that were not asked to the reason; `left_out` counts those past the bound.
    """

    answer: Answer
    reason: str = ""
    addresses: tuple[str, ...] = ()
    contacted: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    left_out: int = 0
    evidence: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether some address of it can be reached by anybody but its neighbours."""
        return bool(self.contacted) or any(why != "reach.no_address" for why in self.refused.values())


# (address, known by DNS alone) → None if it may be contacted, else a reason code
WhyNot = Callable[[str, bool], str | None]


def why_not(permitted: WhyNot, explicit: Callable[[str], bool]) -> WhyNot:
    """Return why an address was not contacted: nobody could reach it from afar, or it is out of scope.

    A zone makes an address a neighbour's; a scope that names documentation or loopback addresses
    (a laboratory's) makes them as good as any other.
    """

    def reason(address: str, by_dns: bool) -> str | None:
        if permitted(address, by_dns) is None:
            return None
        kind = classify(address).kind
        excused = "%" in address or (kind in _USED_IN_LABORATORIES and explicit(address))
        return "reach.no_address" if kind in UNUSABLE and not excused else "scope.outside"

    return reason


def of_literal(address: str, family: Family, why_not: WhyNot) -> Published:
    """Return what a literal host has: its address, if it is of the family."""
    if family_of(address) != family:
        return Published(answer="no", reason="not.declared")
    reason = why_not(address, False)
    if reason is None:
        return Published(answer="yes", addresses=(address,), contacted=(address,))
    return Published(answer="yes", addresses=(address,), refused={address: reason})


def of_name(fact: NameFact, other: NameFact, why_not: WhyNot) -> Published:
    """Return what a name has by `fact`; `other` is the same name's fact of the other family."""
    answer, reason = name_state(fact, other)
    refused = {a: why for a in fact.addresses if (why := why_not(a, True)) is not None}
    allowed = [a for a in fact.addresses if a not in refused]
    return Published(
        answer=answer,
        reason=reason,
        addresses=fact.addresses,
        contacted=tuple(allowed[:MAX_CONTACTED]),
        refused=refused,
        left_out=max(0, len(allowed) - MAX_CONTACTED),
        evidence=fact.evidence,
    )


def name_state(fact: NameFact, other: NameFact) -> tuple[Answer, str]:
    """Return whether a name has an address of a family, and the reason code if not.

    "No such name" is only believed if the other family's answer says so too: then the inventory is
    wrong, which is unknown. If the other says that the name exists, the name server denies it to
    the clients of this family.
    """
    if fact.answer != "no" or fact.failure not in _ABSENT:
        return fact.answer, fact.failure
    if other.answer == "unknown" and not other.said.exists:
        return "unknown", other.failure
    if other.failure not in _ABSENT:
        return "no", "dns.rfc4074_nxdomain"
    if fact.failure == "dns.nxdomain":
        return "unknown", "dns.nxdomain"
    return "no", fact.failure
