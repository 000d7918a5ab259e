"""The whole assessment of 1,000 dual-stack systems against dig, nmap and curl together, in one run.

Ours: `ipv6check scan` from names to score and HTML. Theirs: A and AAAA by dig, ports, titles and
certificates of both families by nmap, the pages of both by curl; nothing compares or reports there.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import world
from tests.bench.rows import BenchRow
from tests.lab.network import SERVER_V6, Network, three_namespaces

SYSTEMS = 1_000
GOAL = 4.0
SILENT_SYSTEMS = 200
SILENT_SHARE = 0.3
AT_ONCE = 512
_NMAP = "nmap -sT -T4 -n -Pn -p 80,443 --script http-title,ssl-cert"
_OPTIONS = ("--rate", "0", "--at-once", str(AT_ONCE), "--unlimited", "-q", "--lang", "en")


def run() -> list[BenchRow]:
    """Measure, and return two rows: against the peers, and against the bound where many are silent."""
    with tempfile.TemporaryDirectory(prefix="assessment-bench-") as name, three_namespaces() as network:
        folder = Path(name)
        world.serve(network, folder, SYSTEMS)
        theirs = _by_hand(network, folder)
        ours, results = _scan(network, folder, SYSTEMS, 0)
        if results["totals"]["levels"].get("parity", 0) < SYSTEMS:
            raise RuntimeError(f"we saw {results['totals']['levels']}")
        silent = round(SILENT_SYSTEMS * SILENT_SHARE)
        slow, seen = _scan(network, folder, SILENT_SYSTEMS, silent)
    return [
        BenchRow(
            name=f"the whole assessment of {SYSTEMS:,} dual-stack systems, HTML report included",
            ours=ours,
            theirs=theirs,
            unit="s",
            ratio=theirs / ours,
            goal=GOAL,
            command=f"dig -f names; {_NMAP} [-6] -iL …, once a family; curl --parallel on both",
        ),
        _silent_row(slow, seen, silent),
    ]


def _silent_row(seconds: float, results: dict[str, Any], silent: int) -> BenchRow:
    dead = {f"s{n}" for n in range(1, silent + 1)}
    told = {
        system["id"]: {f["reason"] for f in system["findings"] if f["check"] == "reach.service"}
        for system in results["systems"]
    }
    wrong = [one for one, reasons in told.items() if ("reach.silent" in reasons) is not (one in dead)]
    if wrong:
        raise RuntimeError(f"wrong verdicts: {wrong[:5]}")
    # Three tries of 8.5 s for two ports each, all at once: they begin at 0, 10.5 and 30 s.
    bound = 30.0 + 8.5
    return BenchRow(
        name=f"{SILENT_SYSTEMS} systems of which {silent} are silent, no wrong verdict",
        ours=seconds,
        theirs=bound,
        unit="s",
        ratio=bound / seconds,
        goal=1 / 1.3,
        command="the bound: the three tries of a silent port, spread over half a minute",
    )


def _scan(network: Network, folder: Path, systems: int, silent: int) -> tuple[float, dict[str, Any]]:
    file = folder / "inventory.yaml"
    file.write_text(world.inventory(systems, silent=silent), "utf-8")
    reports = folder / f"reports-{systems}-{silent}"
    began = time.monotonic()
    done = network.vantage.run(
        *(sys.executable, "-m", "ipv6check", "scan", str(file), "-o", str(reports), *_OPTIONS),
        check=False,
        timeout=400,
    )
    seconds = time.monotonic() - began
    if done.returncode != 0:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr[-2000:]}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  (scan of {systems:,} systems: {seconds:.1f} s, peak memory of any child {peak:.0f} MiB)")
    results: dict[str, Any] = json.loads((reports / "latest" / "results.json").read_text("utf-8"))
    return seconds, results


def _by_hand(network: Network, folder: Path) -> float:
    """Return the seconds that dig, nmap and curl need for the same questions."""
    names = [f"w{n}.{world.ZONE}" for n in range(1, SYSTEMS + 1)]
    (folder / "names").write_text("".join(f"{name} A\n{name} AAAA\n" for name in names), "ascii")
    addresses = {
        6: [world.v6(n) for n in range(1, SYSTEMS + 1)],
        4: [world.v4(n) for n in range(1, SYSTEMS + 1)],
    }
    pages = []
    for family, found in addresses.items():
        (folder / f"addresses{family}").write_text("\n".join(found) + "\n", "ascii")
        for address in found:
            host = f"[{address}]" if family == 6 else address
            pages.append(f'url = "https://{host}/"\noutput = "/dev/null"\n')
    (folder / "pages").write_text("".join(pages), "ascii")
    began = time.monotonic()
    network.vantage.run(
        *("dig", f"@{SERVER_V6}", "+noall", "+answer", "-f", str(folder / "names")), timeout=300
    )
    for family in addresses:
        option = ("-6",) if family == 6 else ()
        network.vantage.run(
            *_NMAP.split(),
            *option,
            "-oN",
            "/dev/null",
            "-iL",
            str(folder / f"addresses{family}"),
            timeout=500,
        )
    network.vantage.run(
        *("curl", "-sS", "-k", "-g", "--parallel", "--parallel-max", "100", "-K", str(folder / "pages")),
        timeout=300,
    )
    return time.monotonic() - began
