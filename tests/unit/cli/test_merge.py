"""`merge`: what was another vantage's part is known afterwards, and a merged run is a run like any other."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ipv6check.cli.judging import find_inventory
from ipv6check.facts import derive
from ipv6check.model.asked_names import sibling
from ipv6check.model.inventory import Endpoint
from ipv6check.model.run import Selection
from ipv6check.store import open_run
from tests.unit.cli.stored import ipv6check
from tests.unit.cli.two_vantages import (
    INSIDE_AT,
    INTERNET_AT,
    INVENTORY,
    all_well,
    filtered,
    pair,
    store,
)
from tests.unit.judge.cases import validate
from tests.unit.judging_builder import V4, V6, Run


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def merged(*runs: Path, output: Path = Path("out"), code: int = 0) -> Path:
    """Merge; return the new run's folder."""
    done = ipv6check("merge", *runs, "-o", output)
    assert done.exit_code == code, done.output
    return (output / "latest").resolve()


def results(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "results.json").read_text())
    return found


def said(run: Path) -> set[tuple[str, str | None, int | None, str, str]]:
    """Return check, vantage, family, verdict and reason of every finding of the system."""
    (system,) = results(run)["systems"]
    return {
        (f["check"], f["vantage"], f["target"]["family"], f["verdict"], f["reason"])
        for f in system["findings"]
    }


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refused(*arguments: str | Path, output: Path = Path("out")) -> str:
    """Merge what must not be merged; return the one line that says why."""
    done = ipv6check("merge", *arguments, "-o", output)
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
    assert not list(output.glob("runs/*"))
    assert not list(output.glob("runs/.*"))
    (line,) = done.stderr.splitlines()
    return line


def test_what_the_other_vantage_saw_is_unknown_before_and_known_after(tmp_path: Path) -> None:
    inside, internet = pair(tmp_path)
    for run in (inside, internet):
        assert ipv6check("judge", run, "--write").exit_code == 0
    # Written by hand from catalogue.md: reach and parity of each vantage, and the port closed from outside.
    seen_inside = {
        ("reach.service", "inside", 6, "pass", "ok"),
        ("parity.service", "inside", None, "pass", "ok"),
    }
    seen_outside = {
        ("reach.service", "internet", 6, "fail", "reach.silent"),
        ("parity.service", "internet", None, "fail", "parity.v6_missing"),
        ("parity.closed_ports", "internet", 6, "fail", "exposure.open"),
        ("parity.closed_ports", "internet", 4, "pass", "ok"),
        ("parity.exposure", "internet", None, "fail", "parity.v6_exposed"),
    }
    absent_outside = {
        ("reach.service", "internet", 6, "unknown", "vantage.absent"),
        ("parity.service", "internet", None, "unknown", "vantage.absent"),
        ("parity.closed_ports", "internet", 6, "unknown", "vantage.absent"),
    }
    absent_inside = {("reach.service", "inside", 6, "unknown", "vantage.absent")}
    assert seen_inside | absent_outside <= said(inside)
    assert seen_outside | absent_inside <= said(internet)
    both = said(merged(inside, internet))
    assert seen_inside | seen_outside <= both
    assert [each for each in both if each[-1] == "vantage.absent"] == []


def test_a_vantage_that_is_still_not_there_stays_absent(tmp_path: Path) -> None:
    text = INVENTORY.replace(
        "systems:", "  wan: {resolver: view, sees: [wan], canaries: ['2001:db8:1::1']}\nsystems:"
    )
    text = text.replace("vantages: [inside, internet]", "vantages: [inside, internet, wan]")
    inside = store(tmp_path / "a", text=text)
    internet = store(tmp_path / "b", "internet", filtered, at=INTERNET_AT, text=text)
    left = {each[1] for each in said(merged(inside, internet)) if each[-1] == "vantage.absent"}
    assert left == {"wan"}


