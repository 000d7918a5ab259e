"""The browser that the tests drive: Debian's Chromium, without a sandbox and without a network.

`missing()` says why there is none; `launch()` starts one. Playwright's own browsers are never used.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # Whatever a page would ask for by name or address finds nobody.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def missing() -> str | None:
    """Return why the browser tests cannot run here; None if they can."""
    if find_spec("playwright") is None or find_spec("axe_playwright_python") is None:
        return "the browser tests need the Python packages playwright and axe-playwright-python"
    if shutil.which("chromium") is None:
        return "the browser tests need Chromium (Debian package chromium)"
    return None


@contextmanager
def launch() -> Iterator[Browser]:
    """Start the browser and stop it at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(ARGUMENTS), headless=True
        )
        try:
            yield browser
        finally:
            browser.close()
