"""How often and how long each kind of question is asked: one value a kind, as data.

The engine and the sweeps execute it; no probe waits or tries again by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from ipv6check.net.failure import OVERLOADED

# How often a word must be heard to be final before the tries are used up. A RST is definite. A
# rejection gets a second look: firewalls limit their ICMP, and a burst proves little. What is
# absent gets every try; so does `unreachable`, for routes and neighbour discovery recover.
_ENOUGH: Final[Mapping[str, int]] = MappingProxyType(
    {
        "closed": 1,
        "rejected": 2,
        "local": 2,
        "no_privilege": 1,
        "not_permitted": 1,
        "tls_alert": 1,
        "too_large": 1,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules for one kind of task. Times are seconds.

    `deadline` bounds one try, through all its phases. `gaps[i]` lies at least between the start of
    try i+1 and the start of the next, so there are `len(gaps) + 1` tries. `overloaded` is our own
    limit, not an answer: it uses up no try; the next comes after `back_off`, doubled each time in a
    row up to `longest_back_off`, at most `overloads` times in all. `patience` is how late our own
    loop may be at a deadline before the silence is not believed (it is not scaled).
    """

    deadline: float
    gaps: tuple[float, ...] = ()
    enough: Mapping[str, int] = field(default_factory=lambda: _ENOUGH)
    back_off: float = 0.5
    longest_back_off: float = 8.0
    overloads: int = 8
    patience: float = 1.0

    @property
    def tries(self) -> int:
        """How many tries a task gets at most, not counting those that our own limits spoiled."""
        return len(self.gaps) + 1

    def is_final(self, failures: Sequence[str]) -> bool:
        """Say whether a task whose tries failed in these ways, in this order, is not tried again."""
        counted = [word for word in failures if word != OVERLOADED]
        if len(failures) - len(counted) > self.overloads or len(counted) >= self.tries:
            return True
        return bool(counted) and counted.count(counted[-1]) >= self.enough.get(counted[-1], self.tries)

    def is_last(self, failures: Sequence[str]) -> bool:
        """Say whether the next try is the last that can count."""
        return sum(word != OVERLOADED for word in failures) >= self.tries - 1

    def wait(self, failures: Sequence[str], since_start: float) -> float:
        """Return the seconds from now until the next try may start.

        `failures` are the words so far, `since_start` the seconds since the last try's start.
        """
        if not failures:
            return 0.0
        if failures[-1] == OVERLOADED:
            repeated = 1
            while repeated < len(failures) and failures[-1 - repeated] == OVERLOADED:
                repeated += 1
            return min(self.back_off * 2.0 ** (repeated - 1), self.longest_back_off)
        counted = sum(word != OVERLOADED for word in failures)
        gap = self.gaps[counted - 1] if counted <= len(self.gaps) else 0.0
        return max(0.0, gap - since_start)

    def scaled(self, factor: float) -> Policy:
        """Return the policy with every waiting time multiplied by `factor` (tests only)."""
        return replace(
            self,
            deadline=self.deadline * factor,
            gaps=tuple(gap * factor for gap in self.gaps),
            back_off=self.back_off * factor,
            longest_back_off=self.longest_back_off * factor,
        )


_DATAGRAM: Final = Policy(deadline=5.0, gaps=(6.0, 12.0))
_CONVERSATION: Final = Policy(deadline=15.0, gaps=(20.0,))

POLICIES: Final[Mapping[str, Policy]] = MappingProxyType(
    {
        "vantage.source": Policy(deadline=2.0),
        # An echo and three ports in turn, 2.5 s each (probes/vantage_canary.py), and all of it once more.
        "vantage.canary": Policy(deadline=12.0, gaps=(13.0,), enough={"not_permitted": 1}),
        "dns.query": _DATAGRAM,
        "dns.tcp": Policy(deadline=10.0, gaps=(11.0,)),
        # catalogue.md "Silent": three serial tries of at least 8 s each (SYNs leave at 0, 1, 3 and
        # 7 s), spread over 30 s or more.
        "tcp.connect": Policy(deadline=8.5, gaps=(10.5, 19.5)),
        "tcp.time": Policy(deadline=8.5, gaps=(10.0,)),
        "tls.handshake": _CONVERSATION,
        "http.get": Policy(deadline=20.0, gaps=(25.0,)),
        # RFC 5321 §4.5.3.2.1 allows five minutes for a greeting; the catalogue's patience is 35 s.
        "smtp.greeting": Policy(deadline=45.0, gaps=(50.0,)),
        "tls.starttls": Policy(deadline=45.0, gaps=(50.0,)),
        "ssh.greeting": _CONVERSATION,
        "ssh.hostkey": _CONVERSATION,
        "app.greeting": _CONVERSATION,
        "udp.exchange": _DATAGRAM,
        # A server that probes the path itself (RFC 4821) needs about 5 s on a quick path, more on a slow one.
        # Six requests a try: at 30 % loss an echo in fragments both ways comes back one time in four.
        "path.echo": Policy(deadline=3.0, gaps=(4.0, 10.0)),
        "path.mtu": Policy(deadline=15.0, gaps=(16.0,)),
    }
)
