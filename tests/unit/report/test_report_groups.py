"""Totals by unit, level of unit, category, site and exposure, on the terminal and on page one."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from rich.cells import cell_len

from ipv6check.model.run import Judged
from ipv6check.model.text import Language
from ipv6check.report.html import render
from ipv6check.report.terminal import summary
from tests.unit.report import sample

LANGUAGES: tuple[Language, ...] = get_args(Language)


def shown(judged: Judged, heading: str) -> list[str]:
    """Return the lines of one grouping of the English summary, without its heads."""
    lines = summary(judged, "en", color=False, width=80).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(heading))
    end = lines.index("", at)
    return lines[at + 1 : end]


def test_the_worst_groups_come_first_and_the_rest_is_counted() -> None:
    document = sample.document(24)
    groups = document["totals"]["by_unit"]
    assert len(groups) > 1
    lines = shown(sample.of(document), "By unit")
    lows = [float(line[42:60].replace("–", " ").split()[0]) for line in lines if "…" not in line[:4]]
    assert lows == sorted(lows)
    assert len(lines) == min(len(groups), 5) + (len(groups) > 5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_wider_than_the_terminal(language: Language) -> None:
    for width in (40, 80, 120):
        lines = summary(sample.judged(24), language, color=False, width=width).splitlines()
        assert all(cell_len(line) <= width for line in lines)


def test_a_grouping_of_one_group_is_not_shown() -> None:
    document = sample.document(6)
    document["totals"]["by_exposure"] = document["totals"]["by_exposure"][:1]
    document["totals"]["by_site"] = []
    judged = sample.of(document)
    assert "By exposure" not in summary(judged, "en", color=False)
    page = render(judged, {"language": "en"})["index.html"].decode()
    assert "by-exposure" not in page
    assert "by-site" not in page


def test_page_one_has_a_table_for_each_grouping() -> None:
    document = sample.document(24)
    totals = document["totals"]
    totals["by_unit_level"] = [
        {**totals["by_unit"][0], "id": "xã", "name": None},
        {**totals["by_unit"][1], "id": None, "name": None},
    ]
    totals["by_exposure"] = [
        {**totals["by_category"][0], "id": "wan", "name": None},
        {**totals["by_category"][1], "id": "internal", "name": None},
    ]
    pages = render(sample.of(document), {"language": "vi"})
    page = pages["index.html"].decode()
    for text in ("Theo cấp đơn vị", "Chưa ghi cấp", "Theo phạm vi phục vụ", "Mạng nội bộ (LAN)"):
        assert text in page


def test_systems_with_a_deadline_are_told_of_where_there_are_no_milestones() -> None:
    document = sample.document(4)
    document["programme"] = {
        "phases": [],
        "findings": [],
        "deadlines": {"systems": 3, "met": 1, "passed": 2, "ahead": 0, "undecided": 0},
    }
    told = summary(sample.of(document), "en", color=False)
    assert "3 systems have a deadline · 1 at the target level · 2 deadline passed" in told
    assert "0 milestones" not in told


def _blind(document: dict[str, Any], checks: tuple[str, ...], reason: str) -> dict[str, Any]:
    """Make these findings of the first system unknown for one reason; return the system."""
    system: dict[str, Any] = document["systems"][0]
    for finding in system["findings"]:
        if finding["check"] in checks:
            text = {"vi": "Không mở được", "en": "Cannot be opened"}
            finding |= {"verdict": "unknown", "severity": "low", "reason": reason, "root": None}
            finding |= {"message": text, "remedy": {"vi": "Cấp quyền", "en": "Permit it"}, "vantage": "v"}
    return system


def test_our_own_trouble_is_told_once_a_system_with_the_checks_it_costs() -> None:
    document = sample.document(1)
    checks = tuple(dict.fromkeys(f["check"] for f in document["systems"][0]["findings"]))[:3]
    _blind(document, checks, "vantage.no_privilege")
    pages = render(sample.of(document), {"language": "en"})
    (page,) = [content.decode() for path, content in pages.items() if path.startswith("systems/")]
    unknown = page.split('id="unknowns"')[1]
    assert unknown.split("</section>")[0].count("Cannot be opened") == 1
    assert "For the same reason: other checks, 2" in unknown
    assert all(f"<code>{check}</code>" in unknown for check in checks)


def test_what_is_not_our_trouble_is_never_folded() -> None:
    document = sample.document(1)
    checks = tuple(dict.fromkeys(f["check"] for f in document["systems"][0]["findings"]))[:3]
    _blind(document, checks, "reach.slow")
    pages = render(sample.of(document), {"language": "en"})
    (page,) = [content.decode() for path, content in pages.items() if path.startswith("systems/")]
    assert page.split('id="unknowns"')[1].split("</section>")[0].count("Cannot be opened") == 3


def test_the_summary_says_what_would_mend_our_own_trouble() -> None:
    document = sample.document(2)
    checks = tuple(dict.fromkeys(f["check"] for f in document["systems"][0]["findings"]))[:3]
    _blind(document, checks, "vantage.no_privilege")
    lines = summary(sample.of(document), "en", color=False).splitlines()
    at = next(number for number, line in enumerate(lines) if "(vantage.no_privilege)" in line)
    assert lines[at + 1] == "    Permit it"
