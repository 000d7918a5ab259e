"""Run folders that a stranger made, given to `merge`: refused in one line, with nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.stored import ipv6check
from tests.unit.cli.two_vantages import INTERNET_AT, INVENTORY, pair, store

LONG = 9 << 20


def journal(run: Path) -> Path:
    (found,) = run.glob("observations-*.jsonl")
    return found


def _line(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the first observation of a run."""
    first, *others = journal(run).read_bytes().splitlines(keepends=True)
    told = json.loads(first)
    change(told)
    journal(run).write_bytes(b"".join([json.dumps(told).encode() + b"\n", *others]))


def _raw(run: Path, line: bytes) -> None:
    journal(run).write_bytes(line + b"\n" + journal(run).read_bytes())


def _replaced(run: Path, old: bytes, new: bytes) -> None:
    content = journal(run).read_bytes()
    assert old in content
    journal(run).write_bytes(content.replace(old, new, 1))


def _described(run: Path, **changed: Any) -> None:
    path = run / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


def _twice(run: Path) -> None:
    first = journal(run).read_bytes().splitlines(keepends=True)[0]
    _raw(run, first[:-1])


def _other_journal(run: Path) -> None:
    shutil.copy(journal(run), run / "observations-inside.jsonl")


def _seconds(number: float) -> Callable[[Path], None]:
    return lambda run: _line(run, lambda told: told.update(seconds=number))


def _huge_run_json(run: Path) -> None:
    (run / "run.json").write_bytes(b" " * (2 << 20))


def _inventory_changed(run: Path) -> None:
    (run / "inventory" / "inventory.yaml").write_text("version: 1\n")


def _inventory_link(run: Path) -> None:
    path = run / "inventory" / "inventory.yaml"
    path.unlink()
    path.symlink_to("/dev/zero")


def _inventory_fifo(run: Path) -> None:
    path = run / "inventory" / "inventory.yaml"
    path.unlink()
    os.mkfifo(path)


def _sums(line: str) -> Callable[[Path], None]:
    def change(run: Path) -> None:
        path = run / "inventory" / "SHA256SUMS"
        path.write_text(path.read_text() + line)

    return change


def _journal_link(run: Path) -> None:
    path = journal(run)
    target = path.rename(run.parent / "elsewhere")
    path.symlink_to(target)


def _journal_fifo(run: Path) -> None:
    path = journal(run)
    path.unlink()
    os.mkfifo(path)


HOSTILE: dict[str, tuple[Callable[[Path], None], str]] = {
    "forged-vantage": (
        lambda run: _line(run, lambda told: told["task"].update(vantage="inside")),
        "seen from",
    ),
    "journal-of-another-vantage": (_other_journal, "looked from 'internet' alone"),
    "forged-run-json": (lambda run: _described(run, vantage="inside"), "observations-internet.jsonl"),
    "vantage-that-leads-out": (lambda run: _described(run, vantage="../../x"), "no vantage's name"),
    "vantage-not-declared": (lambda run: _described(run, vantage="moon"), "'moon'"),
    "id-of-a-terminal": (lambda run: _described(run, id="\x1b[2J"), "is no run's id"),
    "outcome-of-a-terminal": (
        lambda run: _line(run, lambda told: told.update(outcome="\x1b[2J")),
        "not an observation",
    ),
    "selection-of-a-terminal": (
        lambda run: _described(run, selection={"systems": ["\x1b[2J"]}),
        "limited differently",
    ),
    "two-vantages-in-one-name": (lambda run: _described(run, vantage="inside+internet"), "no vantage's name"),
    "id-of-another-question": (
        lambda run: _line(run, lambda told: told["task"].update(port=1)),
        "is not the id of its question",
    ),
    "id-that-leads-out": (
        lambda run: _line(run, lambda told: told["task"].update(id="../../../etc/x")),
        "is not the id of its question",
    ),
    "the-same-twice": (_twice, "stands here twice"),
    "not-a-number": (lambda run: _replaced(run, b'"seconds":0.02', b'"seconds":NaN'), "not an observation"),
    "infinity": (lambda run: _replaced(run, b'"seconds":0.02', b'"seconds":Infinity'), "not an observation"),
    "overflow": (lambda run: _replaced(run, b'"seconds":0.02', b'"seconds":1e999'), "not an observation"),
    "an-age": (_seconds(1e300), "an attempt or a time"),
    "negative": (_seconds(-1.0), "an attempt or a time"),
    "year-one": (
        lambda run: _line(run, lambda told: told.update(started="0001-01-01T00:00:00Z")),
        "an attempt or a time",
    ),
    "time-without-zone": (
        lambda run: _line(run, lambda told: told.update(started="2026-11-24T05:00:00")),
        "a time without its zone",
    ),
    "run-without-zone": (
        lambda run: _described(run, started="2026-11-24T05:00:00"),
        "a time without its zone",
    ),
    "attempt-zero": (lambda run: _line(run, lambda told: told.update(attempt=0)), "an attempt or a time"),
    "deep": (lambda run: _raw(run, b"[" * 200_000), "not an observation"),
    "deep-data": (
        lambda run: _replaced(run, b'"data":{', b'"data":{"x":' + b"[" * 100_000 + b"]" * 100_000 + b","),
        "not an observation",
    ),
    "long-line": (lambda run: _raw(run, b" " * LONG), "longer than any line"),
    "garbage": (lambda run: _raw(run, b"\xff\x00"), "not an observation"),
    "huge-run-json": (_huge_run_json, "larger than"),
    "another-schema": (lambda run: _described(run, schema="ipv6check/run@2.0"), "schema"),
    "inventory-link": (_inventory_link, "symbolic link"),
    "inventory-fifo": (_inventory_fifo, "not a regular file"),
    "sums-lead-out": (_sums("0" * 64 + "  ../../../etc/passwd\n"), "not a name inside"),
    "sums-absolute": (_sums("0" * 64 + "  /etc/passwd\n"), "not a name inside"),
    "sums-two-hashes": (_sums("0" * 64 + "  inventory.yaml\n"), "has two hashes"),
    "inventory-changed": (_inventory_changed, "was changed after the scan"),
    "inventory-of-another-hash": (lambda run: _described(run, inventory_sha256="0" * 64), "by the hashes"),
    "main-leads-out": (lambda run: _described(run, inventory_main="../run.json"), "../run.json"),
    "journal-link": (_journal_link, "symbolic link"),
    "journal-fifo": (_journal_fifo, "not a regular file"),
    "no-journal": (lambda run: journal(run).unlink(), "no such file"),
}


