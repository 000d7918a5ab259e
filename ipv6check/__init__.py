"""ipv6check: how ready a data centre is for IPv6, and what to move next."""

__version__ = "0.1.0"
