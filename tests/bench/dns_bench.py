"""The DNS sweep against dnsperf: A and AAAA of 20,000 names, the same window, in one run.

knot answers in a namespace of its own, behind one router. Both sides run in turn, and the better
rate of each counts: the machine is shared, and its noise only ever slows down.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.rows import BenchRow
from tests.lab.network import SERVER_V6, Network, three_namespaces
from tests.lab.servers import start_knot

ROOT = Path(__file__).parents[2]
NAMES = 20_000
WINDOW = 100
ROUNDS = 3
GOAL = 0.8
ZONE = "bench.example"


def main(argv: Sequence[str] | None = None) -> None:
    """Print the rows; with `sweep SERVER`, run our side against that server and print JSON."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["sweep"]:
        print(json.dumps(_sweep(arguments[1])))
        return
    for row in run():
        print(row)


def run() -> list[BenchRow]:
    """Measure, and return one row: questions a second, start-up left out on both sides."""
    with tempfile.TemporaryDirectory(prefix="dns-bench-") as name, three_namespaces() as network:
        folder = Path(name)
        records = "\n".join(
            f"w{n} A 198.18.{n >> 8}.{n & 255}\nw{n} AAAA 2001:db8:1::{n:x}" for n in range(NAMES)
        )
        start_knot(network.server, folder / "knot", [SERVER_V6], {ZONE: f"ns AAAA {SERVER_V6}\n{records}"})
        questions = folder / "questions"
        questions.write_text("".join(f"w{n}.{ZONE} A\nw{n}.{ZONE} AAAA\n" for n in range(NAMES)), "ascii")
        command = f"dnsperf -s {SERVER_V6} -d questions -n 1 -c 1 -T 1 -q {WINDOW} -e"
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(_dnsperf(network, command, questions))
            ours.append(_ours(network))
    rate, peer = max(ours), max(theirs)
    return [
        BenchRow(
            name=f"A and AAAA of {NAMES:,} names, {WINDOW} in flight, every answer read and checked",
            ours=rate,
            theirs=peer,
            unit="questions/s",
            ratio=rate / peer,
            goal=GOAL,
            command=command,
        )
    ]


def _dnsperf(network: Network, command: str, questions: Path) -> float:
    words = [str(questions) if word == "questions" else word for word in command.split()]
    done = network.vantage.run(*words, timeout=120)
    rate = re.search(r"Queries per second:\s+([0-9.]+)", done.stdout)
    complete = re.search(r"Queries completed:\s+(\d+)", done.stdout)
    if rate is None or complete is None or int(complete[1]) < 2 * NAMES * 0.999:
        raise RuntimeError(f"dnsperf said: {done.stdout[-800:]}")
    return float(rate[1])


def _ours(network: Network) -> float:
    command = network.vantage.command([sys.executable, "-m", "tests.bench.dns_bench", "sweep", SERVER_V6])
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT, check=True)
    found = json.loads(done.stdout)
    if found["right"] != 2 * NAMES:
        raise RuntimeError(f"the sweep saw {found}")
    return 2 * NAMES / float(found["seconds"])


def _sweep(server: str) -> dict[str, float]:
    """Ask for both families of every name; count the answers that hold exactly the zone's record."""
    from ipv6check.model.observation import Observation
    from ipv6check.model.task import make_task
    from ipv6check.net.dns_window import Window
    from ipv6check.net.limits import Limits
    from ipv6check.net.net import Net
    from ipv6check.net.permission import anyone
    from ipv6check.probes.collecting import seldom_collected
    from ipv6check.probes.dns_sweep import DnsSweep

    tasks = [
        make_task(
            "dns.query",
            vantage="v",
            family=6,
            address=server,
            port=53,
            params={
                "name": f"w{n}.{ZONE}",
                "type": rdtype,
                "view": "v",
                "rd": True,
                "cd": False,
                "edns": True,
            },
        )
        for n in range(NAMES)
        for rdtype in ("A", "AAAA")
    ]
    net = Net(permitted=anyone, limits=Limits.lifted(512))
    sweep = DnsSweep(net, window=Window.lifted(WINDOW))
    observations: list[Observation] = []
    with seldom_collected():  # as in a scan
        began = time.monotonic()
        for task in tasks:
            sweep.submit(task)
        while sweep.pending:
            observations += sweep.step(1.0)
        seconds = time.monotonic() - began
    sweep.close()
    right = sum(_is_right(seen.task.params, seen.data) for seen in observations)
    return {"right": right, "tries": len(observations), "seconds": seconds}


def _is_right(params: object, data: object) -> bool:
    """Whether the answer holds the record of the zone for that name, and no other."""
    if not isinstance(params, dict) or not isinstance(data, dict):
        return False
    name, rdtype = str(params["name"]), params["type"]
    number = int(name.split(".")[0][1:])
    wanted = f"198.18.{number >> 8}.{number & 255}" if rdtype == "A" else f"2001:db8:1::{number:x}"
    answers = data.get("answers")
    return isinstance(answers, list | tuple) and [list(answer)[::3] for answer in answers] == [
        [name, wanted if number or rdtype == "A" else "2001:db8:1::"]
    ]


if __name__ == "__main__":
    main()
