"""The plan: what to ask of whom, decided from the inventory and from what has been seen, without I/O.

`Plan.initial()` are the questions known before any answer, `Plan.expand()` what follows from an
answer, `Plan.closing()` what is left once nothing else is. All three are pure: the same plan and
the same answers give the same tasks, in whichever order the answers came.
"""

from ipv6check.plan.estimate import Contact, Estimate
from ipv6check.plan.plan import Plan
from ipv6check.plan.results import Results, Settled

__all__ = ["Contact", "Estimate", "Plan", "Results", "Settled"]
