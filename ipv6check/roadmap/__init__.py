"""The order in which systems and equipment can move: dependencies, waves, blockers, critical paths.

Pure functions of what depends on what and of what has arrived; they know neither checks nor texts.
Read in this order: node, graph, masks, dominance, deadlines, roadmap.
"""

from ipv6check.roadmap.deadlines import CriticalPath
from ipv6check.roadmap.node import CRITICALITIES, Key, Kind, Node
from ipv6check.roadmap.roadmap import Roadmap, Step, Wave, build

__all__ = ["CRITICALITIES", "CriticalPath", "Key", "Kind", "Node", "Roadmap", "Step", "Wave", "build"]
