"""Vantages with rarer troubles: translators, liars, a way that is lost in mid-run."""

from __future__ import annotations

import pytest

from tests.lab.situation import Scene
from tests.lab.situations.vantages import ODD_VANTAGES, VantageSituation
from tests.lab.vantage_scene import hold, look_at

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return look_at(ODD_VANTAGES, tmp_path_factory)


@pytest.mark.parametrize("situation", ODD_VANTAGES, ids=lambda s: s.id)
def test_our_own_trouble_is_never_the_targets(scenes: dict[str, Scene], situation: VantageSituation) -> None:
    hold(scenes[situation.id], situation)
