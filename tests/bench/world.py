"""A world to measure in: so many dual-stack systems with names, pages and certificates, behind one router."""

from __future__ import annotations

from pathlib import Path

from tests.lab.certificates import LabAuthority
from tests.lab.network import SERVER_V4, SERVER_V6, Network
from tests.lab.servers import start_knot

ZONE = "bench.example"
PER_NETWORK = 50  # systems in a /64, as many as a VLAN of servers holds
SILENT = 0xE000  # networks from here on are dropped by the router: 2001:db8:ffff:e000::/52
_NGINX = """
daemon off; worker_processes 2; user root; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  server {{
    listen 80 backlog=4096; listen [::]:80 backlog=4096;
    listen 443 ssl backlog=4096; listen [::]:443 ssl backlog=4096;
    ssl_certificate {chain}; ssl_certificate_key {key};
    location / {{ default_type text/html; return 200 '<title>Bench</title><p>A page of the bench.'; }}
  }}
}}
"""


def v6(number: int, first: int = 1) -> str:
    """Return system `number`'s IPv6 address (AnyIP), in the /64s that begin with number `first`."""
    return f"2001:db8:ffff:{first + number // PER_NETWORK:x}::{number:x}"


def v4(number: int) -> str:
    """Return system `number`'s IPv4 address (AnyIP)."""
    return f"198.19.{number >> 8}.{number & 255}"


def serve(network: Network, folder: Path, systems: int) -> None:
    """Serve names, HTTP and HTTPS for that many systems `wN.bench.example`."""
    records = "\n".join(f"w{n} A {v4(n)}\nw{n} AAAA {v6(n)}" for n in range(1, systems + 1))
    zone = f"ns AAAA {SERVER_V6}\n{records}"
    start_knot(network.server, folder / "knot", [SERVER_V6, SERVER_V4], {ZONE: zone})
    (folder / "ca").mkdir()
    pair = LabAuthority(folder / "ca").leaf(f"*.{ZONE}")
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder=folder, chain=pair.chain, key=pair.key), "ascii")
    network.server.start("nginx", "-c", str(configuration), "-p", str(folder), cwd=folder)
    network.server.wait_for_port("::", 443)
    network.router.nft(
        "table inet bench {\n chain forward {\n  type filter hook forward priority 0; policy accept;\n"
        "  ip6 daddr 2001:db8:ffff:e000::/52 drop\n }\n}\n"
    )
    for namespace in (network.vantage, network.router, network.server):
        namespace.run("sysctl", "-qw", "net.ipv4.tcp_max_syn_backlog=8192", check=False)
    for key in ("net.ipv6.neigh.default.gc_thresh3=65536", "net.ipv6.route.max_size=262144"):
        network.vantage.run("sysctl", "-qw", key, check=False)


def inventory(systems: int, *, silent: int = 0) -> str:
    """Return their inventory; the first `silent` systems have a second literal that nobody answers at."""
    head = (
        "version: 1\norganization: {id: bench, name: Bench}\nscope: ['2001:db8::/32', 198.18.0.0/15]\n"
        f"resolvers: {{lab: ['{SERVER_V6}']}}\ntrust: [ca/root.pem]\n"
        f"vantages: {{v: {{resolver: lab, canaries: ['{SERVER_V6}', {SERVER_V4}]}}}}\nsystems:\n"
    )
    return head + "".join(_system(n, dead=n <= silent) for n in range(1, systems + 1))


def _system(number: int, *, dead: bool) -> str:
    host = f"'{v6(number, SILENT)}'" if dead else f"w{number}.{ZONE}"
    hosts = f"[{host}, {v4(number)}]" if dead else f"[{host}]"
    return (
        f"  - id: s{number}\n    name: {{vi: Hệ thống {number}, en: System {number}}}\n"
        f"    hosts: {hosts}\n    services: [https, http]\n"
    )
