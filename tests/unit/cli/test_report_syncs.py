"""How often a report waits for the disk: pages can be made again, and need not last one by one."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ipv6check.cli.report import wanted_report, write_report
from ipv6check.store import files
from ipv6check.store.run import Run
from tests.unit.report import sample

FEW = 4  # syncs that a whole report may cost, however many systems it has


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count what is synced, without waiting for the disk."""
    seen: list[int] = []
    monkeypatch.setattr(os, "fsync", seen.append)
    return seen


def written(folder: Path, systems: int) -> list[Path]:
    run = cast("Run", SimpleNamespace(path=folder))
    write_report(run, sample.judged(systems), wanted_report("html"), quietly=True)
    return sorted(folder.rglob("*.html"))


def test_pages_are_not_synced_one_by_one(tmp_path: Path, synced: list[int]) -> None:
    pages = written(tmp_path, 30)
    assert len(pages) >= 60
    assert len(synced) <= FEW


def test_a_page_that_cannot_be_finished_leaves_the_old_one_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "index.html"
    files.write(page, b"old", lasting=False)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_all", full)
    with pytest.raises(files.StoreError, match="no space left"):
        files.write(page, b"new", lasting=False)
    assert page.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [page]


def test_what_cannot_be_made_again_is_synced_with_its_folder(tmp_path: Path, synced: list[int]) -> None:
    files.write(tmp_path / "run.json", b"{}")
    assert len(synced) == 2
