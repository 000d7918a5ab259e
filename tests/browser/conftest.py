"""A browser for each file, and one set of reports for the whole session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ipv6check.model.run import Judged
from ipv6check.model.text import LANGUAGES, Language
from ipv6check.report import render
from tests.browser import chromium
from tests.unit.report import sample


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A browser a file: while it runs, its event loop is in the way of every test that starts one."""
    with chromium.launch() as running:
        yield running


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The sample's reports of 0, 1 and 24 systems: `reports[24] / "vi" / "index.html"`."""
    root = tmp_path_factory.mktemp("reports")
    for count in (0, 1, 24):
        for language in LANGUAGES:
            write(root / str(count) / language, sample.judged(count), language)
    return {count: root / str(count) for count in (0, 1, 24)}


@pytest.fixture(scope="session")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's reports with earlier runs behind them: `later / "vi" / "index.html"`."""
    root = tmp_path_factory.mktemp("later")
    for language in LANGUAGES:
        write(root / language, sample.with_history(), language)
    return root


def write(folder: Path, judged: Judged, language: Language) -> None:
    files = render(judged, {"format": "html", "language": language, "both": True})
    assert isinstance(files, dict)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
