"""Small inventories for tests of the judging half: hosts, services and systems, defaults filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ipv6check.model.inventory import (
    Canary,
    ClosedPort,
    Endpoint,
    Family,
    Host,
    Inventory,
    InventoryFile,
    Organization,
    Service,
    Source,
    System,
    Vantage,
)
from ipv6check.model.text import Text

CANARY6, CANARY4 = "2001:db8:1::1", "203.0.113.1"
RESOLVER = Endpoint("203.0.113.53", 53)
SOURCE = Source("inventory.yaml", 1)
SCOPE = ("2001:db8::/32", "198.51.100.0/24", "203.0.113.0/24")

TCP_PORTS = {"https": 443, "http": 80, "ssh": 22, "smtp": 25, "tcp": 1521, "dns": 53, "ntp": 123}
UDP_APPS = ("ntp", "syslog", "rtp")


def host(declared: str, **more: Any) -> Host:
    """Make a host of what the inventory would say: a name, or a literal."""
    literal = ":" in declared or declared.replace(".", "").isdigit()
    fields: dict[str, Any] = {"address": declared} if literal else {"name": declared, "sni": declared}
    return Host(declared=declared, source=SOURCE, **{**fields, **more})


def service(app: str = "https", port: int | Mapping[Family, int] | None = None, **more: Any) -> Service:
    """Make a service; without a port the usual one, on both families."""
    families: Sequence[Family] = more.pop("families", (4, 6))
    if isinstance(port, Mapping):
        ports: dict[Family, tuple[int, ...]] = {family: (number,) for family, number in port.items()}
    else:
        ports = {family: (port or TCP_PORTS.get(app, 514),) for family in families}
    ports = more.pop("ports", ports)
    transport = more.pop("transport", "udp" if app in UDP_APPS else "tcp")
    return Service(id=more.pop("id", app), app=app, ports=ports, transport=transport, source=SOURCE, **more)


def system(
    hosts: Iterable[Host | str] = ("www.example",), services: Iterable[Service] = (), **more: Any
) -> System:
    """Make a system; each host offers all services unless it says which."""
    services = tuple(services) or (service(),)
    ids = tuple(each.id for each in services)
    made = [each if isinstance(each, Host) else host(each) for each in hosts]
    closed = tuple(ClosedPort(port=p, vantages=("inside",)) for p in more.pop("closed_ports", ()))
    return System(
        **{
            "id": "portal",
            "name": Text.same("Portal"),
            "source": SOURCE,
            "vantages": ("inside",),
            **more,
            "closed_ports": closed,
            "services": services,
            "hosts": tuple(each if each.services else replace(each, services=ids) for each in made),
        }
    )


def inventory(*systems: System, **more: Any) -> Inventory:
    """Make an inventory of one vantage, `inside`, with a canary of each family."""
    canaries = more.pop("canaries", (Canary(address=CANARY6), Canary(address=CANARY4)))
    inside = Vantage(name="inside", resolver="view", canaries=canaries, controls=more.pop("controls", ()))
    trust = more.pop("trust_pem", b"")
    files = (InventoryFile(name="root.pem", content=trust, sha256="0"),) if trust else ()
    return Inventory(
        **{
            "organization": Organization(id="org", name=Text.same("Org")),
            "scope": SCOPE,
            "resolvers": {"view": (RESOLVER,)},
            "vantages": (inside, *more.pop("vantages", ())),
            "systems": systems,
            "trust": ("root.pem",) if trust else (),
            "files": files,
            **more,
        }
    )
