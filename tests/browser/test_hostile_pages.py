"""What strangers wrote stays text in a real browser: no dialog, no console error, no request leaves file://."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ipv6check.model.run import Judged
from tests.browser.conftest import write
from tests.browser.watch import watched
from tests.hostile.corpus import STRINGS
from tests.hostile.outputs.hostile_document import identified, poisoned

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# What a page is written with, and nothing that could run, load or send anything.
_LIVE = (
    "img, iframe, object, embed, base, link:not([rel=stylesheet]), style, form:not(#filter),"
    " [onerror], [onload], [onmouseover]"
)


# Ids become file names, anchors and links: what could end an attribute or a path is enough.
_AS_IDS = ("script", "attribute", "single quote", "javascript url", "nul", "lone surrogate", "path", "empty")


def open_all(browser: Browser, folder: Path, judged: Judged) -> None:
    write(folder, judged, "vi")
    pages = [folder / "index.html", folder / "systems.html", *sorted((folder / "systems").glob("*.html"))[:1]]
    with watched(browser) as watch:
        for path in pages:
            page = watch.open(path)
            assert page.locator(_LIVE).count() == 0
            for summary in page.locator("summary").all()[:2]:
                summary.click()
            assert page.locator("main").inner_text()


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_text_of_strangers_is_shown_and_nothing_more(browser: Browser, tmp_path: Path, text: str) -> None:
    open_all(browser, tmp_path, poisoned(text, 1))


@pytest.mark.parametrize("name", _AS_IDS)
def test_ids_of_strangers_are_shown_and_nothing_more(browser: Browser, tmp_path: Path, name: str) -> None:
    open_all(browser, tmp_path, identified(STRINGS[name]))
