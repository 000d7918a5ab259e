"""HTTPS facts of 2,000 addresses (handshake, chain, GET) against blackbox_exporter, in one run.

blackbox_exporter makes one connection an address and uses every core; we make one in one process, and both
questions (`tls.handshake` and `http.get`) are answered over it. Its probes are asked for by 100 parallel
requests, as a busy Prometheus would.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.bench import world
from tests.bench.rows import BenchRow
from tests.lab.network import Network, three_namespaces

ROOT = Path(__file__).parents[2]
ADDRESSES = 2_000
ROUNDS = 2
GOAL = 1.2
CPU_GOAL = 1.0
_PORT = 9115
_MODULE = """
modules:
  https: {{prober: http, timeout: 10s, http: {{preferred_ip_protocol: ip6, follow_redirects: false,
    headers: {{Host: w1.{zone}}}, tls_config: {{insecure_skip_verify: true, server_name: w1.{zone}}}}}}}
"""


def main(argv: Sequence[str] | None = None) -> None:
    """Print the rows; with `facts N`, run our side over so many addresses and print JSON."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["facts"]:
        print(json.dumps(_facts(int(arguments[1]))))
        return
    for row in run():
        print(row)


def run() -> list[BenchRow]:
    """Measure, and return the rows: addresses a second, and a CPU second."""
    with tempfile.TemporaryDirectory(prefix="web-bench-") as name, three_namespaces() as network:
        folder = Path(name)
        world.serve(network, folder, 1)
        module = folder / "blackbox.yml"
        module.write_text(_MODULE.format(zone=world.ZONE), "ascii")
        exporter = network.vantage.start(
            "prometheus-blackbox-exporter",
            f"--config.file={module}",
            f"--web.listen-address=127.0.0.1:{_PORT}",
            log=folder / "blackbox.log",
        )
        network.vantage.wait_for_port("127.0.0.1", _PORT)
        asked = folder / "asked"
        asked.write_text(
            "".join(
                f'url = "http://127.0.0.1:{_PORT}/probe?module=https&target=https://%5B{world.v6(n)}%5D/"\n'
                f'output = "{folder}/probed-{n}"\n'
                for n in range(1, ADDRESSES + 1)
            ),
            "ascii",
        )
        ours, theirs, our_cpu, their_cpu = [], [], [], []
        for _ in range(ROUNDS):
            spent = _cpu(exporter.pid)
            theirs.append(_blackbox(network, folder, asked))
            their_cpu.append(ADDRESSES / (_cpu(exporter.pid) - spent))
            rate, cpu = _ours(network)
            ours.append(rate)
            our_cpu.append(cpu)
    command = "prometheus-blackbox-exporter, http prober, by curl --parallel --parallel-max 100"
    return [
        BenchRow(
            name=f"HTTPS facts of {ADDRESSES:,} addresses",
            ours=max(ours),
            theirs=max(theirs),
            unit="addresses/s",
            ratio=max(ours) / max(theirs),
            goal=GOAL,
            command=command,
        ),
        BenchRow(
            name="the same, by the CPU time that it takes",
            ours=max(our_cpu),
            theirs=max(their_cpu),
            unit="addresses a CPU second",
            ratio=max(our_cpu) / max(their_cpu),
            goal=CPU_GOAL,
            command=f"{command}; without curl's own time",
        ),
    ]


def _cpu(pid: int) -> float:
    """Return the CPU seconds of a process so far: fields 14 and 15 of proc(5) stat, in ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _blackbox(network: Network, folder: Path, asked: Path) -> float:
    began = time.monotonic()
    network.vantage.run(
        *("curl", "-sS", "--parallel", "--parallel-max", "100", "-g", "-K", str(asked)), timeout=170
    )
    seconds = time.monotonic() - began
    good = sum("probe_success 1" in file.read_text() for file in folder.glob("probed-*"))
    if good < ADDRESSES:
        raise RuntimeError(f"blackbox_exporter saw only {good} of {ADDRESSES} pages")
    return ADDRESSES / seconds


def _ours(network: Network) -> tuple[float, float]:
    """Return addresses a second, and a CPU second."""
    command = network.vantage.command(
        [sys.executable, "-m", "tests.bench.web_bench", "facts", str(ADDRESSES)]
    )
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, cwd=ROOT, check=True)
    found = json.loads(done.stdout)
    if found["ok"] != 2 * ADDRESSES:
        raise RuntimeError(f"we saw {found}")
    return ADDRESSES / float(found["seconds"]), ADDRESSES / float(found["cpu"])


def _facts(addresses: int) -> dict[str, float]:
    """Shake hands with each address and fetch its page, 100 at once, in the lane that a scan uses."""
    import asyncio

    from ipv6check.model.task import Task, make_task
    from ipv6check.model.text import JSON
    from ipv6check.net.limits import Limits
    from ipv6check.net.net import Net
    from ipv6check.net.permission import anyone
    from ipv6check.probes import BUILTIN, SHARED
    from ipv6check.scan.talks import Talks

    name = f"w1.{world.ZONE}"
    page: dict[str, JSON] = {"tls": True, "sni": name, "host": name, "path": "/", "fetch": 1, "hop": 0}
    shake: dict[str, JSON] = {"sni": name, "app": "https"}

    def task(kind: str, address: str, params: dict[str, JSON]) -> Task:
        return make_task(
            kind, vantage="v", family=6, address=address, port=443, transport="tcp", params=params
        )

    tasks = [
        replace(task("http.get", address, page), answers=task("tls.handshake", address, shake))
        for address in map(world.v6, range(1, addresses + 1))
    ]

    async def talk() -> int:
        lane = Talks(dict(BUILTIN), Net(permitted=anyone, limits=Limits.lifted(100)), dict(SHARED))
        came = asyncio.Event()
        lane.start(came.set)
        good = ended = given = 0
        while ended < 2 * len(tasks):
            while given < len(tasks) and lane.room > 0:
                lane.submit(tasks[given])
                given += 1
            await came.wait()
            came.clear()
            found = [observation for observation in lane.collect() if observation.final]
            ended += len(found)
            good += sum(observation.outcome == "ok" for observation in found)
        await lane.stop()
        return good

    everything, tasks = tasks, tasks[:1]
    asyncio.run(talk())  # what is imported and prepared once is done: the exporter has started too
    tasks = everything
    began, spent = time.monotonic(), time.process_time()
    good = asyncio.run(talk())
    return {"ok": good, "seconds": time.monotonic() - began, "cpu": time.process_time() - spent}


if __name__ == "__main__":
    main()
