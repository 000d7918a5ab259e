"""The report as one file: every page in it, one shown at a time, links and filter inside, nothing outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, expect

from ipv6check.model.run import Judged
from ipv6check.model.text import LANGUAGES, Language
from ipv6check.report import render
from tests.browser.watch import watched
from tests.hostile.corpus import STRINGS
from tests.hostile.outputs.hostile_document import identified, poisoned
from tests.unit.report import sample

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OPTIONS = {"preload": False, "resultTypes": ["violations"]}


def write(path: Path, judged: Judged, language: Language = "vi") -> Path:
    files = render(judged, {"format": "html", "language": language, "single": True})
    assert isinstance(files, dict) and len(files) == 1
    path.write_bytes(*files.values())
    return path


@pytest.fixture
def report(tmp_path: Path) -> Iterator[Path]:
    yield write(tmp_path / "report.html", sample.judged(24))


def test_page_one_is_shown_and_every_link_leads_to_something_in_the_file(
    browser: Browser, report: Path
) -> None:
    with watched(browser) as watch:
        page = watch.open(report)
        assert page.locator("h1:visible").count() == 1
        assert page.locator(".leaf:visible").get_attribute("id") == "index"
        ids = page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
        assert len(ids) == len(set(ids))
        links = page.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
        assert links and {link[0] for link in links} == {"#"}
        assert {link[1:] for link in links} <= set(ids)
        named = page.locator("[aria-labelledby]").evaluate_all(
            "all => all.flatMap(each => each.getAttribute('aria-labelledby').split(' '))"
        )
        assert set(named) <= set(ids)


@pytest.mark.parametrize("scripts", [True, False])
def test_one_goes_to_a_system_and_back_with_and_without_scripts(
    browser: Browser, report: Path, scripts: bool
) -> None:
    with watched(browser, java_script_enabled=scripts) as watch:
        page = watch.open(report)
        page.locator(".leaf:visible nav a", has_text="Hệ thống").click()
        assert page.locator(".leaf:visible").get_attribute("id") == "systems"
        page.locator("#matrix tbody a").first.click()
        assert (page.locator(".leaf:visible").get_attribute("id") or "").startswith("systems/")
        page.locator(".leaf:visible a[href*='/e-']").first.click()
        assert page.locator(".leaf:visible").count() == 1
        page.locator(".leaf:visible .crumb a").click()
        assert page.locator(".leaf:visible").get_attribute("id") == "systems"


def test_the_filter_is_in_the_address_there_too(browser: Browser, report: Path) -> None:
    with watched(browser) as watch:
        page = watch.open(report, "#systems")
        page.locator("#filter-text").fill("cong thong tin")
        page.wait_for_function("location.hash.includes('thong')")
        address, shown = page.url, page.locator("#matrix tbody tr:visible").count()
        assert page.locator(".leaf:visible").get_attribute("id") == "systems"
        assert 0 < shown < 24
    with watched(browser) as watch:
        page = watch.open(report, "#" + address.partition("#")[2])
        expect(page.locator("#matrix tbody tr:visible")).to_have_count(shown)
        page.locator(".leaf:visible nav a").first.click()
        assert page.locator(".leaf:visible").get_attribute("id") == "index"


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_the_one_file(browser: Browser, tmp_path: Path, language: Language) -> None:
    path = write(tmp_path / "report.html", sample.judged(2), language)
    with watched(browser) as watch:
        for fragment in ("", "#systems", "#systems/www", "#method"):
            page = watch.open(path, fragment)
            violations = Axe().run(page, options=OPTIONS).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"][:200]) for each in violations] == []


@pytest.mark.parametrize(
    "name", ["script", "attribute", "end of style", "end of script", "single quote", "empty"]
)
def test_text_of_strangers_stays_text_in_the_one_file(browser: Browser, tmp_path: Path, name: str) -> None:
    for judged in (poisoned(STRINGS[name], 2), identified(STRINGS[name])):
        path = write(tmp_path / "report.html", judged)
        with watched(browser) as watch:
            page = watch.open(path)
            assert page.locator("img, iframe, [onerror], [onload], [onmouseover]").count() == 0
            assert page.locator("script").count() == page.locator("style").count() == 1
            assert page.locator("main:visible").inner_text()
