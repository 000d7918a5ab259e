"""The matrix by keyboard alone: sort, filter, and both in the address so that a view can be sent on."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.watch import watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def names(page: Page) -> list[str]:
    return page.locator("#matrix tbody tr:visible th").all_inner_texts()


def scores(page: Page) -> list[float]:
    cells = page.locator("#matrix tbody tr:visible td.num").evaluate_all(
        "cells => cells.map(cell => cell.dataset.v === undefined ? -1 : Number(cell.dataset.v))"
    )
    return [float(cell) for cell in cells]


def focus_by_tab(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus: nothing may need a mouse."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_the_score_sorts_by_keyboard_both_ways(browser: Browser, reports: dict[int, Path]) -> None:
    with watched(browser) as watch:
        page = watch.open(reports[24] / "en" / "systems.html")
        focus_by_tab(page, "thead th:nth-child(5) button")
        page.keyboard.press("Enter")
        assert scores(page) == sorted(scores(page))
        assert page.locator("[aria-sort]").get_attribute("aria-sort") == "ascending"
        page.keyboard.press("Space")
        assert scores(page) == sorted(scores(page), reverse=True)
        assert page.locator("[aria-sort]").count() == 1
        assert page.locator("[aria-sort]").get_attribute("aria-sort") == "descending"
        assert page.url.endswith("#sort=-4")


def test_a_verdict_sorts_the_worst_first(browser: Browser, reports: dict[int, Path]) -> None:
    with watched(browser) as watch:
        page = watch.open(reports[24] / "en" / "systems.html")
        column = page.locator("thead button", has_text="Reach")
        column.press("Enter")
        cells = page.locator("#matrix tbody tr").evaluate_all(
            "rows => rows.map(row => row.cells[7].className)"
        )
        order = ["fail", "unknown", "warn", "accepted", "pass", "not_applicable", "nil"]
        assert [order.index(cell) for cell in cells] == sorted(order.index(cell) for cell in cells)


def test_words_filter_without_their_marks(browser: Browser, reports: dict[int, Path]) -> None:
    with watched(browser) as watch:
        page = watch.open(reports[24] / "vi" / "systems.html")
        everybody = names(page)
        focus_by_tab(page, "#filter-text")
        page.keyboard.type("cong thong tin")
        shown = names(page)
        assert shown and len(shown) < len(everybody)
        assert all("Cổng thông tin" in name for name in shown)
        assert f"{len(shown)}/{len(everybody)}" in page.locator("#filter-count").inner_text()


def test_the_view_is_in_the_address_and_comes_back(browser: Browser, reports: dict[int, Path]) -> None:
    path = reports[24] / "vi" / "systems.html"
    with watched(browser) as watch:
        page = watch.open(path)
        page.locator("#filter-state").select_option("missed")
        page.locator("thead th:nth-child(1) button").press("Enter")
        address, shown = page.url, names(page)
        assert "state=missed" in address and "sort=0" in address
    with watched(browser) as watch:
        page = watch.open(path, "#" + address.partition("#")[2])
        assert names(page) == shown
        assert page.locator("#filter-state").input_value() == "missed"
        page.locator("#filter-clear").press("Enter")
        assert len(names(page)) == 24
        assert "state" not in page.url
        assert page.evaluate("document.activeElement.id") == "filter-text"


def test_nothing_fits_and_the_page_says_so(browser: Browser, reports: dict[int, Path]) -> None:
    with watched(browser) as watch:
        page = watch.open(reports[24] / "en" / "systems.html", "#q=zzzz")
        assert names(page) == []
        assert page.locator("#filter-count").inner_text() == "No system matches the filter."


@pytest.mark.parametrize(
    "fragment",
    [
        "#q=<img src=x onerror=alert(1)>&level=<b>&state=__proto__&sort=99",
        "#sort=-99999999999",
        "#%E0%A4%A&sort=-1",
        "#sort=--1&level=6",
    ],
)
def test_a_hostile_address_changes_nothing_but_the_text_filter(
    browser: Browser, reports: dict[int, Path], fragment: str
) -> None:
    with watched(browser) as watch:
        page = watch.open(reports[24] / "en" / "systems.html", fragment)
        assert page.locator("#matrix tbody tr").count() == 24
        assert page.locator("img").count() == 0


def test_an_empty_matrix_still_stands(browser: Browser, reports: dict[int, Path]) -> None:
    with watched(browser) as watch:
        page = watch.open(reports[0] / "vi" / "systems.html", "#sort=4&q=x")
        assert names(page) == []
