"""One family's side of a service: what the facts of its endpoints amount to together.

`Side` gathers endpoints, of one host or of all hosts of a pair; `settle` gives silence over UDP its
meaning, which depends on the application and on the other family.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ipv6check.checks.details import code, of_fact, of_name
from ipv6check.facts import SystemView
from ipv6check.model.fact import Answer, Fact
from ipv6check.model.inventory import Family, Host, Service
from ipv6check.model.text import JSON

# Applications where silence is the protocol's own answer to a stranger.
NEVER_FAIL_BY_SILENCE = frozenset({"udp", "syslog", "rtp", "ike", "openvpn"})
# Applications, and categories of systems, that exist to answer: silence is definite.
_EXIST_TO_ANSWER = frozenset({"dns", "ntp"})


@dataclass(frozen=True, slots=True)
class Side:
    """The endpoints of one family, and why there are none or not all (`missing`, a reason code).

    `missing` is only a reason to doubt: a host whose address is unknown may have another endpoint.
    """

    family: Family
    facts: tuple[Fact, ...]
    missing: str = ""
    missing_args: Mapping[str, JSON] = field(default_factory=dict)

    @property
    def offered(self) -> bool:
        """Whether there is, or may be, anything to compare with."""
        return bool(self.facts) or bool(self.missing)

    @property
    def answer(self) -> Answer:
        """Whether anything answers: one endpoint is enough, and none at all is a no."""
        answers = {fact.answer for fact in self.facts}
        if "yes" in answers:
            return "yes"
        return "unknown" if "unknown" in answers or self.missing else "no"

    @property
    def reason(self) -> str:
        """The reason code that explains why the answer is no yes."""
        fact = self._deciding()
        return self.missing if fact is None else code(fact)

    @property
    def args(self) -> dict[str, JSON]:
        """The arguments of the reason."""
        fact = self._deciding()
        return dict(self.missing_args) if fact is None else of_fact(fact)

    def _deciding(self) -> Fact | None:
        return next((fact for fact in self.facts if fact.answer == self.answer), None)

    @property
    def evidence(self) -> tuple[str, ...]:
        """The observations behind all endpoints."""
        return tuple(i for fact in self.facts for i in fact.evidence)

    def at(self, port: int) -> Side:
        """Return the side with the endpoints at one port only."""
        return replace(self, facts=tuple(fact for fact in self.facts if fact.port == port))


def host_side(view: SystemView, vantage: str, host: Host, service: Service, family: Family) -> Side:
    """Return what one host offers of a service over a family."""
    return side_of(view, vantage, [host], view.endpoints(vantage, host, service, family), family)


def side_of(
    view: SystemView, vantage: str, hosts: Iterable[Host], facts: Iterable[Fact], family: Family
) -> Side:
    """Return a side of some facts, with the first doubt about the addresses of their hosts."""
    for host in hosts:
        if doubt := view.doubt(vantage, host, family):
            args = {} if host.address else of_name(view.name(vantage, host, family))
            return Side(family, tuple(facts), doubt, args)
    return Side(family, tuple(facts))


def pair_side(
    view: SystemView, vantage: str, hosts: Iterable[Host], service: Service, family: Family
) -> Side:
    """Return what the hosts of a pair offer of a service over a family, settled against the other.

    Standby hosts only count where there is no other: their silence is expected.
    """
    hosts = tuple(hosts)
    other: Family = 4 if family == 6 else 6
    pair = hosts[0].pair if hosts else None

    def raw(each: Family) -> Side:
        key = ("side", vantage, pair, service.id, each)
        return view.remember(key, lambda: _raw(view, vantage, hosts, service, each))

    return settle(view, service, raw(family), raw(other))


def _raw(view: SystemView, vantage: str, hosts: Iterable[Host], service: Service, family: Family) -> Side:
    offering = [host for host in hosts if service.id in host.services]
    active = [host for host in offering if not host.standby]
    counted = (active or offering) if family in service.families else []
    facts = (fact for host in counted for fact in view.endpoints(vantage, host, service, family))
    return side_of(view, vantage, counted, facts, family)


def settle(view: SystemView, service: Service, side: Side, other: Side) -> Side:
    """Return the side with silence over UDP made definite where it is.

    It is where the same request is answered over the other family, and for the DNS and NTP systems
    themselves; never for protocols that do not answer strangers.
    """
    if service.transport != "udp" or service.app in NEVER_FAIL_BY_SILENCE:
        return side
    exists_to_answer = service.app in _EXIST_TO_ANSWER and view.system.category in _EXIST_TO_ANSWER
    if not exists_to_answer and not any(fact.answer == "yes" for fact in other.facts):
        return side
    return replace(side, facts=tuple(_definite(fact) for fact in side.facts))


def _definite(fact: Fact) -> Fact:
    if fact.failure != "udp.unanswered":
        return fact
    return replace(fact, answer="no", failure="silent")
