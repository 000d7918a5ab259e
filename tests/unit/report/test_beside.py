"""What was made in the same sitting is named, and linked to where the link leads somewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from ipv6check.model.text import JSON
from ipv6check.report import render
from tests.unit.report import sample

ID = "20261201T120000Z-00ff00"
TITLE = {"vi": "Tỉnh mẫu", "en": "A sample"}


def index(beside: list[dict[str, Any]], **options: JSON) -> str:
    judged = sample.judged(1)
    document: dict[str, Any] = sample.document(1)
    document["run"]["beside"] = beside
    pages = render(replace(judged, results=document), {"format": "html", "language": "en", **options})
    assert isinstance(pages, dict)
    return pages["index.html"].decode()


def links(page: str) -> list[str]:
    return [href for href in re.findall(r'href="([^"]*)"', page) if "../.." in href]


def test_in_the_run_s_folder_it_is_a_link() -> None:
    page = index([{"id": ID, "title": TITLE}], both=True, in_run=True)
    assert links(page) == [f"../../../{ID}/html/en/index.html"]
    assert ">A sample</a>" in page


def test_written_elsewhere_it_is_named_without_a_link() -> None:
    page = index([{"id": ID, "title": TITLE}], both=True)
    assert links(page) == []
    assert "A sample" in page and ID in page


@pytest.mark.parametrize("odd", ["../../etc", "", "x" * 4000, "javascript:alert(1)", None, 7])
def test_what_is_no_run_id_leads_nowhere(odd: object) -> None:
    page = index([{"id": odd, "title": TITLE}], both=True, in_run=True)
    assert links(page) == []
    assert "A sample" in page


def test_nothing_beside_it_leaves_no_trace() -> None:
    assert "See also" not in index([], in_run=True)