def test_the_runs_stay_as_they_are_and_are_named_with_their_hashes(tmp_path: Path) -> None:
    inside, internet = pair(tmp_path)
    before = contents(inside), contents(internet)
    run = merged(internet, inside)
    assert (contents(inside), contents(internet)) == before
    described = json.loads((run / "run.json").read_text())
    assert described["vantage"] == "inside+internet"
    assert [(part["id"], part["vantage"]) for part in described["merged"]] == [
        (inside.name, "inside"),
        (internet.name, "internet"),
    ]
    for part, folder in zip(described["merged"], (inside, internet), strict=True):
        assert part["run_sha256"] == before[folder == internet]["run.json"]
        journal = f"observations-{part['vantage']}.jsonl"
        assert part["observations_sha256"] == before[folder == internet][journal] == contents(run)[journal]
        assert part["resolvers"] == [["203.0.113.53", 53]]
    assert contents(run / "inventory") == contents(inside / "inventory")


def test_it_begins_with_the_earliest_and_ends_with_the_latest(tmp_path: Path) -> None:
    # In Viet Nam the first began on the 24th and the second on the 25th: today is the 24th.
    late, after = datetime(2026, 11, 24, 16, 30, tzinfo=UTC), datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    inside = store(tmp_path / "a", at=after)
    internet = store(tmp_path / "b", "internet", at=late)
    told = results(merged(inside, internet))["run"]
    ends = [json.loads((run / "run.json").read_text())["finished"] for run in (inside, internet)]
    assert (told["started"], told["as_of"]) == ("2026-11-24T16:30:00Z", "2026-11-24")
    assert datetime.fromisoformat(told["finished"]) == max(map(datetime.fromisoformat, ends))
    assert told["id"].startswith("20261124T163000Z-")
    assert told["complete"] is True


