"""Ways that are lossy, flapping or sparing with their ICMP: a scan of their own, for they take their time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import stage
from tests.lab.network import three_namespaces
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations.reach import HARDSHIP

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(360)]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("hardship")
    with three_namespaces() as network:
        stage.start_names(network, folder, ())
        stage.start_everywhere(network, folder)
        stage.answer_everywhere(network.server)
        stage.set_filters(network, HARDSHIP)
        scene = Scene(network, folder, stage.RESOLVER)
        for situation in HARDSHIP:
            if situation.reality is not None:
                situation.reality(scene)
        canaries = {"canaries": ["2001:db8:2::2", "198.51.100.2"]}
        scan(scene, inventory_of(HARDSHIP, canaries, stage.RESOLVER))
        yield scene


@pytest.mark.parametrize("situation", HARDSHIP, ids=lambda s: s.id)
def test_situation_is_judged_right(scene: Scene, situation: Situation) -> None:
    judge(scene, situation)
