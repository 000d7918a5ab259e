"""From verdicts to one interval a check: [min of lows, min of highs] over hosts, ports and vantages.

Taking the minimum is what keeps ten ports from outweighing one certificate, and what makes the
order of findings, and the splitting of one finding into several equal ones, irrelevant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ipv6check.model.finding import Verdict
from ipv6check.model.profile import CheckProfile, Profile
from ipv6check.model.score import Contribution

Interval = tuple[Fraction, Fraction]

ZERO = Fraction(0)
ONE = Fraction(1)
# A check that a profile does not name is shown, never counted.
UNWEIGHED = CheckProfile(weight=ZERO, severity="medium")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the score needs of one finding. An accepted one is left out of every sum."""

    check: str
    verdict: Verdict
    accepted: bool = False


# Which of (0, warn_share, 1) each verdict's low and high is. Whole numbers are compared many times
# faster than fractions, and findings are many; not_applicable says nothing.
_PLACES: Mapping[Verdict, tuple[int, int]] = {
    "pass": (2, 2),
    "warn": (1, 1),
    "fail": (0, 0),
    "unknown": (0, 2),
}


def check_intervals(entries: Iterable[Entry], warn_share: Fraction) -> dict[str, Interval]:
    """Return each check's interval, for the checks with a finding that counts."""
    found: dict[str, tuple[int, int]] = {}
    for entry in entries:
        place = None if entry.accepted else _PLACES.get(entry.verdict)
        if place is None:
            continue
        known = found.get(entry.check)
        found[entry.check] = place if known is None else (min(known[0], place[0]), min(known[1], place[1]))
    ends = (ZERO, warn_share, ONE)
    return {check: (ends[low], ends[high]) for check, (low, high) in found.items()}


def contributions(intervals: Mapping[str, Interval], profile: Profile) -> tuple[Contribution, ...]:
    """Return the checks that weigh something, by id, with their weights."""
    weighed = ((check, profile.checks.get(check, UNWEIGHED).weight) for check in sorted(intervals))
    return tuple(
        Contribution(check=check, weight=weight, low=intervals[check][0], high=intervals[check][1])
        for check, weight in weighed
        if weight
    )


def weighted_mean(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Return Σw·x/Σw of pairs (w, x), exactly; None if nothing weighs anything.

    Sums integers over one common denominator: adding fractions one by one reduces each partial
    sum, which takes most of the time of judging ten thousand systems.
    """
    known = [(w.numerator, w.denominator, x.numerator, w.denominator * x.denominator) for w, x in pairs if w]
    if not known:
        return None
    weights = lcm(*(row[1] for row in known))
    products = lcm(*(row[3] for row in known))
    weight = sum(w * (weights // d) for w, d, _, _ in known)
    product = sum(w * x * (products // d) for w, _, x, d in known)
    return Fraction(product * weights, products * weight)
