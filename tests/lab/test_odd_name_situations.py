"""One scan through a misbehaving resolver judges every answer no real server gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import stage
from tests.lab.network import three_namespaces
from tests.lab.same_by_hand import differences
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations.odd_names import ODD_NAMES

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("odd")
    with three_namespaces() as network:
        stage.start_odd_names(network, folder, ODD_NAMES)
        stage.start_everywhere(network, folder)
        scene = Scene(network, folder, stage.RESOLVER)
        for situation in ODD_NAMES:
            if situation.reality is not None:
                situation.reality(scene)
        scan(
            scene,
            inventory_of(
                ODD_NAMES,
                {"canaries": ["2001:db8:2::2", "198.51.100.2"]},
                stage.RESOLVER,
                scope_dns="delegation",
            ),
        )
        yield scene


@pytest.mark.parametrize("situation", ODD_NAMES, ids=lambda s: s.id)
def test_situation_is_judged_right(scene: Scene, situation: Situation) -> None:
    judge(scene, situation)


def test_the_commands_by_hand_show_the_same(scene: Scene) -> None:
    count, wrong = differences(scene)
    assert count >= 10
    assert not wrong, "\n".join(wrong)
