"""One scan of web servers judges every situation of foreign hosts, fall-back and dependencies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import stage
from tests.lab.certificates import LabAuthority
from tests.lab.network import three_namespaces
from tests.lab.same_by_hand import differences
from tests.lab.situation import Scene, inventory_of, judge, scan
from tests.lab.situations.outside import situations

pytestmark = [pytest.mark.lab, pytest.mark.slow]
IDS = (
    *("v4-only-script", "hidden-outage", "one-dead-address", "literal-page", "v4-only-ocsp", "ready-ocsp"),
    *("blocked", "between", "free", "unplanned", "unsure", "walled"),
)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("outside")
    (folder / "ca").mkdir()
    ca = LabAuthority(folder / "ca")
    found = situations(ca)
    with three_namespaces() as network:
        stage.start_names(network, folder, found)
        stage.start_web(network, folder, found)
        stage.set_filters(network, found)
        scene = Scene(network, folder, stage.RESOLVER, {each.id: each for each in found})
        for situation in found:
            if situation.reality is not None:
                situation.reality(scene)
        inventory = inventory_of(
            *(found, {"canaries": ["2001:db8:2::2", "198.51.100.2"]}, stage.RESOLVER),
            trust=["ca/root.pem"],
            address_plan=[{"prefix": "2001:db8:ffff::/48", "use": "allocation", "name": "Lab"}],
        )
        scan(scene, inventory)
        yield scene


@pytest.mark.parametrize("identifier", IDS)
def test_situation_is_judged_right(scene: Scene, identifier: str) -> None:
    judge(scene, scene.situations[identifier])


def test_every_situation_is_judged(scene: Scene) -> None:
    assert set(scene.situations) == set(IDS)


def test_nobody_outside_the_systems_was_contacted(scene: Scene) -> None:
    asked = (scene.folder / "reports" / "latest" / "observations-lab.jsonl").read_text()
    for line in asked.splitlines():
        if '"dns.' not in line:
            assert "2001:db8:ffff::5f" not in line  # cdn, ocsp: looked up, never connected to
            assert "198.19.0.95" not in line


def test_the_commands_by_hand_show_the_same(scene: Scene) -> None:
    count, wrong = differences(scene)
    assert count >= 10
    assert not wrong, "\n".join(wrong)
