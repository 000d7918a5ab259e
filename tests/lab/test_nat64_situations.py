"""A vantage without IPv4 behind DNS64 and NAT64 judges what works there, and by which way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import stage
from tests.lab.network import VANTAGE_V4, three_namespaces
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations.nat64 import NAT64
from tests.lab.translation import start_dns64, start_tayga

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("nat64")
    with three_namespaces() as network:
        start_dns64(network, folder)
        stage.start_everywhere(network, folder)
        start_tayga(network, folder / "tayga")
        network.vantage.run("ip", "address", "del", f"{VANTAGE_V4}/24", "dev", "v0")
        scene = Scene(network, folder, stage.RESOLVER)
        for situation in NAT64:
            if situation.reality is not None:
                situation.reality(scene)
        inventory = inventory_of(NAT64, {"canaries": ["2001:db8:2::2"]}, stage.RESOLVER)
        scan(scene, inventory)
        yield scene


@pytest.mark.parametrize("situation", NAT64, ids=lambda s: s.id)
def test_situation_is_judged_right(scene: Scene, situation: Situation) -> None:
    judge(scene, situation)


def test_the_vantage_has_no_ipv4(scene: Scene) -> None:
    (vantage,) = scene.results["run"]["vantages"]
    assert (vantage["ipv4"], vantage["ipv6"]) == ("none", "ok")
