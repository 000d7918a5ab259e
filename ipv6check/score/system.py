"""One system's score: low and high of 100, and how much of it was established (coverage)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ipv6check.model.profile import Profile
from ipv6check.model.score import Contribution, Score
from ipv6check.score.interval import ONE, Entry, check_intervals, contributions, weighted_mean


def score(entries: Iterable[Entry], profile: Profile) -> Score | None:
    """Return the score of one system's findings; None where nothing counts (an empty sum).

    `low = 100·Σw·l/Σw`, `high = 100·Σw·h/Σw`, `coverage = Σw·(1−(h−l))/Σw`, all exact;
    `unknown` counts the unknown findings that are not accepted.
    """
    entries = tuple(entries)
    parts = contributions(check_intervals(entries, profile.warn_share), profile)
    low = weighted_mean((part.weight, part.low) for part in parts)
    coverage = covered(parts)
    # What is wholly established has one figure: its high need not be summed again.
    high = low if coverage == ONE else weighted_mean((part.weight, part.high) for part in parts)
    if low is None or high is None or coverage is None:
        return None
    unknown = sum(entry.verdict == "unknown" and not entry.accepted for entry in entries)
    return Score(low=100 * low, high=100 * high, coverage=coverage, contributions=parts, unknown=unknown)


def covered(parts: Iterable[Contribution]) -> Fraction | None:
    """Return the share of the weight whose interval is a point; None if nothing weighs anything."""
    parts = tuple(parts)
    if any(part.weight for part in parts) and all(part.low is part.high for part in parts):
        return ONE
    return weighted_mean((part.weight, ONE - (part.high - part.low)) for part in parts)


def points(parts: Sequence[Contribution]) -> list[tuple[Contribution, Fraction, Fraction, Fraction]]:
    """Return each contribution with its points of 100: low, high, and the most it could bring.

    Over all of them the lows sum to the score's low, the highs to its high, and the last to 100.
    """
    whole = sum((part.weight for part in parts), Fraction(0))
    shares = ((part, 100 * part.weight / whole) for part in parts)
    return [(part, _of(share, part.low), _of(share, part.high), share) for part, share in shares]


def _of(share: Fraction, end: Fraction) -> Fraction:
    """Return `share * end`, without arithmetic for the ends that nearly all findings have."""
    if end == 0:
        return end
    return share if end == 1 else share * end
