"""Garbage is collected seldom during a scan, and as before after it."""

from __future__ import annotations

import gc

import pytest

from ipv6check.probes.collecting import seldom_collected


def test_inside_it_is_seldom_and_afterwards_as_before() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.isenabled()
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_an_error_inside_changes_nothing_about_that() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), seldom_collected():
        raise KeyError
    assert gc.get_threshold() == before
