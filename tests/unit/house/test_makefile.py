"""`make test` runs every test there is."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_every_folder_with_tests_is_named_in_the_makefile() -> None:
    folders = {path.relative_to(ROOT).parts[1] for path in (ROOT / "tests").rglob("test_*.py")}
    named = re.findall(r"pytest .*?dist loadfile (.*?) \$\(PYTEST\)", (ROOT / "Makefile").read_text())
    assert len(named) == 2
    assert sorted(" ".join(named).split()) == sorted(f"tests/{folder}" for folder in folders)
