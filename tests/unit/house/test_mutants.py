"""Every mutant turns its test red, and the page in docs/ lists them all."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import MUTANTS, Mutant, page

ROOT = Path(__file__).parents[3]
_ALIKE = ("-q", "-x", "-p", "no:cacheprovider", "--hypothesis-seed=0")  # found once is found each time
# What the tests named need of the tree.
PARTS = ("ipv6check", "tests", "inventories", "pyproject.toml")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which things may be broken."""
    folder = tmp_path_factory.mktemp("tree")
    left_out = shutil.ignore_patterns("__pycache__", ".*")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=left_out)
        else:
            shutil.copy(ROOT / part, folder / part)
    return folder


def run(folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", *_ALIKE, *shlex.split(test)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.id)
def test_the_mutant_turns_its_test_red(copy: Path, mutant: Mutant) -> None:
    file = copy / mutant.file
    sound = file.read_text()
    assert sound.count(mutant.old) == 1, f"{mutant.file} reads otherwise now: write the mutant anew"
    file.write_text(sound.replace(mutant.old, mutant.new))
    try:
        done = run(copy, mutant.test)
    finally:
        file.write_text(sound)
    # 1: tests ran and one failed. Anything else (none collected, an import error) proves nothing.
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-1000:]
    assert " error" not in done.stdout.splitlines()[-1]


def test_the_page_lists_every_mutant() -> None:
    assert (ROOT / "docs" / "mutants.md").read_text() == page(), "python -m tests.mutants > docs/mutants.md"
