"""Every format tells the same totals, and the same input makes the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from defusedxml import ElementTree as Xml
from openpyxl import load_workbook

from ipv6check.model.run import Judged
from ipv6check.model.text import LANGUAGES, Language
from ipv6check.report import FORMATS, render
from tests.unit.report import sample

Totals = Mapping[str, Any]
COUNTS = [0, 1, 24, 60]


def made(format: str, judged: Judged, language: Language = "en") -> Any:
    return render(judged, {"format": format, "language": language})


def expected(judged: Judged) -> dict[str, Any]:
    totals: Any = judged.results["totals"]
    systems: Any = judged.results["systems"]
    return {
        "systems": totals["systems"],
        "on_target": totals["on_target"],
        "score": totals["score"],
        "levels": totals["levels"],
        "verdicts": totals["findings"],
        "open": sum(
            f["verdict"] == "fail" and not f["accepted"] for system in systems for f in system["findings"]
        ),
        "warn": sum(
            f["verdict"] == "warn" and not f["accepted"] for system in systems for f in system["findings"]
        ),
    }


def of_csv(judged: Judged) -> Totals:
    rows = list(csv.DictReader(io.StringIO(made("csv", judged).decode("utf-8-sig"), newline="")))
    systems = {row["system"]: row for row in rows}
    ladder = [row for row in systems.values() if row["level"]]
    verdicts = Counter(row["verdict"] for row in rows if row["verdict"])
    return {
        "systems": len(systems),
        "on_target": sum(row["on_target"] == "true" for row in systems.values()),
        "levels": {
            level: sum(row["level"] == level for row in ladder) for level in expected(judged)["levels"]
        },
        "verdicts": {verdict: verdicts[verdict] for verdict in expected(judged)["verdicts"]},
        "open": sum(row["verdict"] == "fail" and row["accepted"] == "false" for row in rows),
    }


def filled(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a sheet, each as long as a sheet may be wide: empty cells are not stored."""
    for row in sheet.iter_rows(values_only=True):
        yield (*row, *(None,) * (40 - len(row)))


def of_xlsx(judged: Judged) -> Totals:
    book = load_workbook(io.BytesIO(made("xlsx", judged)), read_only=True)
    overview = {key: value for key, value, *_ in filled(book.worksheets[0]) if key}
    score = {"low": overview["score_low"], "high": overview["score_high"], "coverage": overview["coverage"]}
    findings = list(filled(book.worksheets[4]))
    verdict, accepted = findings[0].index("verdict"), findings[0].index("accepted")
    systems = list(book.worksheets[3].iter_rows(values_only=True))[1:]
    assert len(systems) == overview["systems"]
    return {
        "systems": overview["systems"],
        "on_target": overview["on_target"],
        "score": score if score["low"] is not None else None,
        "levels": {level: overview[f"level_{level}"] for level in expected(judged)["levels"]},
        "verdicts": {v: overview[f"findings_{v}"] for v in expected(judged)["verdicts"]},
        "open": sum(row[verdict] == "fail" and not row[accepted] for row in findings[1:]),
    }


def of_junit(judged: Judged) -> Totals:
    root = Xml.fromstring(made("junit", judged))
    cases = list(root.iter("testcase"))
    assert int(root.get("tests", "")) == len(cases)
    assert root.get("errors") == "0"
    assert int(root.get("skipped", "")) == len(list(root.iter("skipped")))
    return {"systems": len(root), "open": int(root.get("failures", ""))}


def of_sarif(judged: Judged) -> Totals:
    results = json.loads(made("sarif", judged))["runs"][0]["results"]
    verdicts = Counter(result["properties"]["verdict"] for result in results)
    return {
        "verdicts": {verdict: verdicts[verdict] for verdict in expected(judged)["verdicts"]},
        "open": sum(
            result["properties"]["verdict"] == "fail" and not result.get("suppressions") for result in results
        ),
    }


def of_gitlab(judged: Judged) -> Totals:
    issues = json.loads(made("gitlab", judged))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    return {"open": len(issues) - expected(judged)["warn"]}


def of_prometheus(judged: Judged) -> Totals:
    found = {}
    for line in made("prometheus", judged).decode().splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name.removeprefix("ipv6check_")] = float(value)
    score = {end: found.get(f"score_{end}") for end in ("low", "high", "coverage")}
    return {
        "systems": found["systems"],
        "on_target": found["systems_on_target"],
        "score": score if score["low"] is not None else None,
        "levels": {level: found[f'systems_level{{level="{level}"}}'] for level in expected(judged)["levels"]},
        "verdicts": {v: found[f'findings{{verdict="{v}"}}'] for v in expected(judged)["verdicts"]},
        "open": sum(value for name, value in found.items() if name.startswith("findings_failed{")),
    }


def of_markdown(judged: Judged) -> Totals:
    text = made("markdown", judged).decode()
    rows = re.findall(r"^\| (\d) .* \| ([\d,]+) \|$", text, re.MULTILINE)
    levels = list(expected(judged)["levels"])
    systems = text.partition("## Systems")[2]
    return {
        "systems": max(0, len(re.findall(r"^\|", systems, re.MULTILINE)) - 2),
        "levels": {levels[int(rank)]: int(count) for rank, count in rows} or dict.fromkeys(levels, 0),
    }


def of_html(judged: Judged) -> Totals:
    pages = made("html", judged)
    matrix = pages["systems.html"].decode()
    return {"systems": matrix.count("<tr data-l="), "on_target": matrix.count('data-s="reached"')}


READERS: dict[str, Callable[[Judged], Totals]] = {
    "csv": of_csv,
    "xlsx": of_xlsx,
    "junit": of_junit,
    "sarif": of_sarif,
    "gitlab": of_gitlab,
    "prometheus": of_prometheus,
    "markdown": of_markdown,
    "html": of_html,
}


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("format", READERS)
def test_the_totals_are_those_of_results_json(format: str, count: int) -> None:
    judged = sample.judged(count)
    told = READERS[format](judged)
    assert told == {key: value for key, value in expected(judged).items() if key in told}


def test_every_format_is_compared() -> None:
    assert {format.name for format in FORMATS} == {*READERS, "json"}


@pytest.mark.parametrize("format", [format.name for format in FORMATS])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_input_makes_the_same_bytes(format: str, language: Language) -> None:
    assert made(format, sample.judged(24), language) == made(format, sample.judged(24), language)


@pytest.mark.parametrize("format", ["csv", "xlsx", "markdown", "junit", "sarif", "gitlab"])
def test_what_a_person_reads_is_in_the_language_asked_for(format: str) -> None:
    assert made(format, sample.judged(3), "vi") != made(format, sample.judged(3), "en")
