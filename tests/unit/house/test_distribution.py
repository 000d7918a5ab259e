"""What is built of the project: the sample province, a link in a checkout, is in every distribution."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
INSIDE = "ipv6check/lab/sample-province/"
_BUILD = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"


def build(what: str, source: Path, folder: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, what, str(folder)],
        cwd=source,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return folder / done.stdout.strip().splitlines()[-1]


def test_a_wheel_of_a_checkout_and_one_of_a_source_distribution_hold_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with tarfile.open(build("build_sdist", ROOT, tmp_path)) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    names = []
    for folder, where in ((first, ROOT), (second, source)):
        with zipfile.ZipFile(build("build_wheel", where, folder)) as wheel:
            names.append(sorted(wheel.namelist()))
    assert names[0] == names[1]
    province = sorted(
        INSIDE + path.relative_to(ROOT / "inventories" / "province").as_posix()
        for path in (ROOT / "inventories" / "province").rglob("*.yaml")
    )
    assert len(province) > 10
    assert [name for name in names[0] if name.startswith(INSIDE)] == province
    assert "ipv6check/lab/demo.yaml" in names[0]
