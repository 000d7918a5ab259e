"""Facts about DNS views: what each view of a system's vantages says of a name, whoever asked it.

A view is asked by its own vantages; where none of them took part in the run, by another vantage that
its resolver answers. What that one is not told is the absent vantage's part, never the name's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ipv6check.facts.names import NameFact, Names
from ipv6check.facts.published import name_state
from ipv6check.model.fact import Answer
from ipv6check.model.inventory import FAMILIES, SYSTEM_VIEW, Family, Vantage

_NOT_FOR_US = frozenset({"vantage.resolver", "dns.refused", "dns.timeout", "not.asked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one view says of a name: a family's answer, and its reason code (empty for a yes).

    `facts` are where these come from.
    """

    name: str
    families: Mapping[Family, tuple[Answer, str]]
    facts: Mapping[Family, NameFact]

    @property
    def evidence(self) -> tuple[str, ...]:
        """The observations behind both answers."""
        return tuple(i for fact in self.facts.values() for i in fact.evidence)

    @property
    def absent(self) -> bool:
        """Whether the view does not know the name at all: it is not published there."""
        return all(reason == "dns.nxdomain" for _, reason in self.families.values())

    @property
    def told(self) -> bool:
        """Whether it said anything definite."""
        return self.absent or any(answer != "unknown" for answer, _ in self.families.values())

    def published(self) -> tuple[Family, ...]:
        """Return the families it has addresses of."""
        return tuple(family for family in FAMILIES if self.families[family][0] == "yes")


def distinct(vantages: Iterable[Vantage]) -> dict[str, list[Vantage]]:
    """Return the vantages by their view; a host's own settings (`system`) are a view of its own."""
    found: dict[str, list[Vantage]] = {}
    for vantage in vantages:
        own = vantage.resolver == SYSTEM_VIEW
        found.setdefault(f"system ({vantage.name})" if own else vantage.resolver, []).append(vantage)
    return found


def of_name(names: Names, present: Iterable[str], view: str, through: list[Vantage], name: str) -> View:
    """Return what a view says of a name, by its own vantages or else by the others that are present."""
    present = tuple(present)
    asker = next((vantage.name for vantage in through if vantage.name in present), None)
    if asker is not None:
        return _asked(names, asker, "", view, name)
    found = [_asked(names, other, view, view, name) for other in present]
    return next(
        (each for each in found if each.told), found[0] if found else _asked(names, "", view, view, name)
    )


def _asked(names: Names, vantage: str, key: str, view: str, name: str) -> View:
    facts = {family: names.lookup(vantage, name, family, key) for family in FAMILIES}
    states = {6: name_state(facts[6], facts[4]), 4: name_state(facts[4], facts[6])}
    families: dict[Family, tuple[Answer, str]] = {}
    for family in FAMILIES:
        answer, reason = states[family]
        ours = key != "" and answer == "unknown" and reason in _NOT_FOR_US
        families[family] = (answer, names.absent if ours else reason)
    return View(name=view, families=families, facts=facts)
