"""The ladder of gates: none → published → reachable → parity → robust → ipv6-only.

A level is the highest gate passed with all before it. Exceptions may help and never cost:
where accepted findings left out reach no further than the same findings counted, the level
stands on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache

from ipv6check.model.inventory import Goal
from ipv6check.model.profile import GATES, LEVELS, Profile
from ipv6check.model.score import Contribution, GateState, Level
from ipv6check.score.interval import ONE, UNWEIGHED, Entry, check_intervals
from ipv6check.score.system import covered

# The level each goal asks for. A goal that is not here has neither level nor score.
TARGETS: Mapping[Goal, str] = {"dual-stack": "parity", "ipv6-only": "ipv6-only"}

# What a goal or a category leaves nothing to ask for, so that a gate without an applicable check
# may be passed. Without IPv4 there is nothing to be on a par with; one NTP datagram exercises
# neither a path nor a choice between addresses.
EXCUSED_BY_GOAL: Mapping[str, frozenset[str]] = {"ipv6-only": frozenset({"parity"})}
EXCUSED_BY_CATEGORY: Mapping[str, frozenset[str]] = {"ntp": frozenset({"robust"})}


def reaches(name: str, target: str) -> bool:
    """Whether the level `name` is `target` or above it."""
    return LEVELS.index(name) >= LEVELS.index(target)


def excused_gates(goal: Goal, category: str) -> frozenset[str]:
    """Return the gates that goal or category excludes; never one above the goal's target.

    A gate above the target is a merit: it has to be measured, or it would be given away.
    """
    excluded = EXCUSED_BY_GOAL.get(goal, frozenset()) | EXCUSED_BY_CATEGORY.get(category, frozenset())
    return frozenset(gate for gate in excluded if reaches(TARGETS[goal], gate))


@lru_cache(maxsize=4096)
def belongs(check: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a check is one of `prefixes` (an area such as `reach`, or a check's own id)."""
    return any(check == prefix or check.startswith(f"{prefix}.") for prefix in prefixes)


def level(entries: Iterable[Entry], profile: Profile, *, goal: Goal, category: str) -> Level:
    """Return the level reached. `goal` must be one of `TARGETS`."""
    entries = tuple(entries)
    excused = excused_gates(goal, category)
    gates = _gates(entries, profile, excused)
    name = _highest(gates)
    helped = False
    if any(entry.accepted for entry in entries):
        plain = tuple(Entry(check=entry.check, verdict=entry.verdict) for entry in entries)
        strict = _gates(plain, profile, excused)
        helped = not reaches(_highest(strict), name)
        if not helped:
            gates, name = strict, _highest(strict)
    return Level(name=name, target=TARGETS[goal], with_exceptions=helped, gates=gates)


def _highest(gates: Iterable[GateState]) -> str:
    name = LEVELS[0]
    for gate in gates:
        if not gate.passed:
            break
        name = gate.gate
    return name


def _gates(entries: tuple[Entry, ...], profile: Profile, excused: frozenset[str]) -> tuple[GateState, ...]:
    by_check: dict[str, list[Entry]] = {}
    for entry in entries:
        by_check.setdefault(entry.check, []).append(entry)
    states: list[GateState] = []
    before = True
    for gate in GATES:
        prefixes = profile.gates.get(gate, ())
        own = [entry for check, found in by_check.items() if belongs(check, prefixes) for entry in found]
        state = _gate(gate, own, profile, excused=gate in excused and before)
        before = before and state.passed
        states.append(state)
    return tuple(states)


def _gate(gate: str, entries: list[Entry], profile: Profile, *, excused: bool) -> GateState:
    """Judge one gate by its own findings; what is accepted applies, but neither fails nor counts."""
    applicable = any(entry.verdict != "not_applicable" for entry in entries)
    if not applicable:
        return GateState(gate=gate, passed=excused, coverage=None, excused=excused)
    failing = sorted({entry.check for entry in entries if entry.verdict == "fail" and not entry.accepted})
    coverage = _coverage(entries, profile)
    enough = coverage is None or coverage >= profile.gate_coverage
    return GateState(gate=gate, passed=enough and not failing, coverage=coverage, failing=tuple(failing))


def _coverage(entries: list[Entry], profile: Profile) -> Fraction | None:
    """Return the gate's coverage; checks that weigh nothing count alike where none weighs anything."""
    intervals = check_intervals(entries, profile.warn_share)
    weights = {check: profile.checks.get(check, UNWEIGHED).weight for check in intervals}
    if not any(weights.values()):
        weights = dict.fromkeys(intervals, ONE)
    return covered(
        Contribution(check=check, weight=weights[check], low=low, high=high)
        for check, (low, high) in intervals.items()
    )
