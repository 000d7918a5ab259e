"""The scan: carries a plan out, once, politely, and so that it can be cut off at any moment and resumed.

`run_scan` is the whole of it. The only package beside net/ and probes/ that knows asyncio.
"""

from ipv6check.scan.engine import ScanEnd
from ipv6check.scan.progress import Count, Plain, Progress, Silent
from ipv6check.scan.session import make_net, run_scan

__all__ = ["Count", "Plain", "Progress", "ScanEnd", "Silent", "make_net", "run_scan"]
