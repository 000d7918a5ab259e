"""Vantages with troubles of their own: a network and a scan each, all at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lab import servers, stage
from tests.lab.network import SERVER_V4, SERVER_V6, three_namespaces
from tests.lab.situation import Expect, Scene, inventory_of, scan
from tests.lab.situations.vantages import RESOLVER_V4, RESOLVER_V6, VANTAGES, ZONE, VantageSituation

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def _look(situation: VantageSituation, folder: Path) -> Scene:
    with three_namespaces() as network:
        network.add_server_address(RESOLVER_V4, RESOLVER_V6)
        zone = {"lab.example": f"ns AAAA {SERVER_V6}\n{ZONE}"}
        servers.start_knot(network.server, folder / "knot", [SERVER_V6, SERVER_V4], zone)
        for name, address in (("unbound4", RESOLVER_V4), ("unbound6", RESOLVER_V6)):
            servers.start_unbound(network.server, folder / name, address, {"lab.example": SERVER_V4})
        stage.start_everywhere(network, folder)
        network.router.nft(
            "table inet lab { chain forward { type filter hook forward priority 0; policy accept;\n"
            + "\n".join(situation.filters)
            + "\n}\n}\n"
        )
        situation.prepare(network)
        scene = Scene(network, folder, situation.resolver)
        situation.reality(scene)
        inventory = inventory_of((), situation.vantage, situation.resolver)
        inventory["systems"] = [dict(system) for system in situation.systems]
        scan(scene, inventory)
        return scene


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Scene]]:
    folders = {situation.id: tmp_path_factory.mktemp(situation.id) for situation in VANTAGES}
    with ThreadPoolExecutor(6) as pool:
        looks = {s.id: pool.submit(_look, s, folders[s.id]) for s in VANTAGES}
        yield {identifier: look.result() for identifier, look in looks.items()}


@pytest.mark.parametrize("situation", VANTAGES, ids=lambda s: s.id)
def test_our_own_trouble_is_never_the_targets(scenes: dict[str, Scene], situation: VantageSituation) -> None:
    scene = scenes[situation.id]
    for system, wanted in (("alive", situation.alive), ("dead", situation.dead)):
        _hold(scene, system, wanted, situation.must_not)
    (vantage,) = scene.results["run"]["vantages"]
    assert (vantage["ipv4"], vantage["ipv6"]) == (situation.ipv4, situation.ipv6)
    assert scene.exit_code == situation.exit_code, scene.output


def test_a_stale_canary_is_a_warning_on_the_run(scenes: dict[str, Scene]) -> None:
    assert any(
        "2001:db8:ffff::2" in str(warning) for warning in scenes["stale-canary"].results["run"]["warnings"]
    )


def _hold(scene: Scene, system: str, must: Sequence[Expect], must_not: Sequence[Expect]) -> None:
    findings = scene.findings(system)
    shown = "\n".join(f"{f['check']} {f['verdict']} {f['reason']} {f['args']}" for f in findings)
    assert not [e for e in must if not any(e.matches(f) for f in findings)], shown
    assert not [e for e in must_not if any(e.matches(f) for f in findings)], shown
