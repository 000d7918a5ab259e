"""`validate` of 10,000 systems against its bound of 10 s."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.rows import BenchRow

_SYSTEMS = 10_000
_BOUND = 10.0


def inventory(systems: int) -> str:
    """Return an inventory of that many dual-stack systems with two hosts and three services each."""
    head = (
        "version: 1\norganization: {id: bench, name: Bench}\n"
        "scope: ['2001:db8::/32', 198.18.0.0/15]\nsystems:\n"
    )
    return head + "".join(
        f"  - id: s{n}\n    name: {{vi: Hệ thống {n}, en: System {n}}}\n    category: web-portal\n"
        f"    hosts: [w{n}.bench.example, '2001:db8::{n:x}', 198.18.{n >> 8}.{n & 255}]\n"
        "    services: [https, http, {app: ssh, port: 2222}]\n"
        for n in range(systems)
    )


def run() -> list[BenchRow]:
    """Measure one validation, start-up included."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "inventory.yaml"
        file.write_text(inventory(_SYSTEMS), encoding="utf-8")
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "ipv6check", "validate", str(file)], check=True, capture_output=True
        )
        seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        BenchRow(
            name=f"validate {_SYSTEMS:,} systems",
            ours=seconds,
            theirs=_BOUND,
            unit="s",
            ratio=_BOUND / seconds,
            goal=1.0,
            command=f"the bound of 10 s; peak memory {peak:.0f} MiB",
        )
    ]
