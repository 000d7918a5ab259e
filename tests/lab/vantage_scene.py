"""Looks at a vantage with a trouble of its own: a network and a scan each, several at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lab import servers, stage
from tests.lab.network import SERVER_V4, SERVER_V6, Network, three_namespaces
from tests.lab.situation import Expect, Scene, inventory_of, scan
from tests.lab.situations.vantages import LIAR, RESOLVER_V4, RESOLVER_V6, ZONE, VantageSituation

AT_ONCE = 6


def look_at(situations: Sequence[VantageSituation], folders: pytest.TempPathFactory) -> dict[str, Scene]:
    """Scan from every vantage and return the scenes by the situations' ids."""
    places = {situation.id: folders.mktemp(situation.id) for situation in situations}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        looks = {each.id: pool.submit(_look, each, places[each.id]) for each in situations}
        return {identifier: found.result() for identifier, found in looks.items()}


def lay_out(network: Network, folder: Path, situation: VantageSituation) -> None:
    """Serve and resolve the names, set the filters, and give the vantage its trouble."""
    network.add_server_address(RESOLVER_V4, RESOLVER_V6)
    zone = {"lab.example": f"ns AAAA {SERVER_V6}\n{ZONE}"}
    servers.start_knot(network.server, folder / "knot", [SERVER_V6, SERVER_V4], zone)
    for name, address in (("unbound4", RESOLVER_V4), ("unbound6", RESOLVER_V6)):
        servers.start_unbound(network.server, folder / name, address, {"lab.example": SERVER_V4})
    if LIAR in situation.resolvers:
        _start_liar(network, folder)
    stage.start_everywhere(network, folder)
    network.router.nft(
        "table inet lab {\n set lost6 { type ipv6_addr; flags dynamic; size 64; }\n"
        " chain forward { type filter hook forward priority 0; policy accept;\n"
        + "\n".join(situation.filters)
        + "\n}\n}\n"
    )
    situation.prepare(network)


def _look(situation: VantageSituation, folder: Path) -> Scene:
    with three_namespaces() as network:
        lay_out(network, folder, situation)
        scene = Scene(network, folder, situation.resolver)
        situation.reality(scene)
        inventory = inventory_of((), situation.vantage, situation.resolver)
        inventory["systems"] = [dict(system) for system in situation.systems]
        if situation.resolvers:
            inventory["resolvers"]["lab"] = list(situation.resolvers)
        for name in situation.elsewhere:
            inventory["vantages"][name] = {"resolver": "lab", "sees": ["internet"]}
        scan(scene, inventory, "--vantage", "lab", *situation.options)
        return scene


def _start_liar(network: Network, folder: Path) -> None:
    """Resolve everything, but give 198.19.0.99 for what does not exist."""
    network.add_server_address(LIAR)
    lies = "\n".join(
        f'    local-zone: "{zone}." redirect\n    local-data: "{zone}. A 198.19.0.99"'
        for zone in ("invalid", "ghost.lab.example")
    )
    stubs = {"lab.example": SERVER_V4}
    servers.start_unbound(network.server, folder / "liar", LIAR, stubs, extra=lies)


def hold(scene: Scene, situation: VantageSituation) -> None:
    """Hold what was said of every system and of the run against what must be said."""
    for system, wanted in (("alive", situation.alive), ("dead", situation.dead)):
        _hold(scene, system, wanted, situation.must_not)
    for system, wanted in situation.others.items():
        _hold(scene, system, wanted, ())
    for word in situation.warnings:
        assert any(word in str(warning) for warning in scene.results["run"]["warnings"]), word
    vantage = next(each for each in scene.results["run"]["vantages"] if each["name"] == "lab")
    assert (vantage["ipv4"], vantage["ipv6"]) == (situation.ipv4, situation.ipv6)
    assert scene.exit_code == situation.exit_code, scene.output


def _hold(scene: Scene, system: str, must: Sequence[Expect], must_not: Sequence[Expect]) -> None:
    findings = scene.findings(system)
    shown = "\n".join(f"{f['check']} {f['verdict']} {f['reason']} {f['args']}" for f in findings)
    assert not [e for e in must if not any(e.matches(f) for f in findings)], shown
    assert not [e for e in must_not if any(e.matches(f) for f in findings)], shown