@pytest.mark.parametrize("change", HOSTILE)
def test_a_hostile_run_is_refused_in_one_line_and_leaves_nothing(tmp_path: Path, change: str) -> None:
    inside, internet = pair(tmp_path)
    act, told = HOSTILE[change]
    act(internet)
    for arguments in ((inside, internet), (internet, inside)):
        done = ipv6check("merge", *arguments, "-o", tmp_path / "out")
        assert done.exit_code == 2, done.output
        assert told in done.stderr, done.stderr
        assert "Traceback" not in done.output
        assert "\x1b" not in done.output
        assert len(done.stderr.splitlines()) == 1
        assert len(done.stderr) < 1500
        assert list((tmp_path / "out").rglob("*.jsonl")) == []
        assert list((tmp_path / "out").glob("runs/*")) + list((tmp_path / "out").glob("runs/.*")) == []
    assert not (tmp_path / "out" / "latest").exists()


def test_more_than_any_scan_writes_is_refused_before_it_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, internet = pair(tmp_path)
    monkeypatch.setattr("ipv6check.store.merging.LARGEST_JOURNAL", 2000)
    done = ipv6check("merge", inside, internet, "-o", tmp_path / "out")
    assert (done.exit_code, "which no scan writes" in done.stderr) == (2, True)
    assert list((tmp_path / "out" / "runs").iterdir()) == []


def test_a_file_that_only_a_pattern_of_the_inventory_finds_is_noticed(tmp_path: Path) -> None:
    """`include: [systems/*.yaml]` would take in a file that stands in no list of hashes."""
    text = "include: ['more/*.yaml']\n"
    for root in ("a", "b"):
        (tmp_path / root / "more").mkdir(parents=True)
        (tmp_path / root / "more" / "own.yaml").write_text("sites: [{id: dc, name: DC}]\n")
    inside = store(tmp_path / "a", text=INVENTORY + text)
    internet = store(tmp_path / "b", "internet", at=INTERNET_AT, text=INVENTORY + text)
    (inside / "inventory" / "more" / "planted.yaml").write_text("sites: [{id: evil, name: Evil}]\n")
    done = ipv6check("merge", inside, internet, "-o", tmp_path / "out")
    assert done.exit_code == 2
    assert "is not the one that its run.json names" in done.stderr


def test_a_torn_last_line_is_left_out_as_a_resumed_scan_leaves_it_out(tmp_path: Path) -> None:
    inside, internet = pair(tmp_path)
    whole = journal(internet).read_bytes()
    journal(internet).write_bytes(whole + b'{"id":"torn')
    done = ipv6check("merge", inside, internet, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "latest" / "observations-internet.jsonl").read_bytes() == whole
    assert journal(internet).read_bytes().endswith(b"torn")


@pytest.mark.parametrize("command", [["judge"], ["report", "-f", "json=-"]])
def test_a_merged_run_changed_afterwards_is_noticed(tmp_path: Path, command: list[str]) -> None:
    done = ipv6check("merge", *pair(tmp_path), "-o", tmp_path / "out")
    assert done.exit_code == 0
    run = tmp_path / "out" / "latest"
    with (run / "observations-internet.jsonl").open("ab") as file:
        file.write(b"\n")
    done = ipv6check(command[0], run, *command[1:])
    assert (done.exit_code, "was changed after the runs were merged" in done.stderr) == (3, True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda told: told.update(vantage="inside"), "does not name the vantages"),
        (lambda told: told["merged"][1].update(vantage="inside"), "does not name the vantages"),
        (lambda told: told["merged"][1].update(vantage="../x"), "no vantage's name"),
        (lambda told: told["merged"][1].update(started="2026-11-24T05:00:00"), "without its zone"),
    ],
)
def test_a_forged_merged_run_is_no_run(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    ipv6check("merge", *pair(tmp_path), "-o", tmp_path / "out")
    path = (tmp_path / "out" / "latest" / "run.json").resolve()
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    done = ipv6check("judge", path.parent)
    assert (done.exit_code, told in done.stderr) == (2, True), done.stderr


def test_versions_of_a_stranger_are_told_without_a_terminals_commands(tmp_path: Path) -> None:
    inside = store(tmp_path / "a")
    internet = store(tmp_path / "b", "internet", at=INTERNET_AT, tool="\x1b[2Jipv6check\u202e")
    done = ipv6check("merge", inside, internet, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "different versions of the program" in done.stderr
    assert "\x1b" not in done.output and "\u202e" not in done.output
