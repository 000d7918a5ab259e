"""The judgement: findings of every check, scores, levels, totals, and results.json as plain data.

A pure function of inventory, observations and profile: the same input gives the same bytes.
Read in this order: judging, checking, marking, outcome, totals, systems, results, document.
"""

from ipv6check.judge.document import encode, parts
from ipv6check.judge.judging import judge
from ipv6check.model.run import Judged

__all__ = ["Judged", "encode", "judge", "parts"]
