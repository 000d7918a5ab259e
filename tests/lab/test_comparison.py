"""docs/comparison.md is what `make comparison` would write now: the peers still say what it quotes."""

from __future__ import annotations

import difflib

import pytest

from tests.lab.comparison.cases import CASES
from tests.lab.comparison.page import steady, written
from tests.lab.every_situation import everything
from tests.lab.situation import ROOT

PAGE = ROOT / "docs" / "comparison.md"


@pytest.mark.lab
@pytest.mark.slow
def test_the_peers_still_say_what_the_page_quotes() -> None:
    quoted, now = (steady(text).splitlines() for text in (PAGE.read_text(encoding="utf-8"), written()))
    moved = list(difflib.unified_diff(quoted, now, "docs/comparison.md", "now", lineterm="", n=0))
    assert not moved, "run: make comparison\n" + "\n".join(moved)


def test_each_case_is_a_situation_and_has_a_section() -> None:
    known = {f"{told.module}/{told.id}" for told in everything()}
    headings = [line[3:] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert [case.situation for case in CASES] == headings
    assert set(headings) <= known


def test_of_runs_that_chance_decides_only_the_most_are_kept() -> None:
    assert steady("| `80 filtered: 2 of 20; 80 open: 18 of 20` |") == "| `mostly 80 open` |"
    assert steady("| `80 open: 20 of 20` |") == "| `mostly 80 open` |"
    assert steady("| `(28) Connection timed out` |") == "| `(28) Connection timed out` |"
