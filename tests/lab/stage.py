"""Puts situations on a network: zones, sites and filters gathered, servers started."""

from __future__ import annotations

import ipaddress
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.lab import servers
from tests.lab.network import SERVER_V4, SERVER_V6, Namespace, Network
from tests.lab.situation import ROOT, Situation
from tests.lab.situations.reach import v4, v6

RESOLVER = "2001:db8:2::53"
REVERSE = "8.b.d.0.1.0.0.2.ip6.arpa"

# In S, for whom nothing listens: accepts and never says a word.
_MUTE = """
import socket, sys, time
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), family=socket.AF_INET6)
kept = []
while True:
    kept.append(listener.accept())
"""


def set_filters(network: Network, situations: Sequence[Situation], more: Sequence[str] = ()) -> None:
    """Load every situation's filter into the router's forward chain."""
    rules = "\n".join(rule for s in situations for rule in s.filters)
    extra = "\n".join(more)
    network.router.nft(
        "table inet lab {\n"
        # Pairs of addresses whose source a situation shuts out.
        " set shun6 { type ipv6_addr . ipv6_addr; flags dynamic; size 4096; }\n"
        " chain forward {\n  type filter hook forward priority 0; policy accept;\n"
        f"{rules}\n{extra}\n }}\n}}\n"
    )


def start_names(network: Network, folder: Path, situations: Sequence[Situation]) -> None:
    """Serve the situations' zone with knot, and resolve it with unbound on `RESOLVER`."""
    network.add_server_address(RESOLVER)
    zone = f"ns AAAA {SERVER_V6}\n" + "\n".join(s.zone for s in situations if s.zone)
    zones = {"lab.example": zone, REVERSE: f"ns.{REVERSE}. AAAA {SERVER_V6}\n{_pointers(zone)}"}
    servers.start_knot(network.server, folder / "knot", [SERVER_V6, SERVER_V4], zones)
    servers.start_unbound(network.server, folder / "unbound", RESOLVER, dict.fromkeys(zones, SERVER_V6))


def _pointers(zone: str) -> str:
    """Return a PTR record that leads back for each AAAA record of the lab's own space."""
    found = []
    for line in zone.splitlines():
        words = line.split()
        if len(words) == 3 and words[1] == "AAAA" and words[2].startswith("2001:db8:"):
            owner = ipaddress.ip_address(words[2]).reverse_pointer.removesuffix(f".{REVERSE}")
            found.append(f"{owner} PTR {words[0]}.lab.example.")
    return "\n".join(dict.fromkeys(found))


def start_odd_names(network: Network, folder: Path, situations: Sequence[Situation]) -> None:
    """Answer the situations' rules with the programmable name server on `RESOLVER`."""
    network.add_server_address(RESOLVER)
    rules = folder / "rules.json"
    rules.write_text(
        json.dumps({"listen": [[RESOLVER, 53]], "rules": [rule for s in situations for rule in s.rules]})
    )
    network.server.start(
        *(sys.executable, "-m", "tests.lab.nameserver", str(rules)), log=folder / "nameserver.log", cwd=ROOT
    )
    network.server.wait_for_port(RESOLVER, 53)


def start_web(
    network: Network, folder: Path, situations: Sequence[Situation], more: Sequence[servers.Site] = ()
) -> None:
    """Serve the situations' sites with nginx."""
    servers.start_nginx(
        network.server, folder / "nginx", [*(site for s in situations for site in s.sites), *more]
    )


def start_everywhere(network: Network, folder: Path) -> None:
    """Serve plain HTTP on port 80 and 22 of every AnyIP address: what filters then break is the situation."""
    anywhere = servers.Site(listen=(("::", 80), ("0.0.0.0", 80)))
    exposed = servers.Site(listen=((v6(9), 22), (v4(9), 22)))
    v4_only = servers.Site(listen=((v4(21), 8081),))
    servers.start_nginx(network.server, folder / "everywhere", [anywhere, exposed, v4_only])


def answer_everywhere(server: Namespace) -> None:
    """Let every port of some AnyIP addresses lead to port 80: a device that answers in a host's place."""
    rules = "".join(
        f"  {family} daddr {address} tcp dport {ports} redirect to :80\n"
        for family, address, ports in (
            ("ip6", v6(30), "1-65535"),
            ("ip", v4(30), "1-65535"),
            ("ip", v4(34), "4000-4063"),
        )
    )
    server.nft(
        "table inet nat {\n chain prerouting {\n  type nat hook prerouting priority -100; policy accept;\n"
        f"{rules} }}\n}}\n"
    )


def start_mute(server: Namespace, address: str, port: int) -> None:
    """Accept on an IPv6 address and never say a word."""
    server.start(sys.executable, "-c", _MUTE, address, str(port))
    server.wait_for_port(address, port)
