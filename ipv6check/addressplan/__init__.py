"""The address plan as a tree of prefixes: what lies in what, how full it is, what is free.

Pure: the plan and the known addresses of an inventory in, figures and proposals out; no I/O, and the
inventory is never changed. Read in this order: tree, known, utilisation, free, proposal.
"""

from ipv6check.addressplan.known import Known
from ipv6check.addressplan.proposal import NoProposal, Place, Proposal, Wish, propose
from ipv6check.addressplan.tree import CONTAINERS, Node, PlanTree
from ipv6check.addressplan.utilisation import Usage, usages

__all__ = [
    "CONTAINERS",
    "Known",
    "NoProposal",
    "Node",
    "Place",
    "PlanTree",
    "Proposal",
    "Usage",
    "Wish",
    "propose",
    "usages",
]
