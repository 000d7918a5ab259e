"""`make soak`: the lab's situations again and again, with loss, and longer fuzzing; prints what it counted.

Needs what `make test` needs. Not part of it: it takes half an hour.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Round:
    """One thing that is done several times."""

    name: str
    times: int
    arguments: tuple[str, ...]


ROUNDS = (
    Round("every situation of the lab", 3, ("tests/lab", "-k", "situations")),
    Round("30 % loss on IPv6", 20, ("tests/lab/loss",)),
    Round("resume after kill -9", 3, ("tests/resume",)),
    Round("longer fuzzing", 1, ("tests/unit", "tests/hostile", "-m", "not lab and not browser")),
)


def run(round_: Round) -> int:
    """Run it as often as it says; return how many of the runs failed."""
    failed = 0
    for number in range(1, round_.times + 1):
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *round_.arguments],
            cwd=ROOT,
            env={**os.environ, "IPV6CHECK_SOAK": "1"},
            capture_output=True,
            text=True,
        )
        last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "no output"
        print(
            f"{round_.name}, {number} of {round_.times}: {last} ({time.monotonic() - begun:.0f} s)",
            flush=True,
        )
        if done.returncode != 0:
            failed += 1
            print(done.stdout[-4000:], flush=True)
    return failed


def main() -> int:
    """Run every round; exit 1 if any run of any failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="a word of the round's name")
    only = parser.parse_args().only
    rounds = [r for r in ROUNDS if only is None or only in r.name]
    failures = {r.name: run(r) for r in rounds}
    for round_ in rounds:
        print(f"{round_.name}: {round_.times} runs, {failures[round_.name]} failed")
    return 1 if any(failures.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
