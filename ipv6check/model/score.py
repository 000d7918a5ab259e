"""Scores as exact intervals, and the level a system has reached."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One check's share of a system's score: an interval in [0, 1] and its weight."""

    check: str
    weight: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A readiness score: 0 to 100, known to lie in [low, high]; `coverage` in [0, 1]."""

    low: Fraction
    high: Fraction
    coverage: Fraction
    contributions: tuple[Contribution, ...] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GateState:
    """One gate of the ladder: passed or not, its coverage (None: nothing applies)."""

    gate: str
    passed: bool
    coverage: Fraction | None
    failing: tuple[str, ...] = ()
    excused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The highest gate passed with all before it; `with_exceptions` if an acceptance helped."""

    name: str
    target: str
    with_exceptions: bool
    gates: tuple[GateState, ...]
