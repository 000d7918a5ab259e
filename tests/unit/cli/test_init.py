"""`init` as a person meets it: files that work as they are, and nothing ever overwritten."""

from __future__ import annotations

import configparser
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from ipv6check.cli import cli
from ipv6check.inventory import load
from ipv6check.inventory.formatting import format_text
from ipv6check.inventory.starter import starter
from ipv6check.model.text import LANGUAGES, Language
from ipv6check.report import FORMATS


def called(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_writes_validates_without_a_warning_and_is_in_style(
    tmp_path: Path, language: Language
) -> None:
    done = called("init", str(tmp_path), "--lang", language)
    assert done.exit_code == 0
    assert {path for path in done.stdout.splitlines()} == {str(tmp_path / name) for name in starter(language)}
    inventory = tmp_path / "inventory.yaml"
    loaded = load(inventory)
    assert loaded.inventory is not None
    assert loaded.errors == loaded.warnings == ()
    text = inventory.read_text("utf-8")
    assert format_text(text) == text
    assert unicodedata.is_normalized("NFC", text)


def test_both_languages_say_the_same() -> None:
    shapes = []
    for language in LANGUAGES:
        tree = yaml.safe_load(starter(language)["inventory.yaml"])
        shapes.append({key: len(value) if isinstance(value, list) else 0 for key, value in tree.items()})
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("name", ["inventory.yaml", ".gitlab-ci.yml", "schedule/nightly"])
def test_one_file_that_is_there_stops_everything(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    done = called("init", str(tmp_path))
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [f"already there, so nothing was written: {path}"]
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]
    assert path.read_text() == "mine"


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "inventory.yaml").symlink_to(tmp_path / "elsewhere")
    assert called("init", str(tmp_path)).exit_code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_what_was_begun_is_taken_away_again(tmp_path: Path) -> None:
    (tmp_path / "schedule").write_text("a file where a folder has to be")
    done = called("init", str(tmp_path))
    assert done.exit_code == 2
    assert "nothing was written" in done.stderr
    assert not (tmp_path / "inventory.yaml").exists()


def test_every_schedule_scans_with_the_same_gates() -> None:
    texts = starter("en")
    gates = "--vantage inside --fail-on critical --min-coverage 80 --max-time 2h"
    for name in (
        ".github/workflows/ipv6check.yml",
        ".gitlab-ci.yml",
        "schedule/nightly",
        "schedule/ipv6check.service",
    ):
        assert gates in texts[name], name


def test_its_options_are_options_of_scan() -> None:
    known = called("scan", "--help").stdout
    for word in starter("en")["schedule/nightly"].split():
        if word.startswith("--") and word != "--":
            assert word in known


def test_the_reports_it_asks_for_are_formats_that_there_are() -> None:
    texts = starter("en")
    wanted = re.findall(r" -f ([a-z]+)", texts[".github/workflows/ipv6check.yml"] + texts[".gitlab-ci.yml"])
    assert len(wanted) == 7
    assert set(wanted) <= {each.name for each in FORMATS}


def test_the_files_are_what_their_programs_read(tmp_path: Path) -> None:
    called("init", str(tmp_path))
    github = yaml.safe_load((tmp_path / ".github/workflows/ipv6check.yml").read_text())
    assert set(github["jobs"]) == {"inventory", "scan"}
    gitlab = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text())
    assert gitlab["scan"]["allow_failure"] == {"exit_codes": [3]}
    for unit in ("service", "timer"):
        parser = configparser.ConfigParser(strict=True, interpolation=None)
        parser.read(tmp_path / f"schedule/ipv6check.{unit}")
        assert "Unit" in parser
    subprocess.run(["sh", "-n", str(tmp_path / "schedule/nightly")], check=True)
    assert (tmp_path / "schedule/nightly").stat().st_mode & 0o100
