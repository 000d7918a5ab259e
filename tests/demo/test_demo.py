"""`ipv6check demo` as its user runs it: the planted faults are found, and nothing else fails."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ipv6check.lab.faults import AREA_FAULTS, FAULTS, Fault
from ipv6check.lab.sample import sample_province
from ipv6check.lab.stage import demo_text

pytestmark = [pytest.mark.slow]
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Demo:
    """One run of the demo."""

    exit_code: int
    summary: str
    messages: str
    run: Path
    results: dict[str, Any]

    def found(self) -> set[tuple[str, str, str, str]]:
        """Return every finding that follows from no other."""
        return {
            (system["id"], f["check"], f["verdict"], f["reason"])
            for system in self.results["systems"]
            for f in system["findings"]
            if f["root"] is None
        }


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    reports = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "ipv6check", "demo", "-o", str(reports), "--lang", "en", "--no-color"],
        capture_output=True,
        text=True,
        timeout=170,
        cwd=reports,
    )
    run = (reports / "latest").resolve()  # the lab's: the sample province was judged before it
    assert (run / "results.json").exists(), done.stdout + done.stderr
    yield Demo(done.returncode, done.stdout, done.stderr, run, json.loads((run / "results.json").read_text()))


def test_the_demo_ends_well_and_prints_its_summary(demo: Demo) -> None:
    assert demo.exit_code == 0, demo.messages
    assert demo.summary.strip()
    assert all(len(line) <= 80 for line in demo.summary.splitlines() if "/" not in line)
    assert "Traceback" not in demo.messages


def test_the_results_are_valid_against_their_schema(demo: Demo) -> None:
    schema = json.loads(
        subprocess.run(
            [sys.executable, "-m", "ipv6check", "schema", "results"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert not [error.message for error in validator.iter_errors(demo.results)]


def test_the_report_is_there_in_both_languages(demo: Demo) -> None:
    for language in ("vi", "en"):
        page = (demo.run / "html" / language / "index.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.system}-{f.check}")
def test_every_planted_fault_is_found(demo: Demo, fault: Fault) -> None:
    seen = sorted(f for f in demo.found() if f[0] == fault.system)
    assert (fault.system, fault.check, fault.verdict, fault.reason) in seen, seen


def test_nothing_fails_that_was_not_planted(demo: Demo) -> None:
    planted = {(f.system, f.check, f.verdict, f.reason) for f in FAULTS if f.verdict == "fail"}
    failing = {found for found in demo.found() if found[2] == "fail"}
    assert failing - planted == set()


def test_plan_equipment_and_programme_have_the_faults_that_were_planted_and_no_others(demo: Demo) -> None:
    results = demo.results
    found = [
        *results["address_plan"]["findings"],
        *(finding for item in results["equipment"] for finding in item["findings"]),
        *results["programme"]["findings"],
    ]
    seen = set()
    for each in found:
        if each["verdict"] in ("fail", "warn", "unknown"):
            target = each["target"]
            of = (
                target.get("prefix")
                or target.get("equipment")
                or target.get("milestone")
                or each.get("system")
            )
            seen.add((of, each["check"], each["verdict"], each["reason"]))
    assert seen == {(f.system, f.check, f.verdict, f.reason) for f in AREA_FAULTS}


def test_the_roadmap_begins_with_what_others_wait_for(demo: Demo) -> None:
    first = demo.results["roadmap"][0]
    assert "cpe-dong-hai" in first["equipment"]
    assert {"sso", "digital-signature"} <= set(first["systems"])
    assert "commune-office" in demo.results["roadmap"][1]["systems"]


def test_systems_without_a_planted_fault_are_clean(demo: Demo) -> None:
    faulty = {fault.system for fault in FAULTS}
    for system, check, verdict, reason in demo.found():
        if reason == "vantage.no_privilege":  # whether this host lets anybody ping is not the lab's to say
            continue
        assert system in faulty or verdict in {"pass", "not_applicable"}, (system, check, verdict, reason)


def test_no_packet_left_this_machine(demo: Demo) -> None:
    asked = {
        json.loads(line)["task"].get("address")
        for file in demo.run.glob("observations-*.jsonl")
        for line in file.read_text().splitlines()
    }
    assert asked <= {"127.0.0.1", "::1", None}


def test_the_example_inventory_is_the_one_the_package_carries() -> None:
    assert (ROOT / "inventories" / "demo.yaml").read_text(encoding="utf-8") == demo_text()


def test_the_report_leads_to_the_roadmap_of_a_province_of_a_real_one_s_size(demo: Demo) -> None:
    (beside,) = demo.results["run"]["beside"]
    sample = demo.run.parent / beside["id"]
    for language in ("vi", "en"):
        page = (demo.run / "html" / language / "index.html").read_text(encoding="utf-8")
        (link,) = (href for href in re.findall(r'href="([^"]+)"', page) if beside["id"] in href)
        assert (demo.run / "html" / language / link).resolve() == sample / "html" / language / "index.html"
        assert 'href="roadmap.html"' in (sample / "html" / language / "index.html").read_text("utf-8")
    assert str(sample / "html" / "en" / "roadmap.html") in demo.summary
    assert beside["title"]["en"] in html.unescape(page)


def test_the_province_s_roadmap_is_that_of_all_its_systems_and_equipment(demo: Demo) -> None:
    sample = demo.run.parent / demo.results["run"]["beside"][0]["id"]
    results = json.loads((sample / "results.json").read_text("utf-8"))
    assert (len(results["systems"]), len(results["equipment"])) == (150, 61)
    assert results["observations"] == {}
    page = (sample / "html" / "vi" / "roadmap.html").read_text("utf-8")
    names = {system["id"]: system["name"]["vi"] for system in results["systems"]}
    waiting = [id_ for wave in results["roadmap"] for id_ in wave["systems"]]
    assert len(waiting) > 100
    assert [id_ for id_ in waiting if html.escape(names[id_]) not in page] == []


def test_the_sample_province_is_the_one_that_people_copy() -> None:
    assert sample_province().resolve() == ROOT / "inventories" / "province" / "inventory.yaml"
