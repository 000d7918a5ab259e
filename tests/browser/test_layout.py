"""Page one in one screen and on one A4; every page without scripts, at 320 px, and on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ipv6check.model.text import LANGUAGES, Language
from tests.browser.watch import SCREEN, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# What A4 leaves between the margins of the style `official`, in CSS pixels (96 to the inch).
A4 = {"width": round((210 - 30 - 15) / 25.4 * 96), "height": round((297 - 20 - 20) / 25.4 * 96)}
_SHEET = re.compile(rb"/Type\s*/Page\b(?!s)")


def bottom(page: Page, selector: str) -> float:
    """Return where an element ends, in CSS pixels from the top of the page."""
    return float(page.locator(selector).evaluate("e => e.getBoundingClientRect().bottom + scrollY"))


def samples(folder: Path) -> list[Path]:
    systems = sorted((folder / "systems").glob("*.html"))[:6]
    roadmap = [path for path in (folder / "roadmap.html",) if path.exists()]
    return [folder / "index.html", folder / "systems.html", *roadmap, folder / "method.html", *systems]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_screen_tells_where_the_migration_stands(
    browser: Browser, reports: dict[int, Path], language: Language
) -> None:
    with watched(browser) as watch:
        page = watch.open(reports[24] / language / "index.html")
        assert re.match(r"\d+/\d+|\d+ of \d+", page.locator(".headline").inner_text())
        for selector in (
            ".headline",
            ".card.score",
            ".card.levels",
            "#reasons",
            "#reasons-top tbody tr:nth-child(4)",
        ):
            assert bottom(page, selector) <= SCREEN["height"], selector


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_one_fits_one_sheet_of_a4(
    browser: Browser, reports: dict[int, Path], language: Language
) -> None:
    with watched(browser, viewport=A4) as watch:
        page = watch.open(reports[24] / language / "index.html")
        page.emulate_media(media="print")
        assert bottom(page, "#page-one") <= A4["height"]
        assert page.locator("#page-one #scope").count() == 1
        breaks = page.locator("#page-one").evaluate("e => getComputedStyle(e).breakAfter")
        assert breaks == "page"
        empty = watch.open(reports[0] / language / "index.html")
        assert len(_SHEET.findall(empty.pdf(prefer_css_page_size=True))) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_one_still_fits_with_earlier_runs_behind_it(
    browser: Browser, later: Path, language: Language
) -> None:
    with watched(browser, viewport=A4) as watch:
        page = watch.open(later / language / "index.html")
        page.emulate_media(media="print")
        for part in ("#progress", "#blockers", "#since", "#expiring", "#scope"):
            assert page.locator(f"#page-one {part}").count() == 1, part
        assert bottom(page, "#page-one") <= A4["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_its_sheet(
    browser: Browser, reports: dict[int, Path], language: Language
) -> None:
    with watched(browser, viewport=A4) as watch:
        for path in samples(reports[24] / language):
            if path.name == "systems.html":
                continue  # printed in landscape
            page = watch.open(path)
            page.emulate_media(media="print")
            assert page.evaluate("document.documentElement.scrollWidth") <= A4["width"], path.name


def test_the_matrix_is_printed_in_landscape_and_fits(browser: Browser, reports: dict[int, Path]) -> None:
    landscape = {"width": round((297 - 40) / 25.4 * 96), "height": round((210 - 40) / 25.4 * 96)}
    with watched(browser, viewport=landscape) as watch:
        page = watch.open(reports[24] / "vi" / "systems.html")
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= landscape["width"]
        assert page.locator("#filter").is_hidden()
        assert b"[0 0 842 595" in re.sub(rb"(\d+)\.\d+", rb"\1", page.pdf(prefer_css_page_size=True)).replace(
            b"841 594", b"842 595"
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_320_pixels_no_page_scrolls_sideways(
    browser: Browser, reports: dict[int, Path], language: Language
) -> None:
    with watched(browser, viewport={"width": 320, "height": 640}) as watch:
        for path in samples(reports[24] / language):
            page = watch.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path.name


def test_everything_is_readable_without_scripts(browser: Browser, reports: dict[int, Path]) -> None:
    with watched(browser, java_script_enabled=False) as watch:
        for path in samples(reports[24] / "vi"):
            page = watch.open(path)
            assert page.locator("h1").is_visible()
        page = watch.open(reports[24] / "vi" / "systems.html")
        assert page.locator("#matrix tbody tr").count() == 24
        assert page.locator("#matrix tbody tr").last.is_visible()
        assert page.locator("#filter").is_hidden()
        page.locator("#matrix tbody a").first.click()
        assert page.locator("body.system h1").is_visible()


@pytest.mark.parametrize("count", [0, 1, 24])
def test_every_link_of_every_page_leads_somewhere(
    browser: Browser, reports: dict[int, Path], count: int
) -> None:
    with watched(browser) as watch:
        for path in samples(reports[count] / "vi"):
            if not path.exists():
                continue
            page = watch.open(path)
            for address in page.locator("a").evaluate_all("all => [...new Set(all.map(a => a.href))]"):
                file, _, anchor = address.removeprefix("file://").partition("#")
                assert Path(file).is_file(), address
                if anchor and Path(file) == path:
                    assert page.locator(f'[id="{anchor}"]').count() == 1, address
