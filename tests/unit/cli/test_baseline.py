"""`--baseline`, `diff` and `history` on stored runs: exit codes, what is named, what cannot be compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ipv6check.cli.baseline import find_baseline, worse
from ipv6check.cli.judging import judge_run
from ipv6check.inventory import load
from ipv6check.profiles import load_profile
from ipv6check.store import open_run
from tests.unit.cli.stored import BLIND, GOLDEN, GOOD, RESET, ipv6check, store

INVENTORY = (GOLDEN / GOOD / "inventory.yaml").read_text()


def test_a_run_that_is_worse_in_one_check_exits_1_and_names_it(tmp_path: Path) -> None:
    good, bad = store(tmp_path, GOOD), store(tmp_path, RESET, 1)
    result = ipv6check("judge", bad, "--baseline", good, "-o", tmp_path / "out.json")
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert any("worse than the baseline" in line and "reach.service" in line for line in lines)
    assert any("portal" in line and "reach.closed" in line for line in lines)


@pytest.mark.parametrize(("before", "after"), [(GOOD, GOOD), (RESET, GOOD), (RESET, RESET)])
def test_a_run_that_is_not_worse_exits_0(tmp_path: Path, before: str, after: str) -> None:
    old, new = store(tmp_path, before), store(tmp_path, after, 1)
    assert ipv6check("report", new, "-f", "json", "--baseline", old).exit_code == 0


def test_what_is_not_known_any_more_is_incomplete_and_not_worse(tmp_path: Path) -> None:
    old, new = store(tmp_path, GOOD), store(tmp_path, BLIND, 1)
    result = ipv6check("report", new, "-f", "json", "--baseline", old)
    assert result.exit_code == 3
    assert "worse" not in result.stderr


def test_what_flaps_is_told_and_breaks_nothing(tmp_path: Path) -> None:
    runs = [store(tmp_path, case, night) for night, case in enumerate((GOOD, RESET, GOOD, RESET))]
    result = ipv6check("report", runs[-1], "-f", "json", "--baseline", runs[0])
    assert result.exit_code == 0
    assert "unsteady, not counted as worse: portal" in result.stderr


def test_the_run_before_is_judged_where_it_never_was(tmp_path: Path) -> None:
    old, new = store(tmp_path, GOOD, judged=False), store(tmp_path, RESET, 1)
    assert ipv6check("report", new, "-f", "json", "--baseline", old).exit_code == 1
    assert not (old / "results.json").exists()


def test_latest_stands_for_the_newest_whole_run(tmp_path: Path) -> None:
    store(tmp_path, GOOD)
    partial = store(tmp_path, GOOD, 1, selection=["portal"])
    new = store(tmp_path, RESET, 2)
    (tmp_path / "latest").unlink()
    (tmp_path / "latest").symlink_to(f"runs/{partial.name}")
    shutil.move(str(new), str(tmp_path / "elsewhere"))
    result = ipv6check("report", tmp_path / "elsewhere", "-f", "json", "--baseline", tmp_path / "latest")
    assert result.exit_code == 1
    assert "The baseline is 20261101T180000Z-abcdef" in result.stderr


def test_latest_is_the_run_that_it_named_before_the_scan_made_it_its_own(tmp_path: Path) -> None:
    old = store(tmp_path, GOOD)
    loaded = load(GOLDEN / GOOD / "inventory.yaml").inventory
    assert loaded is not None
    baseline = find_baseline(str(tmp_path / "latest"), loaded, "inside")
    store(tmp_path, RESET, 1)  # as a scan does: `latest` is another run now
    assert baseline is not None
    assert baseline.run.path.resolve() == old.resolve()
    run = open_run(tmp_path / "latest")
    judged = judge_run(run, profile=load_profile("default"))
    found = worse(baseline, run, judged, load_profile("default"))
    assert found is not None and found.breaking


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("partial", "a partial run, which cannot be a baseline"),
        ("vantage", "seen from the vantage 'outside'"),
        ("organization", "a run of 'other'"),
        ("missing", "no such run folder"),
        ("broken", "not a results.json of this version"),
    ],
)
def test_what_cannot_be_a_baseline_is_told_in_one_line_with_exit_2(
    tmp_path: Path, change: str, told: str
) -> None:
    new = store(tmp_path, RESET, 1)
    if change == "partial":
        old = store(tmp_path, GOOD, selection=["portal"])
    elif change == "organization":
        old = store(tmp_path, GOOD, inventory=INVENTORY.replace("id: lab", "id: other"))
    else:
        old = store(tmp_path, GOOD)
    results = old / "results.json"
    if change == "vantage":
        results.write_text(results.read_text().replace('"vantage": "inside"', '"vantage": "outside"'))
    elif change == "missing":
        old = old.with_name("nothing")
    elif change == "broken":
        results.write_text('{"run": 1')
    result = ipv6check("report", new, "-f", "json", "--baseline", old)
    assert (result.exit_code, told in result.stderr) == (2, True), result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output


def test_diff_tells_what_was_fixed_and_what_broke(tmp_path: Path) -> None:
    old, new = store(tmp_path, RESET), store(tmp_path, GOOD, 1)
    there, back = ipv6check("diff", old, new), ipv6check("diff", new, old)
    assert (there.exit_code, back.exit_code) == (0, 0)
    assert "Fixed (" in there.stdout and "Newly broken" not in there.stdout
    assert "Newly broken (" in back.stdout and "Fixed" not in back.stdout
    assert "Like for like, 1 systems" in there.stdout


def test_a_run_and_itself_differ_in_nothing(tmp_path: Path) -> None:
    run = store(tmp_path, RESET)
    result = ipv6check("diff", run, run)
    assert result.exit_code == 0
    assert "Nothing differs." in result.stdout


def test_diff_as_data_has_systems_sums_and_changes(tmp_path: Path) -> None:
    more = INVENTORY.replace("systems:\n", "systems:\n  - {id: added, hosts: [added.example], name: Added}\n")
    old, new = store(tmp_path, GOOD), store(tmp_path, RESET, 1, inventory=more)
    found = json.loads(ipv6check("diff", old, new, "--json").stdout)
    assert found["schema"] == "ipv6check/diff@1.0"
    assert found["systems"]["new"] == ["added"] and found["systems"]["cohort"] == 1
    broken = [change for change in found["changes"] if change["kind"] == "broken"]
    assert {"portal"} == {change["system"] for change in broken}
    assert any(change["after"]["reason"] == "reach.closed" for change in broken)


def test_diff_of_two_organizations_is_refused(tmp_path: Path) -> None:
    old = store(tmp_path, GOOD, inventory=INVENTORY.replace("id: lab", "id: other"))
    result = ipv6check("diff", old, store(tmp_path, GOOD, 1))
    assert (result.exit_code, "name runs of one organization and vantage" in result.stderr) == (2, True)


def test_history_lists_the_runs_and_leaves_out_what_cannot_be_read(tmp_path: Path) -> None:
    for night, case in enumerate((RESET, GOOD, GOOD)):
        store(tmp_path, case, night)
    broken = store(tmp_path, GOOD, 3)
    (broken / "results.json").write_text("nonsense")
    store(tmp_path, GOOD, 4, judged=False)
    store(tmp_path, GOOD, 5, selection=["portal"])
    result = ipv6check("history", "-o", tmp_path)
    assert result.exit_code == 0
    days = [line.split()[0] for line in result.stdout.splitlines() if line.startswith("2026-")]
    assert days == ["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-07"]
    assert "partial" in result.stdout and "Too little history" in result.stdout
    assert "not a results.json" in result.stderr and "not judged yet" in result.stderr


def test_history_as_data_has_a_forecast_once_there_is_enough(tmp_path: Path) -> None:
    dated = INVENTORY.replace("    name:", "    deadline: 2026-12-31\n    name:", 1)
    for week in range(4):
        store(tmp_path, RESET, 7 * week, inventory=dated)
    found = json.loads(ipv6check("history", "-o", tmp_path, "--json").stdout)
    assert [run["usable"] for run in found["runs"]] == [True] * 4
    assert found["pace"]["systems_per_week"] == {"low": 0, "median": 0, "high": 0}
    (deadline,) = found["deadlines"]
    assert (deadline["due"], deadline["met"], deadline["state"]) == (1, 0, "no_end")


def test_history_without_runs_says_how_to_make_one(tmp_path: Path) -> None:
    result = ipv6check("history", "-o", tmp_path)
    assert (result.exit_code, "make one with: ipv6check scan" in result.stderr) == (2, True)


def test_a_digest_of_another_results_json_is_made_again(tmp_path: Path) -> None:
    run = store(tmp_path, RESET)
    good = store(tmp_path, GOOD, 1)
    shutil.copy(good / "results.json", run / "results.json")
    result = ipv6check("diff", run, good)
    assert "Nothing differs." in result.stdout
    (run / "digest.jsonl").write_bytes(b"\xff\n")
    assert "Nothing differs." in ipv6check("diff", run, good).stdout


def report(run: Path) -> str:
    result = ipv6check("report", run, "-f", "html")
    assert result.exit_code in (0, 3), result.output
    return (run / "html" / "en" / "index.html").read_text(encoding="utf-8")


def test_a_report_says_what_is_worse_than_in_the_run_before_and_a_first_one_does_not(tmp_path: Path) -> None:
    first, second = store(tmp_path, GOOD), store(tmp_path, RESET, 1)
    assert "Worse than in the scan of" not in report(first)
    html = report(second)
    assert "Worse than in the scan of 2026-11-02" in html
    assert "Pass → Fail: Connection refused" in html
    assert "since 2026-11-02: −1" in html


def test_a_report_keeps_what_flaps_apart(tmp_path: Path) -> None:
    runs = [store(tmp_path, case, night) for night, case in enumerate((GOOD, RESET, GOOD, RESET))]
    html = report(runs[-1])
    assert "Nothing is worse than in the scan of 2026-11-04." in html
    assert "unsteady over the last scans, not counted as change: 1" in html


def test_a_partial_run_in_between_is_passed_over(tmp_path: Path) -> None:
    store(tmp_path, RESET)
    store(tmp_path, GOOD, 1, selection=["portal"])
    assert "Worse than" not in report(store(tmp_path, RESET, 2))
