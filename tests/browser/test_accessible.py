"""axe finds nothing on any page of any report: in both languages, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from ipv6check.model.text import LANGUAGES, Language
from tests.browser.watch import watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCHEMES = ("light", "dark")


# The rules look at the page as it stands; it may not fetch its own style sheet a second time.
OPTIONS = {"preload": False, "resultTypes": ["violations"]}


def pages(folder: Path) -> list[Path]:
    """Return the pages of a folder, of each kind of system page (by its sections) one."""
    kinds: dict[frozenset[str], Path] = {}
    for path in sorted((folder / "systems").glob("*.html")):
        kinds.setdefault(
            frozenset(re.findall(r"<(?:h2|section|article|details)[^>]*>", path.read_text())), path
        )
    return [*sorted(folder.glob("*.html")), *list(kinds.values())[:6]]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 24])
def test_axe_finds_nothing(
    browser: Browser, reports: dict[int, Path], count: int, language: Language, scheme: str
) -> None:
    found = {}
    with watched(browser, color_scheme=scheme) as watch:
        for path in pages(reports[count] / language):
            page = watch.open(path)
            response = Axe().run(page, options=OPTIONS).response
            if violations := response["violations"]:
                found[path.name] = [
                    (violation["id"], violation["nodes"][0]["html"][:200]) for violation in violations
                ]
    assert found == {}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_where_earlier_runs_are_shown(
    browser: Browser, later: Path, language: Language, scheme: str
) -> None:
    with watched(browser, color_scheme=scheme) as watch:
        for name in ("index.html", "roadmap.html"):
            page = watch.open(later / language / name)
            violations = Axe().run(page, options=OPTIONS).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"][:200]) for each in violations] == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_its_language_and_that_of_the_link_to_the_other(
    browser: Browser, reports: dict[int, Path], language: Language
) -> None:
    other = "en" if language == "vi" else "vi"
    with watched(browser) as watch:
        for path in pages(reports[24] / language)[:4]:
            page = watch.open(path)
            assert page.locator("html").get_attribute("lang") == language
            link = page.locator(".language a")
            assert link.get_attribute("lang") == link.get_attribute("hreflang") == other
            link.click()
            assert page.locator("html").get_attribute("lang") == other


def test_forced_colours_keep_every_sign_and_every_bar(browser: Browser, reports: dict[int, Path]) -> None:
    with watched(browser, forced_colors="active") as watch:
        page = watch.open(reports[24] / "en" / "index.html")
        bars = page.locator(".levels .stacked rect")
        fills = bars.evaluate_all("bars => bars.map(bar => getComputedStyle(bar).fill)")
        assert len(set(fills)) == len(fills) > 2
        page = watch.open(reports[24] / "en" / "systems.html")
        words = page.locator("#matrix td.fail").all_inner_texts()
        assert words and all(word.strip().startswith("✗") for word in words)


def test_reduced_motion_is_respected(browser: Browser, reports: dict[int, Path]) -> None:
    for wish, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        with watched(browser, reduced_motion=wish) as watch:
            page = watch.open(reports[1] / "vi" / "index.html")
            assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour
            moving = page.evaluate(
                "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).animationName !== 'none'"
                " || getComputedStyle(e).transitionDuration !== '0s').length"
            )
            assert moving == 0


def test_the_first_tab_leads_past_the_navigation(browser: Browser, reports: dict[int, Path]) -> None:
    with watched(browser) as watch:
        page = watch.open(reports[24] / "vi" / "index.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
        assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
