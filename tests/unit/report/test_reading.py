"""results.json read for a report: folded, safe, and patient with what is absent or of another type."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipv6check.model.run import Judged
from ipv6check.report import values
from ipv6check.report.reading import read
from ipv6check.report.terminal import summary
from tests.unit.report import sample
from tests.unit.report.sample_texts import UNITS


def system(document: dict[str, Any], fault: str) -> dict[str, Any]:
    """Return the first system of the sample with that reason among its findings."""
    found: dict[str, Any] = next(
        s for s in document["systems"] if any(f["reason"] == fault for f in s["findings"])
    )
    return found


def test_findings_stand_under_the_root_they_follow_from() -> None:
    document = sample.document(24)
    wanted = system(document, "dns.nodata")["id"]
    entry = next(s for s in read(sample.of(document), "en").systems if s.id == wanted)
    root = next(f for f in entry.findings if f.reason == "dns.nodata")
    assert {f.check for f in root.followers} >= {"reach.service", "parity.service", "address.class"}
    assert not any(f.reason == "reach.no_address" for f in entry.findings)


def test_a_chain_of_roots_folds_under_its_first() -> None:
    document = sample.document(24)
    entry = system(document, "dns.nodata")
    by_check = {f["check"]: f for f in entry["findings"]}
    by_check["parity.service"]["root"] = by_check["reach.service"]["id"]
    shown = next(s for s in read(sample.of(document), "en").systems if s.id == entry["id"])
    root = next(f for f in shown.findings if f.reason == "dns.nodata")
    assert "parity.service" in {f.check for f in root.followers}


@pytest.mark.parametrize("ring", [1, 2, 3])
def test_findings_whose_roots_form_a_ring_are_all_shown(ring: int) -> None:
    document = sample.document(1)
    findings = document["systems"][0]["findings"]
    for number in range(ring):
        findings[number]["root"] = findings[(number + 1) % ring]["id"]
    shown = read(sample.of(document), "en").systems[0].findings
    assert sum(1 + len(f.followers) for f in shown) == len(findings)


def test_a_root_that_is_not_in_the_system_hides_nothing() -> None:
    document = sample.document(1)
    document["systems"][0]["findings"][0]["root"] = "0123456789abcdef"
    assert len(read(sample.of(document), "en").systems[0].findings) == 11


def test_each_language_gets_its_own_texts() -> None:
    judged = sample.judged(4)
    vietnamese, english = read(judged, "vi"), read(judged, "en")
    assert vietnamese.organization == "Tỉnh Mẫu"
    assert english.organization == "Sample Province"
    assert vietnamese.systems[0].name != english.systems[0].name
    assert vietnamese.systems[0].findings[0].message != english.systems[0].findings[0].message


def test_the_owner_and_the_unit_come_from_the_inventory() -> None:
    entry = read(sample.judged(4), "vi").systems[0]
    assert entry.owner == "Trần Thị B"
    assert entry.unit_name in {vi for _, vi, _ in UNITS}


def test_an_empty_document_reads_as_an_empty_report() -> None:
    judged = Judged(results={}, inventory=sample.judged(0).inventory, as_of=sample.judged(0).as_of)
    report = read(judged, "vi")
    assert report.systems == ()
    assert report.totals.score is None
    assert "Chưa có hệ thống nào" in summary(judged, "vi", False)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, entry in value.items():
            found += _paths(entry, (*path, key))
    elif isinstance(value, list) and value:
        found += _paths(value[0], (*path, 0))
    return found


BASE = sample.judged(2)
PATHS = _paths(sample.document(2))[1:]
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 10**400, float("nan"), float("inf"), "x", "", [], {}, [None], [[]]]
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=200)
@given(st.sampled_from(PATHS), ODD)
def test_any_value_of_any_other_type_still_reads_and_shows(path: tuple[Any, ...], odd: Any) -> None:
    document = sample.document(2)
    place: Any = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = odd
    judged = replace(BASE, results=document)
    assert summary(judged, "vi", False)
    from ipv6check.report.html import render

    assert render(judged, {"language": "en"})["index.html"]


@pytest.mark.parametrize("value", ["2026-13-01", "x", None, 5, "0001-01-01T00:00:00+23:59"])
def test_what_is_no_time_reads_as_none_or_a_time(value: Any) -> None:
    assert values.day(value) is None
    found = values.moment(value)
    assert found is None or found.tzinfo is not None
