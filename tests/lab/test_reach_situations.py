"""One scan of a lab with a sound resolver judges every naming, address and reach situation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import stage
from tests.lab.network import three_namespaces
from tests.lab.servers import Site, start_nginx
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations.naming import ADDRESSES, NAMING
from tests.lab.situations.reach import REACH

pytestmark = [pytest.mark.lab, pytest.mark.slow]
SITUATIONS = (*NAMING, *ADDRESSES, *REACH)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("reach")
    with three_namespaces() as network:
        stage.start_names(network, folder, SITUATIONS)
        stage.start_everywhere(network, folder)
        network.router.run("ip", "address", "add", "fe80::1/64", "dev", "r0", "nodad")
        start_nginx(network.router, folder / "router", [Site(listen=(("::", 80),))])
        stage.set_filters(network, SITUATIONS)
        scene = Scene(network, folder, stage.RESOLVER)
        for situation in SITUATIONS:
            if situation.reality is not None:
                situation.reality(scene)
        inventory = inventory_of(
            SITUATIONS,
            {"canaries": ["2001:db8:2::2", "198.51.100.2"]},
            stage.RESOLVER,
            exclude=["2001:db8:dead::/48"],
        )
        inventory["scope"] += ["fe80::/10"]
        scan(scene, inventory)
        yield scene


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.id)
def test_situation_is_judged_right(scene: Scene, situation: Situation) -> None:
    judge(scene, situation)


def test_the_scan_ends_well_and_both_families_were_seen(scene: Scene) -> None:
    assert scene.exit_code == 0, scene.output
    (vantage,) = scene.results["run"]["vantages"]
    assert (vantage["ipv4"], vantage["ipv6"]) == ("ok", "ok")
