"""Facts about reverse names: whether an address has a PTR record, and a name of it leads back (RFC 1912)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from ipv6check.facts.names import NameFact, Names
from ipv6check.inventory.reverse import MAX_POINTERS
from ipv6check.model.fact import Answer

_SUFFIX = ".ip6.arpa"
_NIBBLES = 8  # of the shortest prefix that is anybody's own: a /32; above stand the registries' zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse:
    """What the view says of an address: `answer` is yes where a name leads back to it.

    `pointer` is the PTR answer; `names` are what it points to; `deciding` is the fact that a no or an
    unknown comes from. `zoned`: some zone of the organization's own could hold the record.
    """

    address: str
    answer: Answer
    reason: str
    names: tuple[str, ...]
    pointer: NameFact
    deciding: NameFact
    evidence: tuple[str, ...]

    @property
    def zoned(self) -> bool:
        """Whether there is a reverse zone of a prefix that may be the organization's own."""
        zone = self.pointer.said.zone
        return zone is None or (zone.endswith(_SUFFIX) and zone.count(".") - 1 >= _NIBBLES)


def of_address(names: Names, vantage: str, address: str) -> Reverse:
    """Return what a vantage's view says of an IPv6 address."""
    pointer = names.ask(vantage, ipaddress.ip_address(address).reverse_pointer, "PTR")
    known = tuple(text.lower().removesuffix(".") for text in pointer.said.texts)[:MAX_POINTERS]
    facts = [names.lookup(vantage, name, 6) for name in known]
    answer, reason, deciding = _settled(address, pointer, facts)
    return Reverse(
        address=address,
        answer=answer,
        reason=reason,
        names=known,
        pointer=pointer,
        deciding=deciding,
        evidence=(*pointer.evidence, *(i for fact in facts for i in fact.evidence)),
    )


def _settled(address: str, pointer: NameFact, facts: list[NameFact]) -> tuple[Answer, str, NameFact]:
    if pointer.answer == "unknown":
        return "unknown", pointer.failure, pointer
    if pointer.answer == "no":
        return "no", "ptr.missing", pointer
    if any(address in fact.addresses for fact in facts):
        return "yes", "", pointer
    doubtful = next((fact for fact in facts if fact.answer == "unknown"), None)
    if doubtful is not None:
        return "unknown", doubtful.failure, doubtful
    return "no", "ptr.mismatch", pointer
