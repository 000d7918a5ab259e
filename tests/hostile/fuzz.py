"""Fuzzes the parsing edges with atheris, guided by coverage: `python -m tests.hostile.fuzz TARGET SECONDS`.

No part of `make test`: hypothesis does that part. `make soak` runs every target where atheris installs.
Exits 0 when the time is up, 77 where there is no atheris, else with what libFuzzer found.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

NO_ATHERIS = 77
LARGEST = 4096  # bytes of one input


def main(target: str, seconds: int) -> None:
    """Fuzz one target for so many seconds."""
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        print("atheris is not installed")
        sys.exit(NO_ATHERIS)
    with atheris.instrument_imports(include=["ipv6check.net", "dns"]):
        targets = importlib.import_module("tests.hostile.fuzz_targets")
    one, seeds = targets.TARGETS[target]
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        options = [f"-max_total_time={seconds}", f"-max_len={LARGEST}", folder]
        atheris.Setup([sys.argv[0], *options], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
