"""One scan of a lab asks equipment at its management addresses, by connections and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import stage
from tests.lab.network import three_namespaces
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations.equipment import DEVICES
from tests.lab.situations.reach import v4, v6

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("equipment")
    with three_namespaces() as network:
        stage.start_names(network, folder, ())
        stage.start_everywhere(network, folder)
        stage.set_filters(network, DEVICES)
        scene = Scene(network, folder, stage.RESOLVER)
        for situation in DEVICES:
            if situation.reality is not None:
                situation.reality(scene)
        inventory = inventory_of(
            (),
            {"canaries": ["2001:db8:2::2", "198.51.100.2"]},
            stage.RESOLVER,
            exclude=[f"{v6(79)}/128"],
            equipment=[{"id": each.id, "name": each.about, **each.system} for each in DEVICES]
            + [
                {"id": "left-alone", "kind": "switch", "management": [v6(78)], "management_ports": []},
                {"id": "excluded", "kind": "switch", "management": [v6(79), v4(79)]},
            ],
        )
        inventory["systems"] = [
            {"id": "page", "name": "A page", "hosts": [v6(77)], "services": [{"app": "tcp", "port": 80}]}
        ]
        scan(scene, inventory)
        yield scene


@pytest.mark.parametrize("situation", DEVICES, ids=lambda s: s.id)
def test_situation_is_judged_right(scene: Scene, situation: Situation) -> None:
    judge(scene, situation)


def test_management_is_asked_by_connections_alone_and_nobody_who_is_spared(scene: Scene) -> None:
    run = scene.folder / "reports" / "latest"
    lines = [line for file in run.glob("observations-*.jsonl") for line in file.read_text().splitlines()]
    managed = [line for line in lines if any(f'"{v6(n)}"' in line for n in range(70, 75))]
    assert managed
    assert all('"kind":"tcp.connect"' in line for line in managed)
    assert not [line for line in lines if f'"{v6(78)}"' in line or f'"{v6(79)}"' in line]
