"""How findings weigh: severities, weights, thresholds, gates. Loaded from `profiles/*.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from ipv6check.model.finding import Severity
from ipv6check.model.text import JSON, Text

GATES: tuple[str, ...] = ("published", "reachable", "parity", "robust", "ipv6-only")
LEVELS: tuple[str, ...] = ("none", *GATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckProfile:
    """One check's part: exact `weight`, severity of a fail, overrides by reason code, parameters."""

    weight: Fraction
    severity: Severity
    reasons: Mapping[str, Severity] = field(default_factory=dict)
    params: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What a kind of equipment is asked (RIPE-772): what it must be able to do over IPv6, and what it may."""

    mandatory: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRules:
    """One phase of the programme; `begins` and `ends` (its last day) as its legal basis gives them."""

    phase: int
    name: Text
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetShare:
    """The share of what an indicator counts (0 to 1) that is wanted, through the day `by`."""

    share: Fraction
    by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What the programme counts: systems at a level, milestones done, or equipment that is able.

    `systems`: those of `values` (categories; empty: all) at `level` or above. `milestones`: those
    whose id is one of `values`, or begins with it and a hyphen. `equipment`: those of the kinds.
    `by_unit`: units are counted instead, those that own any, and a unit is as wanted if all that it owns is.
    """

    id: str
    name: Text
    counts: Literal["systems", "milestones", "equipment"]
    values: tuple[str, ...] = ()
    level: str = "parity"
    by_unit: bool = False
    targets: tuple[TargetShare, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One judgement's rules. `gates` maps each gate to the prefixes or ids of its checks.

    `questions` maps kinds of equipment to what each is asked; `phases` and `indicators` are the
    programme's, `basis` their legal and technical basis.
    `warn_share` is what a warn counts (0 to 1); `criticality` the weights in means over systems;
    `sha256` is over the canonical JSON of the whole, extended profile.
    """

    name: str
    checks: Mapping[str, CheckProfile]
    warn_share: Fraction
    gates: Mapping[str, tuple[str, ...]]
    gate_coverage: Fraction
    criticality: Mapping[str, Fraction]
    audit_ports: tuple[int, ...] = ()
    basis: tuple[Text, ...] = ()
    questions: Mapping[str, Questions] = field(default_factory=dict)
    phases: tuple[PhaseRules, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    sha256: str = ""
