"""`history` over 365 runs of 500 systems against its bound of 2 s, start-up included."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ipv6check.store import past
from tests.bench.rows import BenchRow

_RUNS = 365
_SYSTEMS = 500
_CHECKS = 20
_BOUND = 2.0
_FIRST = datetime(2025, 11, 1, 18, 0, tzinfo=UTC)


def results(night: int, started: datetime) -> dict[str, object]:
    """Return what history reads of results.json: every system gets there one after the other."""
    return {
        "run": {
            "id": f"{started:%Y%m%dT%H%M%SZ}-abcdef",
            "started": started.isoformat(),
            "organization": {"id": "bench", "timezone": "Asia/Ho_Chi_Minh"},
            "vantage": "inside",
            "as_of": started.date().isoformat(),
        },
        "totals": {"systems": _SYSTEMS, "counted": _SYSTEMS},
        "systems": [_system(number, met=number <= night) for number in range(_SYSTEMS)],
    }


def _system(number: int, *, met: bool) -> dict[str, object]:
    verdict = "pass" if met else "fail"
    return {
        "id": f"system-{number:03}",
        "deadline": "2026-12-31",
        "level": "parity" if met else "none",
        "on_target": met,
        "weight": 2,
        "declared": "0123456789abcdef",
        "score": {"low": 100.0 if met else 41.25, "high": 100.0 if met else 47.5, "coverage": 0.94},
        "findings": [
            {"id": f"{number:08x}{check:08x}", "check": "reach.service", "verdict": verdict, "reason": "ok"}
            for check in range(_CHECKS)
        ],
    }


def _store(root: Path) -> None:
    """Store the runs as scans leave them; results.json itself is not read where its digest is there."""
    for night in range(_RUNS):
        started = _FIRST + timedelta(days=night)
        document = results(night, started)
        run = root / "runs" / f"{started:%Y%m%dT%H%M%SZ}-abcdef"
        run.mkdir(parents=True)
        (run / "run.json").write_text("{}")
        (run / "results.json").write_text("{}")
        past.keep_digest(run, document)  # type: ignore[arg-type]


def run() -> list[BenchRow]:
    """Measure one call."""
    with tempfile.TemporaryDirectory() as folder:
        _store(Path(folder))
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "ipv6check", "history", "-o", folder], check=True, capture_output=True
        )
        seconds = time.perf_counter() - begun
    return [
        BenchRow(
            name=f"history over {_RUNS} runs of {_SYSTEMS} systems",
            ours=seconds,
            theirs=_BOUND,
            unit="s",
            ratio=_BOUND / seconds,
            goal=1.0,
            command="the bound of 2 s, with the digests that scans leave",
        )
    ]
