"""Facts about names: which records a view of the DNS gives them, if any.

A view may have several servers; the first definite answer counts. A resolver that is dead, or
that lies about names that do not exist, is the vantage's trouble: never "no AAAA". A vantage's own
view is called ""; another vantage's, asked from here, by the name of its resolver.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from ipv6check.facts.connects import NO_FAMILY, without_family
from ipv6check.facts.dns_answer import Said, read, truncated
from ipv6check.facts.resolvers import Server, endpoint, state
from ipv6check.facts.tries import Asked, Index
from ipv6check.inventory.addresses import write
from ipv6check.model.fact import Answer
from ipv6check.model.inventory import Endpoint, Family, Inventory
from ipv6check.model.run import RunMeta

RDTYPE: Mapping[Family, str] = {4: "A", 6: "AAAA"}

_SKIPS = frozenset({"schedule.outside", "time.over"})
_OURS = {"overloaded": "vantage.overloaded", "no_privilege": "vantage.no_privilege"}
_NO_SERVER = frozenset({"vantage.resolver", *NO_FAMILY.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFact:
    """What a view says of a name and a type of record. `failure` is a reason code unless `answer` is yes.

    `server` is who said it; `without_edns` and `by_tcp` tell how it had to be asked, `seconds` how
    long the answer took. `prefix` is the NAT64 prefix of addresses that a DNS64 resolver made.
    """

    vantage: str
    name: str
    rdtype: str
    said: Said
    server: Endpoint | None = None
    evidence: tuple[str, ...] = ()
    without_edns: bool = False
    by_tcp: bool = False
    seconds: float | None = None
    prefix: str = ""

    @property
    def answer(self) -> Answer:
        """Whether it has an address of the family."""
        return self.said.answer

    @property
    def failure(self) -> str:
        """The reason code of a no or an unknown; empty for a yes."""
        return self.said.failure or ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The published addresses, sorted."""
        return self.said.addresses

    @property
    def alias_of(self) -> str | None:
        """The owner at the end of the chain of CNAMEs, None if there is no CNAME."""
        return self.said.chain[-1] if self.said.links else None


@dataclass(slots=True)
class Names:
    """The name facts of a run. `present` are the vantages that took part in it."""

    index: Index
    inventory: Inventory
    run: RunMeta
    present: Collection[str]
    _known: dict[tuple[str, str, str, str], NameFact] = field(default_factory=dict)
    _servers: dict[tuple[str, str], dict[Endpoint, Server]] = field(default_factory=dict)

    @property
    def absent(self) -> str:
        """Why a vantage that took no part has nothing to say: it was elsewhere, or nobody was asked."""
        return "not.asked" if self.run.selection.declared_only else "vantage.absent"

    def lookup(self, vantage: str, name: str, family: Family, view: str = "") -> NameFact:
        """Return what a view asked from the vantage says of the name's addresses."""
        return self.ask(vantage, name, RDTYPE[family], view)

    def ask(self, vantage: str, name: str, rdtype: str, view: str = "") -> NameFact:
        """Return what a view asked from the vantage says of any type of record."""
        key = (vantage, view, name, rdtype)
        if key not in self._known:
            self._known[key] = self._lookup(vantage, view, name, rdtype)
        return self._known[key]

    def forget(self, most: int) -> None:
        """Let go of what is known of names, if it is more than so many; it is read again when asked for."""
        if len(self._known) > most:
            self._known.clear()

    def servers(self, vantage: str, view: str = "") -> dict[Endpoint, Server]:
        """Return the resolvers of a view that a vantage asked, in the order of the view."""
        if (vantage, view) not in self._servers:
            found: dict[Endpoint, list[Asked]] = {}
            for asked in self.index.views.get((vantage, view), ()):
                if (server := endpoint(asked)) is not None:
                    found.setdefault(server, []).append(asked)
            order = self._order(vantage, view)
            self._servers[vantage, view] = {
                server: state(server, found[server])
                for server in sorted(found, key=lambda each: (order.get(each, len(order)), each))
            }
        return self._servers[vantage, view]

    def _order(self, vantage: str, view: str) -> dict[Endpoint, int]:
        if not view and (used := self.run.resolvers_of(vantage)):
            servers = tuple(Endpoint(address, port) for address, port in used)
        else:
            own = next((v.resolver for v in self.inventory.vantages if v.name == vantage), "")
            servers = tuple(self.inventory.resolvers.get(view or own, ()))
        return {server: place for place, server in enumerate(servers)}

    def _lookup(self, vantage: str, view: str, name: str, rdtype: str) -> NameFact:
        nothing = NameFact(
            vantage=vantage, name=name, rdtype=rdtype, said=Said(answer="unknown", chain=(name,))
        )
        by_server: dict[Endpoint, list[Asked]] = {}
        own = self.index.dns.get((vantage, name, rdtype), ())
        for asked in self.index.elsewhere.get((vantage, view, name, rdtype), ()) if view else own:
            if (server := endpoint(asked)) is not None:
                by_server.setdefault(server, []).append(asked)
        if not by_server:
            reason = "not.asked" if vantage in self.present and not view else self.absent
            return replace(nothing, said=replace(nothing.said, failure=reason))
        facts = [
            _one_server(replace(nothing, server=server), by_server[server], known)
            for server, known in self.servers(vantage, view).items()
            if server in by_server
        ]
        return _agreed(facts, all_asked=[a for asked in by_server.values() for a in asked])


