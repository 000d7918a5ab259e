"""The one place where an exact score becomes a decimal number (docs/decisions/, "Rounding").

Half to even, then kept off the ends: nothing short of 100 is written as 100, and nothing above 0
as 0. The function is monotone, so that low ≤ high and equal stays equal when written.
"""

from __future__ import annotations

from fractions import Fraction

SCORE_DIGITS = 2
COVERAGE_DIGITS = 4


def rounded(value: Fraction, whole: int, digits: int) -> float:
    """Round `value` of `whole` to `digits` decimals, never reaching 0 or `whole` unless it is that."""
    scale: int = 10**digits
    steps, rest = divmod(value.numerator * scale, value.denominator)
    twice = 2 * rest
    if twice > value.denominator or (twice == value.denominator and steps % 2):
        steps += 1
    if steps == whole * scale and value != whole:
        steps -= 1
    elif steps == 0 and value.numerator:
        steps = 1
    return steps / scale


def written_score(value: Fraction) -> float:
    """Return a score, 0 to 100, as results.json has it: two decimals."""
    return rounded(value, 100, SCORE_DIGITS)


def written_coverage(value: Fraction) -> float:
    """Return a coverage, 0 to 1, as results.json has it: four decimals."""
    return rounded(value, 1, COVERAGE_DIGITS)
