"""Large reports: what is not held is read again, and pieces make the whole; nobody sees a difference."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ipv6check.model.text import JSON
from ipv6check.report import pages, pieces, render, system_reading
from ipv6check.report.entries import EvidenceEntry
from ipv6check.report.shelf import Evidence, Later, Shelf
from tests.unit.report import sample

OPTIONS: dict[str, JSON] = {"language": "vi", "both": True}


@pytest.mark.parametrize("format", ["html", "csv", "junit", "markdown", "prometheus"])
def test_a_report_whose_findings_are_not_held_is_the_same(
    format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = sample.judged(40)
    held = render(judged, OPTIONS | {"format": format})
    monkeypatch.setattr(system_reading, "HELD", 25)
    assert render(judged, OPTIONS | {"format": format}) == held


@pytest.mark.parametrize("format", ["csv", "json", "sarif"])
def test_a_file_in_pieces_is_the_file(format: str) -> None:
    judged = sample.judged(400)
    options = OPTIONS | {"format": format}
    found = list(pieces(judged, options))
    assert b"".join(found) == render(judged, options)
    assert format == "sarif" or len(found) > 1


def test_pages_come_one_by_one_and_are_those_of_the_whole() -> None:
    judged = sample.judged(12)
    options = OPTIONS | {"format": "html"}
    assert dict(pages(judged, options)) == render(judged, options)


def test_the_last_system_on_the_shelf_is_not_read_again() -> None:
    asked: list[int] = []

    def read(number: int) -> tuple[int, ...]:
        asked.append(number)
        return number, number + 1

    shelf = Shelf(read)
    first = Later(lambda: shelf.take(7))
    assert (first[0], list(first), len(first), first[::-1]) == (7, [7, 8], 2, (8, 7))
    assert asked == [7]
    shelf.take(8)
    assert list(first) == [7, 8]
    assert asked == [7, 8, 7]


def entry(identity: str, told: Mapping[str, JSON]) -> EvidenceEntry:
    return system_reading.read_evidence({identity: told})[identity]


def test_an_id_that_hides_something_is_known_only_as_it_is_shown() -> None:
    found = Evidence({"a.1": {"outcome": "ok"}, "b\x1b.1": {"outcome": "ok"}, "c.1": "none"}, entry)
    assert sorted(found) == ["a.1", "b\\x1b.1"]
    assert found["b\\x1b.1"].id == "b\\x1b.1"
    assert "b\x1b.1" not in found
    assert found.get("b\x1b.1") is None
    assert found.get("c.1") is None
    assert found["a.1"].outcome == "ok"
