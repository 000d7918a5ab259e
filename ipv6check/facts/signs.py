"""Signs of life: when, over each family, somebody answered a vantage, and when a canary did not.

An answer is a SYN-ACK, a RST, an echo reply or a reply of an application from the very address
asked; an ICMP error verifies nothing (interface.md §4). What stands on our own link proves nothing
about the way beyond it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ipv6check.facts.tries import (
    CONNECT_KINDS,
    DNS_KINDS,
    TALK_KINDS,
    Asked,
    Index,
    ended,
    family_of,
    items,
    text,
)
from ipv6check.inventory.addresses import Block, block, classify, parse
from ipv6check.model.inventory import FAMILIES, Canary, Family
from ipv6check.model.observation import Observation

_NO_EVIDENCE = frozenset({"not_permitted", "no_privilege", "overloaded"})
_GUESSED: dict[Family, int] = {4: 24, 6: 64}  # prefix length of our link where no observation tells it


@dataclass(slots=True)
class Links:
    """Which addresses stand on the vantage's own link, and which are its own or its routers'."""

    own: set[str] = field(default_factory=set)
    routers: set[str] = field(default_factory=set)
    prefixes: set[Block] = field(default_factory=set)

    def hold(self, address: str) -> bool:
        """Whether an address is reached without a router."""
        if address in self.own or classify(address).kind in ("loopback", "linklocal"):
            return True
        family, value, _ = parse(address)
        return any(prefix.holds(family, value) for prefix in self.prefixes)


@dataclass(frozen=True, slots=True)
class Sign:
    """Somebody answered (or, of a canary, did not) at a moment."""

    at: datetime
    address: str


@dataclass(slots=True)
class Signs:
    """All signs of one vantage and one family, in the order of time.

    `beyond` are answers from beyond our own link, canaries left out; `anybody` says whether there
    was any answer at all; `alive` and `dead` are those of canaries (`dead` at the start of a try).
    """

    beyond: list[Sign] = field(default_factory=list)
    alive: list[Sign] = field(default_factory=list)
    dead: list[Sign] = field(default_factory=list)
    anybody: bool = False

    def stale(self, canaries: Iterable[Canary] = ()) -> frozenset[str]:
        """Return the canaries that never answered though others did after they had been asked.

        The others are those for whom the canary vouches: with a `for`, the addresses in its prefixes.
        """
        answered = {sign.address for sign in self.alive}
        silent = {sign.address for sign in self.dead} - answered
        first = {a: min(s.at for s in self.dead if s.address == a) for a in silent}
        vouching: dict[str, list[Canary]] = {}
        for canary in canaries:
            vouching.setdefault(canary.address, []).append(canary)

        def vouched_for(canary: str, address: str) -> bool:
            known = vouching.get(canary)
            return known is None or any(covers(each, address) for each in known)

        return frozenset(
            a
            for a, asked in first.items()
            if any(s.at > asked and vouched_for(a, s.address) for s in self.beyond)
        )


def links(index: Index, vantage: str) -> Links:
    """Gather the vantage's own addresses, routers and on-link prefixes from what its sockets told."""
    found = Links()
    for asked in index.kind(vantage, "vantage.source"):
        for each in asked.tries:
            _add_source(found, each)
            found.routers.update(str(router) for router in items(each.data, "gateways"))
            for prefix in items(each.data, "links"):
                _add_prefix(found, str(prefix))
    for asked in index.kind(vantage, "tcp.connect"):
        for each in asked.tries:
            _add_source(found, each)
    return found


def _add_source(found: Links, observation: Observation) -> None:
    source = text(observation.data, "source")
    if source is None or source in found.own:
        return
    try:
        family, value, _ = parse(source)
    except ValueError:
        return
    found.own.add(source)
    length = _GUESSED[family]
    shift = (32 if family == 4 else 128) - length
    found.prefixes.add(Block(family, value >> shift << shift, length))


def _add_prefix(found: Links, prefix: str) -> None:
    try:
        found.prefixes.add(block(prefix))
    except ValueError:
        return


def signs(index: Index, vantage: str, near: Links) -> dict[Family, Signs]:
    """Return the signs of life of both families."""
    found: dict[Family, Signs] = {family: Signs() for family in FAMILIES}
    for kind in (*CONNECT_KINDS, *TALK_KINDS, *DNS_KINDS):
        for asked in index.kind(vantage, kind):
            _answers(found, asked, near)
    for asked in index.kind(vantage, "vantage.canary"):
        _canary(found, asked)
    for own in found.values():
        own.beyond.sort(key=_order)
        own.alive.sort(key=_order)
        own.dead.sort(key=_order)
    return found


def _order(sign: Sign) -> tuple[datetime, str]:
    return sign.at, sign.address


def _answers(found: dict[Family, Signs], asked: Asked, near: Links) -> None:
    address = asked.task.address
    if address is None:
        return
    for each in asked.tries:
        if each.outcome == "ok" or (each.failure == "closed" and asked.task.kind == "tcp.connect"):
            own = found[family_of(address)]
            own.anybody = own.anybody or not _our_own_resolver(asked)
            if not near.hold(address):
                own.beyond.append(Sign(ended(each), address))


def _our_own_resolver(asked: Asked) -> bool:
    """Whether a DNS answer came from this very host: it shows nothing of any network."""
    task = asked.task
    return task.kind in DNS_KINDS and task.address is not None and classify(task.address).kind == "loopback"


def _canary(found: dict[Family, Signs], asked: Asked) -> None:
    address = asked.task.address
    if address is None:
        return
    own = found[family_of(address)]
    answer = asked.answered
    if answer is not None:
        own.anybody = True
        own.alive.append(Sign(ended(answer), address))
        return
    for each in asked.tries:
        if each.outcome == "failed" and each.failure not in _NO_EVIDENCE:
            own.dead.append(Sign(each.started, address))


@dataclass(frozen=True, slots=True)
class Gap:
    """The time around a moment in which nobody answered; None: open on that side."""

    since: datetime | None
    until: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies inside."""
        return (self.since is None or moment > self.since) and (self.until is None or moment < self.until)


def gap(good: list[Sign], moment: datetime) -> Gap:
    """Return the gap between answers that a moment lies in; `good` must be in the order of time."""
    place = bisect_right(good, moment, key=lambda sign: sign.at)
    since = good[place - 1].at if place else None
    return Gap(since, good[place].at if place < len(good) else None)


def covers(canary: Canary, address: str) -> bool:
    """Whether a canary vouches for the way to an address: all of its family, or its `for` prefixes."""
    family, value, _ = parse(address)
    if canary.family != family:
        return False
    return not canary.prefixes or any(block(prefix).holds(family, value) for prefix in canary.prefixes)
