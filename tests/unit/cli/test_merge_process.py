"""`merge` as a process: killed, interrupted, out of disk, into a folder that cannot be made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ipv6check.store import past
from tests.unit.cli.processes import command, on_a_full_disk
from tests.unit.cli.stored import ipv6check
from tests.unit.cli.two_vantages import INTERNET_AT, all_well, pair, store
from tests.unit.judging_builder import V6, Run

pytestmark = [pytest.mark.slow]
ROUNDS = 200
# The command, and a signal to itself once half of what a run says has been read.
_IN_MID_COPY = f"""
import os, sys
from ipv6check.store import journal

whole, number = journal.lines, int(sys.argv.pop(1))

def lines(path):
    for at, line in whole(path):
        if at == {ROUNDS // 2}:
            os.kill(os.getpid(), number)
        yield at, line

journal.lines = lines
from ipv6check.cli import main
main()
"""


def much(run: Run) -> None:
    """Say so much that the signal comes in the middle of it."""
    all_well(run)
    (first,) = [each for each in run.observations if each.task.address == V6 and each.task.port == 1521]
    run.observations += [replace(first, attempt=attempt) for attempt in range(2, ROUNDS)]


def signalled(runs: tuple[Path, Path], output: Path, number: int) -> subprocess.CompletedProcess[str]:
    """Merge, and meet the signal in the middle of copying the first run's observations."""
    return subprocess.run(
        [sys.executable, "-c", _IN_MID_COPY, str(int(number)), "merge", *map(str, runs), "-o", str(output)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def large(root: Path) -> tuple[Path, Path]:
    return store(root / "a", tell=much), store(root / "b", "internet", much, at=INTERNET_AT, tail="bbbbbb")


def whole_or_none(output: Path) -> None:
    """Whatever moment the signal met: what stands there as a run can be judged."""
    for run in past.run_folders(output / "runs"):
        assert ipv6check("judge", run, "-o", output / "x.json").exit_code == 0


def test_killed_in_mid_copy_it_leaves_no_run_and_can_be_done_again(tmp_path: Path) -> None:
    runs, output = large(tmp_path), tmp_path / "out"
    done = signalled(runs, output, signal.SIGKILL)
    assert done.returncode == -signal.SIGKILL
    assert list(output.glob("runs/.merging-*/*")) != []
    whole_or_none(output)
    again = subprocess.run(command("merge", *runs, "-o", output), capture_output=True, text=True, timeout=120)
    assert again.returncode == 0, again.stderr
    (run,) = past.run_folders(output / "runs")
    assert (run / "results.json").exists() and (output / "latest").resolve() == run.resolve()


def test_interrupted_it_ends_with_130_and_takes_away_what_it_began(tmp_path: Path) -> None:
    runs, output = large(tmp_path), tmp_path / "out"
    done = signalled(runs, output, signal.SIGINT)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    whole_or_none(output)
    assert list((output / "runs").glob(".*")) == []


def test_a_full_disk_is_exit_3_with_the_path_and_no_half_run(tmp_path: Path) -> None:
    done = on_a_full_disk("merge", *pair(tmp_path), "-o", tmp_path / "out")
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "out") in done.stderr
    assert list((tmp_path / "out" / "runs").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_exit_3_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = ipv6check("merge", *pair(tmp_path), "-o", tmp_path / "file" / "out")
    assert done.exit_code == 3
    assert str(tmp_path / "file") in done.stderr


def test_the_copies_may_be_read_only(tmp_path: Path) -> None:
    runs = pair(tmp_path)
    for run in runs:
        for path in (*run.rglob("*"), run):
            path.chmod(path.stat().st_mode & ~0o222)
    done = subprocess.run(
        command("merge", *runs, "-o", tmp_path / "out"), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_what_a_killed_merge_left_is_no_run_even_with_its_run_json(tmp_path: Path) -> None:
    assert ipv6check("merge", *pair(tmp_path), "-o", tmp_path / "out").exit_code == 0
    (run,) = (tmp_path / "out" / "runs").iterdir()
    os.rename(run, run.with_name(".merging-0123456789ab.new"))
    assert past.run_folders(tmp_path / "out" / "runs") == ()
