"""Facts: what the observations of a run amount to, tri-state and with evidence; still no verdict.

`derive` gives `Facts`, and `Facts.view` what one system's checks read. Read in this order: tries,
dns_answer, resolvers, names, published, views, reverse, hints, connects, signs, troubles, vantage,
talks, place, visits, throttle, pages, trust, certificates, dns_view, view, derive.
"""

from ipv6check.facts.derive import Facts, derive
from ipv6check.facts.vantage import RunWarning, VantageState
from ipv6check.facts.view import SystemView

__all__ = ["Facts", "RunWarning", "SystemView", "VantageState", "derive"]
