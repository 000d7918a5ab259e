"""Means over systems, weighted by criticality, and the worst of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ipv6check.model.inventory import Criticality
from ipv6check.model.score import Score
from ipv6check.score.interval import weighted_mean

CRITICALITIES: tuple[Criticality, ...] = ("critical", "high", "normal", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One system as a mean sees it; `score` None: it has none and is left out."""

    id: str
    criticality: Criticality
    score: Score | None


def mean(members: Iterable[Member], weights: Mapping[str, Fraction]) -> Score | None:
    """Return the criticality-weighted mean of lows, highs and coverages; None if no member has a score."""
    scored = [(weights[member.criticality], member.score) for member in members if member.score is not None]
    low = weighted_mean((weight, score.low) for weight, score in scored)
    high = weighted_mean((weight, score.high) for weight, score in scored)
    coverage = weighted_mean((weight, score.coverage) for weight, score in scored)
    if low is None or high is None or coverage is None:
        return None
    unknown = sum(score.unknown for _, score in scored)
    return Score(low=low, high=high, coverage=coverage, unknown=unknown)


def worst(members: Iterable[Member]) -> Member | None:
    """Return the member of the lowest score; ties by high, then criticality, then id."""

    def rank(member: Member) -> tuple[Fraction, Fraction, int, str]:
        assert member.score is not None  # noqa: S101 - filtered below
        return (member.score.low, member.score.high, CRITICALITIES.index(member.criticality), member.id)

    return min((member for member in members if member.score is not None), key=rank, default=None)
