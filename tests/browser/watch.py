"""A page under watch: what it asks for, what it says on the console, and whether it opens a dialog."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Request

SCREEN = {"width": 1366, "height": 768}


@dataclass
class Watched:
    """A page, and everything of it that should not have happened."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def open(self, path: Path, fragment: str = "") -> Page:
        """Load a page of a report; its style sheet must have come too."""
        self.page.goto(path.as_uri() + fragment)
        return self.page

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message[:80]}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"console: {message.text[:200]}")

    def _error(self, error: Error) -> None:
        self.faults.append(f"script: {error.message[:200]}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith("file://"):
            self.faults.append(f"request: {request.url[:200]}")

    def listen(self) -> None:
        """Begin to write down what happens."""
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)
        self.page.on("request", self._request)
        self.page.on("requestfailed", lambda request: self.faults.append(f"failed: {request.url[:200]}"))


@contextmanager
def watched(browser: Browser, **options: Any) -> Iterator[Watched]:
    """Open an empty page in a context of its own; at the end nothing may have gone wrong with it."""
    context = browser.new_context(**{"viewport": SCREEN, **options})
    try:
        watch = Watched(context.new_page())
        watch.listen()
        yield watch
        assert not watch.faults, watch.faults
    finally:
        context.close()
