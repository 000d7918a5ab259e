"""What a person gets wrong with scan, plan, judge and report: one clear line, exit 2, nobody contacted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.unit.cli.stored import GOOD, ipv6check, store

ONE = """version: 1
organization: {id: test}
scope: ["2001:db8::/32"]
resolvers: {own: ["127.0.0.1:1"]}
vantages: {here: {resolver: own, sees: [internet]}}
units: [{id: office, name: Office}]
systems:
  - {id: portal, unit: office, hosts: ["2001:db8::80"], services: [https]}
"""
TWO = ONE.replace("}}\nunits", "}, there: {resolver: own, sees: [internet]}}\nunits")


@pytest.fixture
def one(tmp_path: Path) -> Path:
    path = tmp_path / "one.yaml"
    path.write_text(ONE)
    return path


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.yaml"
    path.write_text(TWO)
    return path


def refused(done: Result, *words: str, code: int = 2) -> None:
    """Exit code, every word on stderr, nothing on stdout, no traceback."""
    assert done.exit_code == code, done.output
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("command", ["scan", "plan"])
@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--system", "portel", ("no system 'portel'", "portal")),
        ("--unit", "ofice", ("no unit 'ofice'", "office")),
        ("--check", "reach.servise", ("no check 'reach.servise'", "reach.service")),
        ("--check", "tsl", ("no check 'tsl'", "tls")),
        ("--vantage", "hier", ("no vantage 'hier'", "here")),
        ("--system", "zzz", ("there are: portal",)),
    ],
)
def test_what_does_not_exist_is_told_with_the_nearest(
    tmp_path: Path, one: Path, command: str, option: str, value: str, words: tuple[str, ...]
) -> None:
    refused(_call(command, one, tmp_path, option, value), *words)
    assert not (tmp_path / "out").exists()


def _call(command: str, inventory: Path, folder: Path, *rest: str) -> Result:
    output = ("-o", str(folder / "out")) if command == "scan" else ()
    return ipv6check(command, inventory, *output, *rest)


@pytest.mark.parametrize("command", ["scan", "plan"])
def test_several_vantages_need_a_choice(tmp_path: Path, two: Path, command: str) -> None:
    refused(_call(command, two, tmp_path), "2 vantages", "--vantage", "here", "there")


@pytest.mark.parametrize("command", ["scan", "plan"])
def test_an_inventory_that_is_not_there_or_is_none(tmp_path: Path, command: str) -> None:
    refused(_call(command, tmp_path / "none.yaml", tmp_path), "none.yaml")
    refused(_call(command, tmp_path, tmp_path), str(tmp_path))
    (tmp_path / "bad.yaml").write_text(ONE.replace("services", "servces"))
    refused(_call(command, tmp_path / "bad.yaml", tmp_path), "bad.yaml:8:", "services")


def test_neither_an_inventory_nor_a_run() -> None:
    refused(ipv6check("scan"), "name an inventory")


@pytest.mark.parametrize("value", ["0", "-1", "ten", "5d", "1e9", ""])
def test_a_time_that_is_none(one: Path, value: str) -> None:
    refused(ipv6check("scan", one, "--max-time", value), "90")


@pytest.mark.parametrize("command", ["judge", "report", "scan"])
def test_a_run_that_is_not_there(tmp_path: Path, command: str) -> None:
    missing = str(tmp_path / "20261124T041500Z-1a2b3c")
    rest = {"judge": (missing,), "report": (missing, "-f", "json"), "scan": ("--resume", missing)}
    refused(ipv6check(command, *rest[command]), "20261124T041500Z-1a2b3c")


@pytest.mark.parametrize("content", ["", "{}", "{", '{"id": 1}', "\x00\xff", "[" * 100_000])
def test_a_run_whose_head_is_garbage(tmp_path: Path, content: str) -> None:
    run = store(tmp_path, GOOD)
    (run / "run.json").write_bytes(content.encode("latin-1"))
    refused(ipv6check("judge", run), "run.json")
    refused(ipv6check("scan", "--resume", run), "run.json")


def test_resuming_takes_no_other_selection(tmp_path: Path) -> None:
    run = store(tmp_path, GOOD, complete=False)
    refused(ipv6check("scan", "--resume", run, "--system", "portal"), "--resume", "leave those options out")


def test_resuming_with_another_inventory_is_refused(tmp_path: Path, one: Path) -> None:
    run = store(tmp_path, GOOD, complete=False)
    refused(ipv6check("scan", one, "--resume", run), "not the inventory")


def test_a_second_scan_on_the_same_run_folder_is_refused(tmp_path: Path) -> None:
    from ipv6check.store import open_run

    path = store(tmp_path, GOOD, complete=False)
    with open_run(path, writing=True):
        refused(ipv6check("scan", "--resume", path), str(path))


def test_a_report_format_that_is_none_is_told_with_those_that_are(tmp_path: Path) -> None:
    run = store(tmp_path, GOOD)
    refused(ipv6check("report", run, "-f", "pdf"), "pdf", "html", "sarif")
    refused(ipv6check("report", run, "-f", "csv="), "path")
    refused(ipv6check("report", run, "-f", "html=-"), "--single-file")
    refused(ipv6check("report", run, "-f", "csv", "--single-file"), "html")
    refused(ipv6check("report", run, "-f", "csv=-", "-f", "json=-"), "only one")


def test_a_report_that_cannot_be_written_is_exit_3_and_leaves_nothing(tmp_path: Path) -> None:
    run = store(tmp_path, GOOD)
    (tmp_path / "folder").mkdir()
    done = ipv6check("report", run, "-f", f"csv={tmp_path / 'folder'}")
    refused(done, "folder", code=3)
    refused(ipv6check("report", run, "-f", f"json={tmp_path / 'no' / 'where.json'}"), "no such", code=3)
    assert list((tmp_path / "folder").iterdir()) == []


def test_reports_go_where_they_were_wanted(tmp_path: Path) -> None:
    run = store(tmp_path, GOOD)
    done = ipv6check("-q", "report", run, "-f", "json=-", "-f", f"csv={tmp_path / 'all.csv'}", "-f", "html")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["schema"].startswith("ipv6check/results@")
    assert (tmp_path / "all.csv").read_bytes().startswith(b"\xef\xbb\xbfsystem,")
    assert (run / "html" / "vi" / "index.html").exists() and (run / "html" / "en" / "index.html").exists()
    one = ipv6check("-q", "report", run, "-f", "html=-", "--single-file")
    assert one.exit_code == 0 and one.stdout.startswith('<!doctype html>\n<html lang="en">')


def test_plan_says_whom_and_contacts_nobody(one: Path) -> None:
    done = ipv6check("plan", one)
    assert done.exit_code == 0
    assert "2001:db8::80" in done.stdout and "tcp/443" in done.stdout
    assert "\x1b" not in done.stdout
