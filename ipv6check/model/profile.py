"""How findings weigh: severities, weights, thresholds, gates. Loaded from `profiles/*.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

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
class Profile:
    """One judgement's rules. `gates` maps each gate to the prefixes or ids of its checks.

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
    sha256: str = ""
