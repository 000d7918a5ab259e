"""What makes a system the same thing to measure from run to run: its declared hosts and services."""

from __future__ import annotations

import hashlib
import json

from ipv6check.model.inventory import System

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def declared(system: System) -> str:
    """Return the first 16 hex digits of SHA-256 over hosts and services, whatever their order.

    Name, unit, owner, deadline, exceptions and dependencies may change without making it another system.
    """
    hosts = sorted(
        _encode([host.declared, host.sni, host.role, host.pair, sorted(host.services)])
        for host in system.hosts
    )
    services = sorted(
        _encode(
            [
                service.id,
                service.transport,
                [[family, list(ports)] for family, ports in sorted(service.ports.items())],
                [service.path, service.expect_status, service.role],
                sorted(service.zones),
            ]
        )
        for service in system.services
    )
    text = _encode([hosts, services])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
