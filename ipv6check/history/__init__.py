"""Runs compared: what was fixed and broken, what only flaps, the trend, and where it leads.

Pure functions of stored judgements (`model/past.py`); the command line finds and reads them.
Read in this order: verdicts, difference, steadiness, gate, trend, pace, outlook, history.
"""

from ipv6check.history.difference import compare
from ipv6check.history.gate import Regressions, regressions
from ipv6check.history.history import history
from ipv6check.history.steadiness import WINDOW, marked
from ipv6check.history.trend import night, points

__all__ = ["WINDOW", "Regressions", "compare", "history", "marked", "night", "points", "regressions"]
