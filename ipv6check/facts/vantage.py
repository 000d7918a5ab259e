"""What a vantage can see of each family, and which negative facts are therefore its own trouble.

Only negative facts are ever masked; a positive answer proves itself (catalogue.md, "Vantage").
A RST is an answer too: it is masked only where a control on the same port is refused as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ipv6check.facts.connects import NO_FAMILY
from ipv6check.facts.signs import Links, Sign, Signs, covers, gap, links, signs
from ipv6check.facts.tries import Index, text
from ipv6check.facts.troubles import NEGATIVE, blocked_ports, has_none, offenders, shunned
from ipv6check.inventory.addresses import block, parse
from ipv6check.model.fact import Fact
from ipv6check.model.inventory import FAMILIES, Canary, Family, Vantage
from ipv6check.model.text import JSON

RE_ASKED_WITHIN = timedelta(seconds=60)

_MASKABLE = NEGATIVE | {"udp.unanswered"}
_CLAT = block("192.0.0.0/29")  # RFC 7335: the IPv4 side of a translator in this very host


@dataclass(frozen=True, slots=True, kw_only=True)
class VantageState:
    """How a vantage saw each family: ok, none, broken, unverified or translated; why, if not ok."""

    name: str
    ipv4: str
    ipv6: str
    reason: str | None = None

    def family(self, family: Family) -> str:
        """Return the state of one family."""
        return self.ipv4 if family == 4 else self.ipv6


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWarning:
    """Something about the run as a whole that its reader has to know; `reason` has a text of its own."""

    reason: str
    args: Mapping[str, JSON]


@dataclass(slots=True)
class Witness:
    """All that one vantage's observations say of the vantage itself. Make it with `witness`."""

    vantage: Vantage
    near: Links
    signs: Mapping[Family, Signs]
    stale: Mapping[Family, frozenset[str]]
    none: Mapping[Family, bool]
    offenders: frozenset[tuple[Family, str]]
    blocked: frozenset[tuple[Family, int]]
    shunned: Mapping[str, datetime]
    _horizons: dict[tuple[Canary, ...], Horizon] = field(default_factory=dict)

    def masked(self, fact: Fact, span: tuple[datetime, datetime]) -> Fact:
        """Return the fact, or the same as unknown where this vantage cannot know it.

        `span` are the start of the first and the end of the last try.
        """
        if fact.answer == "yes" or fact.failure not in _MASKABLE:
            return fact
        reason = self._reason(fact, span)
        return fact if reason is None else replace(fact, answer="unknown", failure=reason)

    def _reason(self, fact: Fact, span: tuple[datetime, datetime]) -> str | None:
        family, address, failure = fact.family, fact.address, fact.failure
        if family is None or address is None:
            return None
        if fact.port is not None and fact.kind == "tcp.connect" and (family, fact.port) in self.blocked:
            return "vantage.port_blocked"
        if failure == "closed":
            return None
        if (family, text(fact.data, "offender") or "") in self.offenders:
            return "vantage.no_route"
        if self.none[family]:
            return NO_FAMILY[family]
        if failure == "silent":
            return self.silence(family, address, span)
        return self._blind(family, address, span)

    def silence(self, family: Family, address: str, span: tuple[datetime, datetime]) -> str | None:
        """Return why silence of an address proves nothing (it may be our own, or a shunning), or None."""
        if (blind := self._blind(family, address, span)) is not None:
            return blind
        last_answer = self.shunned.get(address)
        return "target.shunned" if last_answer is not None and span[1] > last_answer else None

    def _blind(self, family: Family, address: str, span: tuple[datetime, datetime]) -> str | None:
        """Return vantage.broken or vantage.unverified where silence may be our own."""
        canaries = tuple(each for each in self.vantage.canaries if covers(each, address))
        anybody = self.signs[family].anybody
        if not canaries:
            return None if anybody else "vantage.unverified"
        horizon = self._horizon(family, canaries)
        if horizon.lost(span):
            return "vantage.broken"
        return None if anybody or horizon.dead else "vantage.unverified"

    def _horizon(self, family: Family, canaries: tuple[Canary, ...]) -> Horizon:
        """Return what the canaries, and the targets in the prefixes they vouch for, showed over time."""
        if canaries not in self._horizons:
            own = self.signs[family]
            names = {each.address for each in canaries} - self.stale[family]
            beyond = own.beyond
            if all(each.prefixes for each in canaries):
                beyond = [sign for sign in beyond if any(covers(each, sign.address) for each in canaries)]
            alive = [sign for sign in own.alive if sign.address in names]
            self._horizons[canaries] = Horizon(
                good=sorted([*beyond, *alive], key=lambda sign: sign.at),
                dead=[sign for sign in own.dead if sign.address in names],
            )
        return self._horizons[canaries]

    def state(self) -> VantageState:
        """Return how the vantage saw both families."""
        ipv4, ipv6 = self._family_state(4), self._family_state(6)
        states: tuple[tuple[Family, str], ...] = ((6, ipv6), (4, ipv4))
        reasons = [
            NO_FAMILY[family] if state == "none" else f"vantage.{state}"
            for family, state in states
            if state != "ok"
        ]
        return VantageState(
            name=self.vantage.name, ipv4=ipv4, ipv6=ipv6, reason=reasons[0] if reasons else None
        )

    def _family_state(self, family: Family) -> str:
        own = self.signs[family]
        if self.none[family]:
            return "none"
        dead = [sign for sign in own.dead if sign.address not in self.stale[family]]
        last_good = max((sign.at for sign in (*own.beyond, *own.alive)), default=None)
        if dead and (last_good is None or dead[-1].at > last_good):
            return "broken"
        if not own.anybody:
            return "unverified"
        return "translated" if family == 4 and self.translated else "ok"

    @property
    def translated(self) -> bool:
        """Whether our IPv4 is a translator's (CLAT, RFC 6877)."""
        return any(":" not in own and _CLAT.holds(*parse(own)[:2]) for own in self.near.own)

    def warnings(self) -> tuple[RunWarning, ...]:
        """Return what a reader of the run has to know of this vantage's canaries."""
        found = []
        for family in FAMILIES:
            own, stale = self.signs[family], self.stale[family]
            found += [_warning("vantage.stale_canary", self.vantage.name, a) for a in sorted(stale)]
            lost = {sign.address for sign in own.dead} & {sign.address for sign in own.alive}
            found += [_warning("vantage.canary_lost", self.vantage.name, a) for a in sorted(lost)]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Horizon:
    """Who answered and which canaries did not, on the way that some canaries vouch for."""

    good: list[Sign]
    dead: list[Sign]

    def lost(self, span: tuple[datetime, datetime]) -> bool:
        """Whether the way was lost when a question failed.

        It was if a canary, asked while the question was open or within 60 s after it, did not answer
        either, with no answer from anybody between the two. With no answer ever after, a later
        canary is as good a witness as a prompt one: the way was lost in mid-run.
        """
        around = gap(self.good, span[1])
        latest = span[1] + RE_ASKED_WITHIN
        return any(
            around.holds(sign.at) and (around.until is None or span[0] <= sign.at <= latest)
            for sign in self.dead
        )


def _warning(reason: str, vantage: str, address: str) -> RunWarning:
    return RunWarning(reason=reason, args={"vantage": vantage, "address": address})


def witness(index: Index, vantage: Vantage) -> Witness:
    """Read what one vantage's observations say of the vantage itself."""
    near = links(index, vantage.name)
    found = signs(index, vantage.name, near)
    connects = index.kind(vantage.name, "tcp.connect")
    return Witness(
        vantage=vantage,
        near=near,
        signs=found,
        stale={family: found[family].stale(vantage.canaries) for family in FAMILIES},
        none={family: has_none(index, vantage.name, family) for family in FAMILIES},
        offenders=frozenset(
            (family, offender) for family, offender in offenders(connects, near) if not found[family].beyond
        ),
        blocked=blocked_ports(connects, vantage),
        shunned=shunned(connects),
    )
