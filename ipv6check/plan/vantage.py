"""Questions about the vantage itself: its source addresses, its canaries, its controls."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ipv6check.model.inventory import FAMILIES, Family
from ipv6check.model.task import STAGE_CLOSED, STAGE_VANTAGE, Task, make_task
from ipv6check.plan.index import PRINTER_PORTS, Index

# Stand for "the Internet" where the inventory names no address of the family: the first of the
# global unicast space, assigned to nobody. Choosing a source address sends nothing.
INTERNET: dict[Family, str] = {4: "1.0.0.0", 6: "2000::"}
_MAX_CANDIDATES = 1000


def sources(index: Index, round_: int, families: tuple[Family, ...] = FAMILIES) -> Iterator[Task]:
    """Yield, a family, which source address the kernel would use towards the targets."""
    for family in families:
        address = representative(index, family)
        yield make_task(
            "vantage.source",
            vantage=index.vantage.name,
            family=family,
            address=address,
            params={"round": round_},
            subject=f"IPv{family}",
            stage=STAGE_VANTAGE,
        )


def canaries(index: Index, round_: int, families: tuple[Family, ...] = FAMILIES) -> Iterator[Task]:
    """Yield a question to each canary of the vantage."""
    for canary in index.vantage.canaries:
        if canary.family in families and canary.port not in PRINTER_PORTS:
            yield make_task(
                "vantage.canary",
                vantage=index.vantage.name,
                family=canary.family,
                address=canary.address,
                port=canary.port,
                transport="tcp" if canary.port is not None else "",
                params={"round": round_},
                subject=canary.address,
                stage=STAGE_VANTAGE,
            )


def controls(index: Index, ports: set[tuple[Family, int]]) -> Iterator[Task]:
    """Yield a connection to each control on one of the ports, of the same family."""
    for control in index.vantage.controls:
        if (control.family, control.port) in ports and control.port not in PRINTER_PORTS:
            yield make_task(
                "tcp.connect",
                vantage=index.vantage.name,
                family=control.family,
                address=control.address,
                port=control.port,
                transport="tcp",
                subject=f"{control.address} {control.port}",
                stage=STAGE_CLOSED,
            )


def representative(index: Index, family: Family) -> str:
    """Return the address that stands for a family's targets: one of the widest scope that is asked.

    Literals, then the scope, then the canaries; names without a scope lead to global addresses only.
    """
    candidates = [a for a in list(index.literals)[:_MAX_CANDIDATES] if index.permitted(a, False) is None]
    if index.inventory.scope is None:
        candidates += [INTERNET[family]] if index.names else []
    else:
        candidates += [_first_address(prefix) for prefix in index.inventory.scope[:_MAX_CANDIDATES]]
    candidates += [canary.address for canary in index.vantage.canaries]
    of_family = [address for address in candidates if (":" in address) == (family == 6)]
    return min(of_family, key=_narrowness, default=INTERNET[family])


def _first_address(prefix: str) -> str:
    network = ipaddress.ip_network(prefix, strict=False)
    return str(network[1] if network.num_addresses > 1 else network[0])


def _narrowness(address: str) -> int:
    """Return 0 for an address of global scope, more the nearer it is."""
    parsed = ipaddress.ip_address(address)
    if parsed.is_loopback:
        return 3
    if parsed.is_link_local:
        return 2
    # Documentation prefixes are "private" to Python, but stand for the Internet in a laboratory.
    local = any(parsed.version == net.version and parsed in net for net in _LOCAL)
    return 1 if local else 0


_LOCAL = tuple(
    ipaddress.ip_network(prefix)
    for prefix in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10")
)
