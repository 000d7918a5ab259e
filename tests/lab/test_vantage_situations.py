"""Vantages with troubles of their own: a network and a scan each, all at the same time."""

from __future__ import annotations

import pytest

from tests.lab.situation import Scene
from tests.lab.situations.vantages import VANTAGES, VantageSituation
from tests.lab.vantage_scene import hold, look_at

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(360)]


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return look_at(VANTAGES, tmp_path_factory)


@pytest.mark.parametrize("situation", VANTAGES, ids=lambda s: s.id)
def test_our_own_trouble_is_never_the_targets(scenes: dict[str, Scene], situation: VantageSituation) -> None:
    hold(scenes[situation.id], situation)


def test_a_stale_canary_is_a_warning_on_the_run(scenes: dict[str, Scene]) -> None:
    assert any(
        "2001:db8:ffff::2" in str(warning) for warning in scenes["stale-canary"].results["run"]["warnings"]
    )
