"""Names that questions are asked about though no inventory declares them.

The plan asks about them and the facts read the answers: both have to arrive at the same names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from ipv6check.model.inventory import Host, System

HTTPS_PORT = 443


def service_owners(system: System, host: Host) -> Iterator[str]:
    """Yield the owners of the HTTPS records of a host's web services (RFC 9460 §9.1).

    On another port than 443 the port stands before the name: `_8443._https.name`.
    """
    for service in (system.service(each) for each in host.services):
        ports = {port for each in service.ports.values() for port in each}
        if service.app == "https" and host.name is not None and len(ports) == 1:
            (port,) = ports
            yield host.name if port == HTTPS_PORT else f"_{port}._https.{host.name}"


def sibling(name: str, moment: datetime) -> str | None:
    """Return a name beside a name that nobody can have made, None where there is no room for one.

    It is another one for every `moment` (a run's start), and the same for all names of one parent. A
    name right below a top-level domain has none: no wildcard of its own zone can stand for it.
    """
    _, _, parent = name.partition(".")
    if "." not in parent:
        return None
    digest = hashlib.sha256(f"{parent} {moment.isoformat()}".encode()).hexdigest()
    return f"ipv6check-{digest[:16]}.{parent}"
