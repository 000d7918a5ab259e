"""Readiness as exact intervals: a system's score and level, and means over systems.

Pure functions of verdicts and a profile; nothing here knows a finding's text or evidence.
Read in this order: interval, system, ladder, aggregate, rounding.
"""

from ipv6check.score.aggregate import Member, mean, worst
from ipv6check.score.interval import Entry
from ipv6check.score.ladder import TARGETS, level, reaches
from ipv6check.score.rounding import written_coverage, written_score
from ipv6check.score.system import points, score

__all__ = [
    "TARGETS",
    "Entry",
    "Member",
    "level",
    "mean",
    "points",
    "reaches",
    "score",
    "worst",
    "written_coverage",
    "written_score",
]
