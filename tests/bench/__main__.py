"""`make bench`: every row of docs/performance.md measured in one run, against its peer, as a ratio."""

from __future__ import annotations

import importlib
import sys

from tests.bench.rows import BenchRow

# Each module's `run()` measures and returns its rows; they run one after the other, never at once.
MODULES = (
    "start_bench",
    "inventory_bench",
    "offline_bench",
    "roadmap_bench",
    "history_bench",
    "dns_bench",
    "connect_bench",
    "web_bench",
    "assessment_bench",
)


def show(row: BenchRow) -> None:
    """Print one row: the figures, the ratio and its goal, and what the peer was asked."""
    met = "met" if row.ratio >= row.goal else "NOT MET"
    print(f"{row.name}\n  ours {row.ours:,.4g} {row.unit} · theirs {row.theirs:,.4g} {row.unit}")
    print(f"  ratio {row.ratio:.2f}× · goal ≥ {row.goal:g}× · {met}\n  against: {row.command}", flush=True)


def main(wanted: list[str]) -> int:
    """Run the modules named (all without a name); a goal that is not met is shown, not an error."""
    for name in MODULES:
        if wanted and name.removesuffix("_bench") not in wanted:
            continue
        for row in importlib.import_module(f"tests.bench.{name}").run():
            show(row)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