def _agreed(facts: list[NameFact], all_asked: list[Asked]) -> NameFact:
    """Return the first definite answer; without one, the first trouble that is not a dead server's."""
    for fact in facts:
        if fact.answer != "unknown":
            return fact
    evidence = tuple(dict.fromkeys(i for asked in all_asked for i in asked.evidence))
    own = [fact for fact in facts if fact.failure not in _NO_SERVER]
    return replace((own or facts)[0], evidence=evidence)


def _one_server(fact: NameFact, asked: list[Asked], server: Server) -> NameFact:
    """Merge what one server said to the same question, asked in up to four ways."""
    plain = [each for each in asked if each.param("cd") is not True]
    with_edns = _by_transport(fact, [each for each in plain if each.param("edns") is not False], server)
    without = _by_transport(fact, [each for each in plain if each.param("edns") is False], server)
    found = with_edns or without
    if found is None:
        return replace(fact, said=replace(fact.said, failure="vantage.resolver"))
    if without is not None and found.answer == "unknown" and without.answer != "unknown":
        found = replace(without, without_edns=True, evidence=(*found.evidence, *without.evidence))
    if found.failure == "dns.servfail":
        unchecked = _by_transport(fact, [each for each in asked if each.param("cd") is True], server)
        if unchecked is not None and unchecked.said.rcode in ("NOERROR", "NXDOMAIN"):
            # RFC 4035 §3.2.2: with CD the resolver answers what it would not vouch for.
            said = replace(found.said, failure="dns.bogus")
            found = replace(found, said=said, evidence=(*found.evidence, *unchecked.evidence))
    return _without_synthesis(_without_lies(found, server), server)


def _without_synthesis(fact: NameFact, server: Server) -> NameFact:
    """Take out the addresses that the server made of A records: they are no AAAA records (RFC 6147)."""
    if fact.rdtype != "AAAA" or not fact.addresses:
        return fact
    made = {address: server.synthesised(address) for address in fact.addresses}
    native = tuple(address for address, prefix in made.items() if prefix is None)
    prefix = next((prefix for prefix in made.values() if prefix is not None), None)
    if prefix is None:
        return fact
    shown = f"{write(6, prefix.network)}/{prefix.length}"
    if native:
        return replace(fact, said=replace(fact.said, addresses=native), prefix=shown)
    said = replace(fact.said, answer="no", failure="dns.synthesised", addresses=())
    return replace(fact, said=said, prefix=shown)


def _without_lies(fact: NameFact, server: Server) -> NameFact:
    """Take out the addresses that the server gives to names that do not exist.

    A resolver that does so for NXDOMAIN leaves nothing negative to trust: its NODATA for AAAA may
    be the other half of an A that it made up.
    """
    if not server.invented:
        return fact
    honest = tuple(address for address in fact.addresses if address not in server.invented)
    if honest:
        return replace(fact, said=replace(fact.said, addresses=honest))
    return replace(fact, said=replace(fact.said, answer="unknown", failure="vantage.resolver", addresses=()))


def _by_transport(fact: NameFact, asked: list[Asked], server: Server) -> NameFact | None:
    """Return what was said over UDP, or over TCP where UDP was truncated; None if not asked."""
    datagrams = [each for each in asked if each.task.kind == "dns.query"]
    streams = [each for each in asked if each.task.kind == "dns.tcp"]
    for each in datagrams:
        answer = each.answered
        if answer is not None and truncated(answer.data):
            break
        return _heard(fact, each, server)
    evidence = tuple(i for each in datagrams for i in each.evidence)
    for each in streams:
        heard = _heard(fact, each, server)
        if heard.said.rcode or each.last.failure in (*_SKIPS, *_OURS):
            return replace(heard, by_tcp=True, evidence=(*evidence, *heard.evidence))
        said = replace(heard.said, failure="dns.tcp_blocked")
        return replace(heard, said=said, evidence=(*evidence, *heard.evidence))
    if datagrams:
        return replace(fact, said=replace(fact.said, failure="not.asked"), evidence=evidence)
    return None


def _heard(fact: NameFact, asked: Asked, server: Server) -> NameFact:
    """Read one task: its answer, or why there is none."""
    answer = asked.answered
    if answer is not None:
        said = read(answer.data, fact.name, fact.rdtype)
        late = answer.data.get("late_seconds")  # the answer was to an earlier try than the last
        seconds = float(late) if isinstance(late, int | float) else answer.seconds
        return replace(fact, said=said, evidence=asked.evidence, seconds=seconds)
    return replace(fact, said=replace(fact.said, failure=_trouble(asked, server)), evidence=asked.evidence)


def _trouble(asked: Asked, server: Server) -> str:
    last = asked.last
    failure = last.failure or ""
    if last.outcome == "crashed":
        return "internal.crashed"
    if last.outcome == "skipped":
        return failure if failure in _SKIPS else "not.asked"
    if failure in _OURS:
        return _OURS[failure]
    if failure in ("malformed", "protocol"):
        return "dns.formerr"
    if failure == "local" and (none := without_family(last, server.endpoint.family)):
        return none
    return "dns.timeout" if server.alive else "vantage.resolver"
