"""Facts about large packets: whether they pass between a vantage and one address, and how that is known.

In: the `path.mtu` observations. An exchange that stalls proves nothing by itself; that it passes when
the same is said in small packets does. That it passes proves something only where the path is narrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ipv6check.facts.tries import Asked, Index, number, text
from ipv6check.inventory.addresses import parse
from ipv6check.model.observation import Observation
from ipv6check.model.text import JSON

IPV6_LEAST_MSS = 1220
"""IPv6's least MTU of 1280 without IPv6 and TCP headers (RFC 8200 §5)."""

HEADERS = 60
TIMESTAMPS = 12
CUT_MS = 1500
SLOW_MS = 2000

# stalled: a black hole · slow: passes after a while · narrow: passes, on a path narrower than our link ·
# clamped: both sides were made to announce small segments · small: nothing larger than a packet was said ·
# forged_ignored: a Packet Too Big of our own making had no effect
State = Literal["stalled", "slow", "narrow", "clamped", "plain", "small", "forged_ignored", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """What one direction at one address showed; `args` are for the text of its reason."""

    state: State
    direction: str
    failure: str = ""
    args: Mapping[str, JSON] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """The tries at one direction: plain, once more, in small packets, and after a forged Packet Too Big."""

    plain: Asked | None
    again: Asked | None
    small: Asked | None
    forged: Asked | None

    @property
    def evidence(self) -> tuple[str, ...]:
        """All observations behind it."""
        every = (self.plain, self.again, self.small, self.forged)
        return tuple(i for asked in every if asked is not None for i in asked.evidence)


def exchange(asked: Iterable[Asked], direction: str) -> Exchange:
    """Sort out the tries at one direction of one address, port and host."""
    plain = again = small = forged = None
    for each in asked:
        params = each.task.params
        if params.get("direction") != direction:
            continue
        if params.get("forged"):
            forged = each
        elif params.get("mss") is not None:
            small = each
        elif params.get("round") == 1:
            plain = each
        else:
            again = each
    return Exchange(plain, again, small, forged)


def crossing(found: Exchange, direction: str, slow_ms: float = SLOW_MS) -> Crossing:
    """Return what one direction showed."""
    if found.plain is None:
        return _says(found, direction, "unknown", "not.asked")
    if found.forged is not None and (state := _after_forging(found.forged, direction)) is not None:
        return _says(found, direction, state, data=found.forged.last.data)
    answer = found.plain.answered
    stops = [each for each in found.plain.tries if is_stop(each) and nothing_large(each.data, direction)]
    if stops and _quick(found.small) and (answer is not None or len(stops) > 1):
        return _says(found, direction, "slow" if answer is not None else "stalled", data=stops[-1].data)
    if answer is None:
        return _says(found, direction, "unknown", _why_unknown(found.plain.last))
    if direction == "response" and _recovers_slowly(found, slow_ms):
        return _says(found, direction, "slow", data=answer.data)
    state = _width(answer.data, direction)
    if found.forged is not None and (refusal := _not_forged(found.forged)) and state in ("plain", "small"):
        return _says(found, direction, "unknown", refusal)
    return _says(found, direction, state, data=answer.data)


def _says(
    found: Exchange, direction: str, state: State, failure: str = "", data: Mapping[str, JSON] | None = None
) -> Crossing:
    args: dict[str, JSON] = {"direction": direction}
    if data is not None:
        args |= {key: "-" if (value := number(data, key)) is None else value for key in _SIZES}
        args["waited_ms"] = number(data, "stalled_ms") or 0
    return Crossing(state=state, direction=direction, failure=failure, args=args, evidence=found.evidence)


_SIZES = ("largest", "announced", "peer_mss", "pmtu", "link_mtu")


def _why_unknown(last: Observation) -> str:
    if last.outcome == "crashed":
        return "internal.crashed"
    if last.outcome == "skipped":
        return last.failure if last.failure in ("schedule.outside", "time.over") else "not.asked"
    words = {
        "overloaded": "vantage.overloaded",
        "local": "vantage.no_route",
        "not_permitted": "scope.outside",
    }
    return words.get(last.failure or "", "reach.slow")


def is_stop(observation: Observation) -> bool:
    """Whether a try came to a stop in its middle."""
    waited = number(observation.data, "stalled_ms") or 0
    if observation.outcome != "failed":
        return False
    return observation.failure == "slow" or (observation.failure in ("reset", "eof") and waited >= CUT_MS)


def nothing_large(data: Mapping[str, JSON], direction: str) -> bool:
    """Whether not one packet of full size came through: a lossy path lets some of them pass.

    Without it, two stalls in a row at 30 % loss would be called a black hole.
    """
    if direction == "request":
        return number(data, "progress") == 0
    announced = number(data, "announced")
    return announced is not None and (number(data, "largest") or 0) + TIMESTAMPS < announced


def _quick(asked: Asked | None) -> bool:
    answer = None if asked is None else asked.answered
    return answer is not None and (number(answer.data, "stalled_ms") or 0) < CUT_MS


def _recovers_slowly(found: Exchange, slow_ms: float) -> bool:
    """Whether both large exchanges came to a stop for a while, and the one in small packets did not."""
    large = [each.answered for each in (found.plain, found.again) if each is not None]
    waits = [number(each.data, "stalled_ms") or 0 for each in large if each is not None]
    shrunk = all(each is not None and nothing_large(each.data, "response") for each in large)
    return len(waits) == 2 and min(waits) >= slow_ms and shrunk and _quick(found.small)


def _width(data: Mapping[str, JSON], direction: str) -> State:
    """Say what an exchange that passed shows of the path."""
    link, announced = number(data, "link_mtu"), number(data, "announced")
    peer, pmtu = number(data, "peer_mss"), number(data, "pmtu")
    if link is None or announced is None:
        return "plain"
    full = link - HEADERS
    exercised = _exercised(data, direction)
    if peer is not None and (peer < IPV6_LEAST_MSS or peer < full):
        return "clamped" if exercised else "small"
    if direction == "request":
        return "narrow" if pmtu is not None and pmtu < link else "plain"
    if announced < full:
        return "small"  # our own kernel knows a narrow path already and asked for small segments
    if not exercised:
        return "small"
    largest = number(data, "largest") or 0
    return "narrow" if largest + TIMESTAMPS < announced else "plain"


def _exercised(data: Mapping[str, JSON], direction: str) -> bool:
    """Whether more was said than one packet holds."""
    least = min(number(data, "announced") or 0, number(data, "peer_mss") or 65535)
    return (number(data, "received" if direction == "response" else "acked") or 0) > least


def _not_forged(asked: Asked) -> str:
    """Return why a Packet Too Big that was to be forged was not sent, empty if it was."""
    if asked.answered is not None:
        return ""
    words = {
        "no_privilege": "vantage.no_privilege",
        "overloaded": "vantage.overloaded",
        "local": "vantage.no_route",
    }
    return words.get(asked.last.failure or "", "")


def _after_forging(asked: Asked, direction: str) -> State | None:
    """Say what the server did about a Packet Too Big that we made ourselves; None if that shows nothing."""
    answer = asked.answered
    if answer is None or not _exercised(answer.data, direction):
        return None
    largest = number(answer.data, "largest") or 0
    return "forged_ignored" if largest > IPV6_LEAST_MSS else "narrow"


def all_stall(index: Index, vantage: str, controls: frozenset[tuple[str, int]]) -> bool:
    """Whether large exchanges stall at the vantage itself: for its control too, or for everybody.

    Everybody: targets in three different /48s, with nobody who had one that passed.
    """
    stalled: set[int] = set()
    control = passed = False
    for asked in index.kind(vantage, "path.mtu"):
        address, port = asked.task.address, asked.task.port
        if address is None or port is None or asked.param("mss") is not None or asked.param("forged"):
            continue
        answer = asked.answered
        direction = text(asked.task.params, "direction") or ""
        if answer is not None:
            passed = passed or _exercised(answer.data, direction)
        elif any(is_stop(each) and nothing_large(each.data, direction) for each in asked.tries):
            stalled.add(parse(address)[1] >> 80)
            control = control or (address, port) in controls
    return control or (len(stalled) >= 3 and not passed)
