"""The connect sweep against nmap: the same 20,000 targets a family, in one run, in namespaces of its own.

nginx answers for every address behind one router (AnyIP). Both sides run three times, in turn, and the
better rate of each counts: the machine is shared, and its noise only ever slows down.
"""

from __future__ import annotations

import ipaddress
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from tests.bench.rows import BenchRow
from tests.lab.network import Network, three_namespaces

ROOT = Path(__file__).parents[2]
TARGETS = 20_000
ROUNDS = 3
GOAL = 1.2
NMAP = "nmap -sT -T5 --min-parallelism 300 -n -Pn -p 80"
_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{ access_log off; server {{ listen 80 backlog=4096; listen [::]:80 backlog=4096; return 200; }} }}
"""


def targets(family: int, number: int = TARGETS) -> list[str]:
    """Return so many AnyIP addresses of a family."""
    network = ipaddress.ip_network("2001:db8:ffff::/64" if family == 6 else "198.19.0.0/16")
    return [str(address) for address in islice(network.hosts(), number)]


def main(argv: Sequence[str] | None = None) -> None:
    """Print the row; with `sweep FILE`, run our side over the addresses in a file and print JSON."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["sweep"]:
        print(json.dumps(_sweep(Path(arguments[1]).read_text("ascii").split())))
        return
    for row in run():
        print(row)


def run() -> list[BenchRow]:
    """Measure, and return one row: targets a second of both families together."""
    with tempfile.TemporaryDirectory(prefix="connect-bench-") as name, three_namespaces() as network:
        folder = Path(name)
        _serve(network, folder)
        lists = {}
        for family in (6, 4):
            lists[family] = folder / f"targets{family}"
            lists[family].write_text("\n".join(targets(family)) + "\n", "ascii")
        both = folder / "targets"
        both.write_text("".join(lists[family].read_text("ascii") for family in (6, 4)), "ascii")
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(_nmap(network, lists))
            ours.append(_ours(network, both))
    rate, peer = max(ours), max(theirs)
    command = f"ipv6check's ConnectSweep, 512 at once, one process | {NMAP} [-6] -iL targets, once a family"
    return [
        BenchRow(
            name=f"connect sweep, both families, {TARGETS:,} targets each",
            ours=rate,
            theirs=peer,
            unit="targets/s",
            ratio=rate / peer,
            goal=GOAL,
            command=command,
        )
    ]


def _serve(network: Network, folder: Path) -> None:
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder=folder), "ascii")
    network.server.start("nginx", "-c", str(configuration), "-p", str(folder), cwd=folder)
    network.server.wait_for_port("::", 80)
    # Many neighbours and many closed connections, as a large network would show them.
    for namespace in (network.vantage, network.router, network.server):
        namespace.run("sysctl", "-qw", "net.ipv4.tcp_max_syn_backlog=8192", check=False)


def _nmap(network: Network, lists: dict[int, Path]) -> float:
    """Return nmap's targets a second over both families, start-up included; every target must be open."""
    began = time.monotonic()
    for family, addresses in lists.items():
        option = ["-6"] if family == 6 else []
        done = network.vantage.run(
            *shlex.split(NMAP), *option, "-oG", "-", "-iL", str(addresses), timeout=170
        )
        opened = done.stdout.count("80/open/tcp")
        if opened < TARGETS * 0.99:
            raise RuntimeError(f"nmap saw only {opened} of {TARGETS} targets open")
    return 2 * TARGETS / (time.monotonic() - began)


def _ours(network: Network, addresses: Path) -> float:
    """Return our targets a second, start-up included; every target must be open."""
    command = network.vantage.command(
        [sys.executable, "-m", "tests.bench.connect_bench", "sweep", str(addresses)]
    )
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, cwd=ROOT, check=True)
    seconds = time.monotonic() - began
    found = json.loads(done.stdout)
    if found["ok"] != 2 * TARGETS:
        raise RuntimeError(f"the sweep saw {found}")
    return 2 * TARGETS / seconds


def _sweep(addresses: Sequence[str]) -> dict[str, float]:
    """Connect to port 80 of each address with the limits lifted; return counts and seconds."""
    from ipv6check.model.inventory import Family
    from ipv6check.model.task import make_task
    from ipv6check.net.limits import Limits
    from ipv6check.net.net import Net
    from ipv6check.net.permission import anyone
    from ipv6check.net.policy import POLICIES
    from ipv6check.probes.collecting import seldom_collected
    from ipv6check.probes.connect_sweep import KIND, sweep

    began = time.monotonic()
    tasks = []
    for address in addresses:
        family: Family = 6 if ":" in address else 4
        tasks.append(make_task(KIND, vantage="v", family=family, address=address, port=80, transport="tcp"))
    planned = time.monotonic()
    net = Net(permitted=anyone, limits=Limits.lifted(512))
    answered = tries = 0
    with seldom_collected():  # as in a scan
        for observation in sweep(tasks, POLICIES[KIND], net):
            tries += 1
            answered += observation.outcome == "ok"
    ended = time.monotonic()
    used = os.times()
    return {
        "ok": answered,
        "tries": tries,
        "plan": planned - began,
        "sweep": ended - planned,
        "user": used.user,
        "system": used.system,
    }


if __name__ == "__main__":
    main()
