"""House rules for all tests: what slow means, what the lab needs, and that CI skips nothing in silence."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import settings

from tests.browser import chromium
from tests.lab import network

# No deadlines: a slow machine is not a failure. `make soak` looks longer.
settings.register_profile("ordinary", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=1000)
SOAKING = bool(os.environ.get("IPV6CHECK_SOAK"))
settings.load_profile("soak" if SOAKING else "ordinary")
SLOW_SECONDS = 900 if SOAKING else 180

ALLOWED_SKIPS = Path(__file__).with_name("allowed-skips.txt")
_skipped: list[tuple[str, str]] = []
_judged: set[str] = set()
# A scan on a real network, judged: not the tests that only count situations.
_SITUATION = re.compile(
    r"tests/lab/\w+\.py::test_(situation_is_judged_right|our_own_trouble_is_never_the_targets)\["
)


@pytest.hookimpl(trylast=True)  # hypothesis marks its tests in this hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = {"lab": network.missing(), "browser": chromium.missing()}
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_SECONDS))
        elif SOAKING and item.get_closest_marker("hypothesis"):
            item.add_marker(pytest.mark.timeout(SLOW_SECONDS))
        for marker, why in missing.items():
            if why and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=why))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed and _SITUATION.match(report.nodeid):
        _judged.add(report.nodeid)
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skipped.append((report.nodeid, reason))


def unexpected_skips() -> list[tuple[str, str]]:
    """Return the skipped tests that no line of allowed-skips.txt names (`NODEID  # why`)."""
    allowed = {line.split("#")[0].strip() for line in ALLOWED_SKIPS.read_text().splitlines()}
    return [(test, why) for test, why in _skipped if test not in allowed]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skip that is not listed by name is a failure."""
    if os.environ.get("CI") and not hasattr(session.config, "workerinput") and unexpected_skips():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _judged:
        terminalreporter.write_line(f"situations judged right on real networks: {len(_judged)}")
    for test, why in unexpected_skips():
        terminalreporter.write_line(f"skipped, not listed in {ALLOWED_SKIPS.name}: {test}: {why}", red=True)
