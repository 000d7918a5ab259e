"""Start-up: `ipv6check --version` against its bound of 150 ms, and beside a bare Python."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from tests.bench.rows import BenchRow

_RUNS = 15
_BOUND = 0.150


def _median(command: list[str]) -> float:
    times = []
    for _ in range(_RUNS):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def run() -> list[BenchRow]:
    """Measure the median of fifteen starts."""
    ours = _median([sys.executable, "-m", "ipv6check", "--version"])
    bare = _median([sys.executable, "-c", "pass"])
    return [
        BenchRow(
            name="ipv6check --version",
            ours=ours,
            theirs=_BOUND,
            unit="s",
            ratio=_BOUND / ours,
            goal=1.0,
            command=f"the bound of 150 ms; a bare python -c pass takes {bare:.3f} s here",
        )
    ]
