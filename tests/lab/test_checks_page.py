"""docs/checks.md is what `make checks-page` would write now."""

from __future__ import annotations

from ipv6check.profiles import vocabulary
from tests.checks_page import RFCS, page
from tests.lab.situation import ROOT


def test_the_page_has_not_drifted() -> None:
    assert (ROOT / "docs" / "checks.md").read_text(encoding="utf-8") == page(), "run: make checks-page"


def test_every_rfc_is_of_a_check() -> None:
    assert set(RFCS) <= set(vocabulary.CHECKS)
