"""The lab's way out for a vantage without IPv4: NAT64 (tayga) in R, and DNS64 (unbound) in S."""

from __future__ import annotations

from pathlib import Path

from tests.lab import servers, stage
from tests.lab.network import SERVER_V6, Network
from tests.lab.situations.nat64 import NAT64, PREFIX

POOL = "203.0.113.128/25"


def start_tayga(network: Network, folder: Path) -> None:
    """Translate `PREFIX` in R; S answers the pool through its default route."""
    folder.mkdir()
    configuration = folder / "tayga.conf"
    configuration.write_text(
        "tun-device nat64\nipv4-addr 203.0.113.129\nipv6-addr 2001:db8:64:1::1\n"
        f"prefix {PREFIX}\ndynamic-pool {POOL}\ndata-dir {folder}\n"
    )
    router = network.router
    router.run("tayga", "-c", str(configuration), "--mktun")
    router.run("ip", "link", "set", "nat64", "up")
    router.run("ip", "-6", "route", "add", PREFIX, "dev", "nat64")
    router.run("ip", "-4", "route", "add", POOL, "dev", "nat64")
    router.start("tayga", "-d", "-c", str(configuration), log=folder / "tayga.log")


def start_dns64(network: Network, folder: Path) -> None:
    """Serve the zone with knot, and resolve it with an unbound that makes AAAA records up."""
    network.add_server_address(stage.RESOLVER)
    zones = {
        "lab.example": f"ns AAAA {SERVER_V6}\n" + "\n".join(s.zone for s in NAT64 if s.zone),
        "ipv4only.arpa": f"ns AAAA {SERVER_V6}\n@ A 192.0.0.170\n@ A 192.0.0.171",  # RFC 7050 §2.2
    }
    servers.start_knot(network.server, folder / "knot", [SERVER_V6], zones)
    servers.start_unbound(
        *(network.server, folder / "unbound", stage.RESOLVER, dict.fromkeys(zones, SERVER_V6)),
        extra='    module-config: "dns64 iterator"\n    dns64-prefix: ' + PREFIX,
    )
