"""What needs no network, against its bounds: judging again, reports of many systems, and their memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.rows import BenchRow

OBSERVATIONS = 200_000
_JUDGE_BOUND = 3.0
HTML_SYSTEMS = 5_000
_HTML_BOUND = 5.0
_XLSX_BOUND = 10.0  # no goal of its own: what somebody waits for a file
FEW, MANY = 1_000, 10_000
_MEMORY_BOUND = 500.0  # MiB
_GROWTH_BOUND = 11.0  # times the CPU seconds for ten times the systems


def run() -> list[BenchRow]:
    """Measure all; the first four judge and report runs of 1,000 and 10,000 systems, and take some minutes.

    They come first because a child's peak counts what its parent holds when it is made.
    """
    return [*_large(), _judge_again(), _html(), _xlsx()]


def _judge_again() -> BenchRow:
    from ipv6check.judge import judge
    from ipv6check.profiles import load_profile
    from tests.bench.observed import observed

    inventory, meta, observations = observed(OBSERVATIONS)
    profile = load_profile("default")
    began = time.process_time()
    judged = judge(inventory, iter(observations), meta, profile, meta.started.date(), ())
    seconds = time.process_time() - began
    count = len(judged.results["systems"])  # type: ignore[arg-type]
    return _row(f"judge {len(observations):,} observations of {count:,} systems again", seconds, _JUDGE_BOUND)


def _html() -> BenchRow:
    from ipv6check.report import pages
    from tests.unit.report import sample

    judged = sample.judged(HTML_SYSTEMS)
    began = time.process_time()
    made = pages(judged, {"format": "html", "language": "vi", "both": True})
    largest = max(len(page) for _, page in made)
    seconds = time.process_time() - began
    return _row(
        f"HTML of {HTML_SYSTEMS:,} systems (largest page {largest / 1048576:.2f} MiB)", seconds, _HTML_BOUND
    )


def _xlsx() -> BenchRow:
    from ipv6check.report import render
    from tests.unit.report import sample

    judged = sample.judged(HTML_SYSTEMS)
    began = time.process_time()
    render(judged, {"format": "xlsx", "language": "vi"})
    return _row(f"xlsx of {HTML_SYSTEMS:,} systems", time.process_time() - began, _XLSX_BOUND)


@dataclass(frozen=True, slots=True)
class _Cost:
    """What one command cost: CPU seconds, and MiB at its peak."""

    seconds: float
    peak: float


def _large() -> list[BenchRow]:
    """Judge and report a run of 1,000 systems and one of 10,000, each command in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        runs = {systems: _stored(Path(folder) / str(systems), systems) for systems in (FEW, MANY)}
        judged = {systems: _cost("judge", path, "--write") for systems, path in runs.items()}
        told = {systems: _cost("report", path, "-f", "html") for systems, path in runs.items()}
    rows = []
    for name, costs in (("judge --write", judged), ("report -f html, two languages", told)):
        few, many = costs[FEW], costs[MANY]
        growth = many.seconds / few.seconds
        rows += [
            _row(f"{name}: peak memory for {MANY:,} systems", many.peak, _MEMORY_BOUND, "MiB"),
            _row(
                f"{name}: CPU for {MANY:,} systems ({many.seconds:.1f} s) over {FEW:,} ({few.seconds:.1f} s)",
                growth,
                _GROWTH_BOUND,
                "×",
            ),
        ]
    return rows


def _stored(root: Path, systems: int) -> Path:
    # In a process of its own too, for the same reason.
    command = [sys.executable, "-m", "tests.bench.large_run", str(root), str(systems)]
    made = subprocess.run(command, check=True, capture_output=True, text=True)
    return Path(made.stdout.strip())


def _cost(command: str, run: Path, *options: str) -> _Cost:
    words = [sys.executable, "-m", "ipv6check", command, str(run), *options]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} of {run} ended with {process.returncode}")
    return _Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _row(name: str, ours: float, bound: float, unit: str = "CPU s") -> BenchRow:
    return BenchRow(
        name=name,
        ours=ours,
        theirs=bound,
        unit=unit,
        ratio=bound / ours,
        goal=1.0,
        command=f"the bound of {bound:g} {unit}",
    )
