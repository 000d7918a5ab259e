"""What the observations of one question amount to: yes, no, or unknown, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ipv6check.model.inventory import Family
from ipv6check.model.text import JSON

Answer = Literal["yes", "no", "unknown"]
Stability = Literal["stable", "loss", "unstable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One tri-state fact, with the ids of the observations behind it.

    `failure` is a word of docs/observations.md, or the reason code (`vantage.…`,
    `scope.outside`, …) that masks the fact.
    """

    kind: str
    subject: str
    vantage: str
    answer: Answer
    family: Family | None = None
    address: str | None = None
    port: int | None = None
    failure: str | None = None
    stability: Stability = "stable"
    evidence: tuple[str, ...] = ()
    data: Mapping[str, JSON] = field(default_factory=dict)