def test_results_keep_to_their_schema_and_name_the_parts(tmp_path: Path) -> None:
    inside, internet = pair(tmp_path)
    document = results(merged(inside, internet))
    validate(document)
    assert [part["id"] for part in document["run"]["merged"]] == [inside.name, internet.name]
    assert [each["name"] for each in document["run"]["vantages"]] == ["inside", "internet"]
    assert ipv6check("judge", inside, "--write").exit_code == 0
    assert "merged" not in results(inside)["run"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_report_shows_what_each_vantage_saw(tmp_path: Path, language: str) -> None:
    inside, internet = pair(tmp_path)
    run = merged(inside, internet)
    index = (run / "html" / language / "index.html").read_text()
    assert inside.name in index and internet.name in index
    (page,) = (run / "html" / language / "systems").glob("*.html")
    table = page.read_text().partition('id="by-vantage"')[2].partition("</table>")[0]
    assert ">inside</th>" in table and ">internet</th>" in table
    (row,) = (line for line in table.splitlines() if "<code>reach.service</code>" in line)
    cells = row.split("<td>")[1:]
    assert ['class="verdict pass"' in cells[0], 'class="verdict fail"' in cells[1]] == [True, True]


def test_a_report_of_one_vantage_has_no_such_table(tmp_path: Path) -> None:
    inside, _ = pair(tmp_path)
    assert ipv6check("report", inside, "-f", "html").exit_code == 0
    (page,) = (inside / "html" / "en" / "systems").glob("*.html")
    assert 'id="by-vantage"' not in page.read_text()


def test_judged_again_it_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    run = merged(*pair(tmp_path))
    before = (run / "results.json").read_bytes()
    assert ipv6check("judge", run, "-o", "again.json").exit_code == 0
    assert Path("again.json").read_bytes() == before


def test_merged_twice_in_any_order_it_is_one_run(tmp_path: Path) -> None:
    inside, internet = pair(tmp_path)
    first = merged(inside, internet)
    before = contents(first)
    assert merged(internet, inside) == first
    assert [path.name for path in first.parent.iterdir()] == [first.name]
    assert {name: before[name] for name in ("run.json", "results.json")}.items() <= contents(first).items()


def test_the_next_night_is_another_run_and_is_compared_with_the_first(tmp_path: Path) -> None:
    first = merged(*pair(tmp_path, 0, all_well))
    second = merged(*pair(tmp_path / "next", 1))
    done = ipv6check("diff", first, second)
    assert done.exit_code == 0
    assert "reach.service" in done.stdout and "Newly broken" in done.stdout
    worse = ipv6check("judge", second, "--baseline", first, "-o", "x.json")
    assert worse.exit_code == 1
    assert "worse than the baseline" in worse.stderr
    assert "Worse than in the scan of 2026-11-24" in (second / "html/en/index.html").read_text()


def test_gates_decide_its_exit_code(tmp_path: Path) -> None:
    runs = pair(tmp_path)
    assert ipv6check("merge", *runs, "-o", "out", "--fail-on", "critical").exit_code == 1
    assert ipv6check("merge", *runs, "-o", "out", "--min-coverage", "100").exit_code == 3
    good = merged(*pair(tmp_path / "good", 0, all_well), output=tmp_path / "nights")
    later = pair(tmp_path / "later", 1)
    assert ipv6check("merge", *later, "-o", good.parents[1], "--baseline", good).exit_code == 1


def blind(run: Run) -> None:
    """The host has no IPv6, as the vantage's second look shows as well."""
    run.observations = [each for each in run.observations if each.task.family != 6]
    run.source(6, None)
    run.source(6, None, round_=1)
    run.named()
    run.open(V4, 1521)


def test_a_family_that_one_vantage_cannot_see_is_incomplete_and_names_that_vantage(tmp_path: Path) -> None:
    done = ipv6check("merge", *pair(tmp_path, 0, blind), "-o", "out")
    assert done.exit_code == 3, done.output
    assert "IPv6 cannot be seen from the vantage internet" in done.stderr
    assert "the vantage inside" not in done.stderr


def test_an_incomplete_part_makes_an_incomplete_run_that_says_which(tmp_path: Path) -> None:
    inside = store(tmp_path / "a")
    internet = store(
        tmp_path / "b", "internet", filtered, at=INTERNET_AT, tail="bbbbbb", finished=None, complete=False
    )
    run = merged(inside, internet, code=3)
    told = results(run)["run"]
    assert (told["complete"], told["finished"]) == (False, None)
    shown = ipv6check("report", run, "-f", "markdown=-").stdout
    assert "The run from internet" in shown and "was not completed" in shown
    assert "The run from inside" not in shown


def test_a_vantage_cut_off_before_its_first_answer_is_there_all_the_same(tmp_path: Path) -> None:
    internet = store(tmp_path / "b", "internet", at=INTERNET_AT, finished=None, complete=False)
    next(internet.glob("observations-*.jsonl")).write_bytes(b"")
    found = said(merged(store(tmp_path / "a"), internet, code=3))
    assert ("reach.service", "internet", 6, "unknown", "not.asked") in found
    assert [each for each in found if each[-1] == "vantage.absent"] == []


def test_a_dead_resolver_is_told_of_its_own_vantage_alone(tmp_path: Path) -> None:
    text = INVENTORY.replace("[203.0.113.53]}", "[203.0.113.53], dead: [203.0.113.54]}")
    text = text.replace("internet: {resolver: view", "internet: {resolver: dead")

    def deaf(run: Run) -> None:
        for rdtype in ("A", "AAAA"):
            run.unanswered("www.example", rdtype, server=Endpoint("203.0.113.54", 53))

    inside = store(tmp_path / "a", text=text)
    internet = store(tmp_path / "b", "internet", deaf, at=INTERNET_AT, text=text)
    done = ipv6check("merge", inside, internet, "-o", "out")
    assert ("naming.views", None, None, "unknown", "vantage.resolver") in said(Path("out/latest"))
    assert done.exit_code == 3
    assert "the resolver of the vantage internet" in done.stderr
    assert "the vantage inside" not in done.stderr


def test_nothing_can_be_added_to_it(tmp_path: Path) -> None:
    inside, internet = pair(tmp_path)
    done = ipv6check("scan", "--resume", merged(inside, internet))
    assert done.exit_code == 2
    assert inside.name in done.stderr and "merge again" in done.stderr


def test_it_stands_in_no_trend_beside_its_parts(tmp_path: Path) -> None:
    root = tmp_path / "all"
    for night in range(2):
        inside = store(root, at=INSIDE_AT + timedelta(days=night))
        internet = store(root, "internet", filtered, at=INTERNET_AT + timedelta(days=night), tail="bbbbbb")
        for run in (inside, internet):
            assert ipv6check("judge", run, "--write").exit_code == 0
        merged(inside, internet, output=root)
    shown = json.loads(ipv6check("history", "-o", root, "--json").stdout)["runs"]
    assert [each["id"][:8] for each in shown] == ["20261124", "20261125"]
    ids = {each["id"] for each in shown}
    assert all("merged" in results(root / "runs" / identity)["run"] for identity in ids)
    own = ipv6check("history", "-o", root, "--vantage", "inside", "--json")
    assert len(json.loads(own.stdout)["runs"]) == 2
    assert ids.isdisjoint(each["id"] for each in json.loads(own.stdout)["runs"])


def test_it_is_no_baseline_for_its_parts_nor_they_for_it(tmp_path: Path) -> None:
    inside, internet = pair(tmp_path)
    run = merged(inside, internet)
    for run_, baseline in ((run, inside), (inside, run)):
        done = ipv6check("judge", run_, "--baseline", baseline, "-o", "x.json")
        assert (done.exit_code, "name a run from the same vantage" in done.stderr) == (2, True)
    assert ipv6check("diff", inside, run).exit_code == 2


def test_a_random_neighbour_is_looked_for_by_the_name_that_its_own_run_made(tmp_path: Path) -> None:
    """Each run asks another name that nobody can have made: a wildcard stands out by its own run's."""

    def wild(run: Run) -> None:
        run.named("www.lab.example")
        name = sibling("www.lab.example", INTERNET_AT)
        assert name is not None
        run.answers(name, "AAAA", V6)

    def tame(run: Run) -> None:
        run.named("www.lab.example")
        name = sibling("www.lab.example", INSIDE_AT)
        assert name is not None
        run.answers(name, "AAAA", rcode="NXDOMAIN")

    text = INVENTORY.replace("www.example", "www.lab.example")
    inside = store(tmp_path / "a", tell=tame, text=text)
    internet = store(tmp_path / "b", "internet", wild, at=INTERNET_AT, text=text)
    found = said(merged(inside, internet))
    assert ("naming.aaaa", "internet", 6, "warn", "dns.wildcard") in found
    assert ("naming.aaaa", "inside", 6, "pass", "ok") in found


def test_a_window_is_open_or_not_by_each_vantages_own_start(tmp_path: Path) -> None:
    # 10:00 and 12:00 in Viet Nam; the window ends at 11.
    text = INVENTORY.replace(
        "    services:", '    windows: [{days: mon-sun, from: "09:00", to: "11:00"}]\n    services:'
    )
    inside = store(tmp_path / "a", text=text)
    internet = store(tmp_path / "b", "internet", lambda run: run.named(), at=INTERNET_AT, text=text)
    found = said(merged(inside, internet))
    assert ("reach.service", "internet", 6, "unknown", "schedule.outside") in found
    assert ("reach.service", "inside", 6, "pass", "ok") in found


def test_each_vantages_resolvers_are_tried_in_its_own_order(tmp_path: Path) -> None:

    second = Endpoint("203.0.113.54", 53)
    text = INVENTORY.replace("resolver: view, sees: [internet]", "resolver: system, sees: [internet]")

    def two(run: Run) -> None:
        run.named()
        run.answers("www.example", "AAAA", "2001:db8:10::99", server=second)

    inside = store(tmp_path / "a", text=text)
    internet = store(
        tmp_path / "b", "internet", two, at=INTERNET_AT, text=text,
        resolvers=((second.address, 53), ("203.0.113.53", 53)),
    )  # fmt: skip
    run = open_run(merged(inside, internet))
    facts = derive(find_inventory(run), run.observations(), run.meta)
    assert facts.names.lookup("internet", "www.example", 6).addresses == ("2001:db8:10::99",)
    assert facts.names.lookup("inside", "www.example", 6).addresses == (V6,)


def test_other_versions_are_told(tmp_path: Path) -> None:
    inside = store(tmp_path / "a")
    internet = store(
        tmp_path / "b", "internet", at=INTERNET_AT, tool="ipv6check 0.2.0", catalogue_sha256="d" * 64
    )
    done = ipv6check("merge", inside, internet, "-o", "out")
    assert done.exit_code == 0
    assert (
        "different versions of the program (inside: ipv6check 0.1.0, internet: ipv6check 0.2.0)"
        in done.stderr
    )
    assert "different versions of the catalogue" in done.stderr
    assert "versions of the profile" not in done.stderr
    assert results((Path("out") / "latest").resolve())["run"]["tool"] == "ipv6check 0.1.0, ipv6check 0.2.0"


def test_a_profile_that_is_not_at_hand_can_be_named(tmp_path: Path) -> None:
    inside, internet = store(tmp_path / "a", profile="own.yaml"), store(
        tmp_path / "b", "internet", at=INTERNET_AT, profile="own.yaml"
    )  # fmt: skip
    assert "name its file with --profile" in refused(inside, internet)
    assert ipv6check("merge", inside, internet, "-o", "out", "--profile", "default").exit_code == 0


def test_two_runs_of_one_vantage_are_refused_and_the_one_to_leave_out_is_named(tmp_path: Path) -> None:
    old = store(tmp_path / "a")
    new = store(tmp_path / "b", at=INTERNET_AT)
    line = refused(old, new)
    assert str(old) in line and str(new) in line
    assert f"leave out {old} (it is the older)" in line
    broken = store(tmp_path / "c", at=INTERNET_AT + timedelta(1), complete=False, finished=None)
    assert f"leave out {broken} (it was not completed)" in refused(old, broken)


def test_one_run_named_twice_is_refused(tmp_path: Path) -> None:
    inside, _ = pair(tmp_path)
    shutil.copytree(inside, tmp_path / "copy")
    assert "are one run" in refused(inside, tmp_path / "copy")


def test_fewer_than_two_runs_are_a_mistake_of_the_call(tmp_path: Path) -> None:
    inside, _ = pair(tmp_path)
    for arguments in ((), (inside,)):
        done = ipv6check("merge", *arguments)
        assert (done.exit_code, "name two runs or more" in done.output) == (2, True)


def _more(text: str) -> str:
    return text.replace("name: Portal", "name: Other")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("inventory", "inventory.yaml differs"),
        ("selection", "limited differently (everything; portal)"),
        ("declared", "nobody was asked in this run"),
        ("merged", "a merged run; name those it was made of instead"),
        ("missing", "no such run folder"),
        ("archive", "an archive is unpacked first"),
    ],
)
def test_what_cannot_be_merged_is_one_line_and_exit_2(tmp_path: Path, change: str, told: str) -> None:
    inside, internet = pair(tmp_path)
    again: Callable[..., Path] = lambda **more: store(  # noqa: E731
        tmp_path / "c", "internet", at=INTERNET_AT, tail="cccccc", **more
    )
    if change == "inventory":
        internet = again(text=_more(INVENTORY))
    elif change == "selection":
        internet = again(selection=Selection(systems=("portal",)))
    elif change == "declared":
        internet = again(selection=Selection(declared_only=True))
    elif change == "merged":
        inside = merged(inside, internet, output=tmp_path / "other")
    elif change == "missing":
        internet = tmp_path / "nothing"
    elif change == "archive":
        internet = Path(shutil.make_archive(str(tmp_path / "run"), "zip", internet))
    assert told in refused(inside, internet)


def test_the_same_selection_is_kept_and_makes_a_partial_run(tmp_path: Path) -> None:
    chosen = Selection(systems=("portal",))
    inside = store(tmp_path / "a", selection=chosen)
    internet = store(tmp_path / "b", "internet", at=INTERNET_AT, selection=chosen)
    told = results(merged(inside, internet))["run"]
    assert (told["partial"], told["selection"]["systems"]) == (True, ["portal"])


def test_explain_advises_merge() -> None:
    for language in ("vi", "en"):
        done = ipv6check("explain", "vantage.absent", "--lang", language)
        assert done.exit_code == 0
        assert "ipv6check merge" in done.stdout
