"""`make soak`: the lab's situations again and again, with loss, and longer fuzzing; prints what it counted.

Needs what `make test` needs. Not part of it: it takes an hour on two quiet cores. `--only WORD` runs the
rounds whose name has the word, `--times N` each of them N times.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.fuzz import NO_ATHERIS

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Round:
    """One thing that is done several times: `at_once` runs side by side, each with `workers` processes.

    Most of a scan is waiting for silence, so that more runs than cores are no load. `alike`: the
    verdicts of all runs are compared. `fuzz`: not tests, but a target of tests/hostile/fuzz.py.
    """

    name: str
    times: int
    arguments: tuple[str, ...]
    at_once: int = 1
    workers: int = 2
    alike: bool = False
    fuzz: bool = False


FUZZED = ("dns", "icmp", "html", "certificate", "http", "smtp", "ssh", "text")
FUZZING_SECONDS = 60  # with atheris, each of FUZZED

ROUNDS = (
    Round(
        name="every situation of the lab",
        times=3,
        arguments=("tests/lab", "-k", "situations"),
        workers=4,
        alike=True,
    ),
    Round(name="30 % loss on IPv6", times=20, arguments=("tests/lab/loss",), at_once=7, workers=0),
    Round(
        name="each vantage with a trouble of its own",
        times=20,
        arguments=("tests/lab/test_vantage_situations.py", "tests/lab/test_odd_vantage_situations.py"),
        at_once=4,
        alike=True,
    ),
    Round(name="resume after kill -9", times=3, arguments=("tests/resume",)),
    Round(
        name="longer fuzzing",
        times=1,
        arguments=("tests/unit", "tests/hostile", "-m", "hypothesis and not lab and not browser"),
    ),
    *(
        Round(
            name=f"fuzzing {target} by coverage", times=1, arguments=(target, str(FUZZING_SECONDS)), fuzz=True
        )
        for target in FUZZED
    ),
)
# What chance alone decides: whether loss is noticed where every third packet is lost, and which question
# was on its way when IPv6 was lost for good.
BY_CHANCE = (
    ("random-loss", "reach.stable"),
    ("alive", "reach.stable"),
    ("alive", "path.extension"),
    ("dead", "path.extension"),
)


@dataclass(frozen=True)
class Done:
    """How one run ended, and where its verdicts are."""

    passed: bool
    verdicts: Path


def run(round_: Round, folder: Path) -> int:
    """Run it as often as it says; return how many of the runs failed, or judged otherwise than the first."""
    with ThreadPoolExecutor(round_.at_once) as pool:
        runs = list(pool.map(lambda number: _once(round_, number, folder), range(1, round_.times + 1)))
    failed = sum(not each.passed for each in runs)
    if round_.alike:
        for number, each in enumerate(runs[1:], start=2):
            moved = [*differences(runs[0].verdicts, each.verdicts)]
            for line in moved:
                print(f"{round_.name}, run {number} judged otherwise than run 1: {line}", flush=True)
            failed += bool(moved) and each.passed
    return failed


def _once(round_: Round, number: int, folder: Path) -> Done:
    verdicts = folder / str(number)
    verdicts.mkdir()
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *_command(round_)],
        cwd=ROOT,
        env={**os.environ, "IPV6CHECK_SOAK": "1", "IPV6CHECK_VERDICTS": str(verdicts)},
        capture_output=True,
        text=True,
    )
    said = (done.stderr if round_.fuzz else done.stdout).strip() or done.stdout.strip() or "no output"
    last = said.splitlines()[-1]
    seconds = time.monotonic() - begun
    print(f"{round_.name}, {number} of {round_.times}: {last} ({seconds:.0f} s)", flush=True)
    passed = done.returncode == 0 or (round_.fuzz and done.returncode == NO_ATHERIS)
    if not passed:
        print(done.stdout[-4000:], done.stderr[-4000:], flush=True)
    return Done(passed=passed, verdicts=verdicts)


def _command(round_: Round) -> list[str]:
    if round_.fuzz:
        return ["tests.hostile.fuzz", *round_.arguments]
    spread = ("-n", str(round_.workers), "--dist", "loadfile") if round_.workers else ()
    return ["pytest", "-q", "-p", "no:cacheprovider", *spread, *round_.arguments]


def differences(one: Path, other: Path) -> Iterator[str]:
    """Yield what two runs judged differently, as tests/lab/situation.py wrote it, but for chance."""
    names = sorted({file.name for folder in (one, other) for file in folder.iterdir()})
    for name in names:
        first, second = (_lines(folder / name) for folder in (one, other))
        for line in sorted(first ^ second):
            if tuple(line.split(" ")[:2]) not in BY_CHANCE:
                yield f"{name}: {'run 1 alone' if line in first else 'only now'}: {line}"


def _lines(file: Path) -> set[str]:
    return set(file.read_text(encoding="utf-8").splitlines()) if file.exists() else set()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every round; exit 1 if any run of any failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="a word of the round's name")
    parser.add_argument("--times", type=int, help="how often, in place of the round's own number")
    asked = parser.parse_args(arguments)
    rounds = [r for r in ROUNDS if asked.only is None or asked.only in r.name]
    if not rounds:
        parser.error(f"no round has that in its name: {', '.join(r.name for r in ROUNDS)}")
    failures = {}
    begun = time.monotonic()
    for round_ in rounds:
        counted = Round(**{**vars(round_), "times": asked.times or round_.times})
        with tempfile.TemporaryDirectory() as folder:
            failures[counted.name] = (counted.times, run(counted, Path(folder)))
    for name, (times, failed) in failures.items():
        print(f"{name}: {times} runs, {failed} failed")
    print(f"{(time.monotonic() - begun) / 60:.0f} minutes")
    return 1 if any(failed for _, failed in failures.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
