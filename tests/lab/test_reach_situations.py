"""One scan of a lab with a sound resolver judges every naming, address and reach situation."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.lab import stage
from tests.lab.by_hand import answered, commands
from tests.lab.network import three_namespaces
from tests.lab.same_by_hand import differences
from tests.lab.servers import Site, start_nginx
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations.naming import ADDRESSES, NAMING
from tests.lab.situations.reach import REACH, v4, v6

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(360)]
SITUATIONS = (*NAMING, *ADDRESSES, *REACH)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("reach")
    with three_namespaces() as network:
        stage.start_names(network, folder, SITUATIONS)
        stage.start_everywhere(network, folder)
        stage.answer_everywhere(network.server)
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


def _asked(scene: Scene, number: int) -> list[dict[str, Any]]:
    """Return the tries at the addresses of a situation, as the run stored them."""
    (file,) = (scene.folder / "reports" / "latest").glob("observations-*.jsonl")
    found = [json.loads(line) for line in file.read_text().splitlines()]
    return [each for each in found if each["task"]["address"] in (v6(number), v4(number))]


def _span(observation: dict[str, Any]) -> tuple[float, float]:
    started = datetime.fromisoformat(observation["started"]).timestamp()
    return started, started + float(observation["seconds"])


def test_a_gentle_host_has_one_connection_at_a_time_and_no_undeclared_port(scene: Scene) -> None:
    asked = _asked(scene, 35)
    assert {each["task"]["port"] for each in asked if "port" in each["task"]} == {80, 3389}
    for address in (v6(35), v4(35)):
        spans = sorted(_span(each) for each in asked if each["task"]["address"] == address)
        assert len(spans) >= 3
        assert all(before[1] <= after[0] + 0.001 for before, after in itertools.pairwise(spans))


def test_a_host_outside_its_window_is_never_contacted(scene: Scene) -> None:
    asked = _asked(scene, 36)
    assert asked
    assert {each["outcome"] for each in asked} == {"skipped"}


def test_declared_services_come_before_the_ports_to_be_closed(scene: Scene) -> None:
    for address in (v6(10), v4(10)):
        asked = [each for each in _asked(scene, 10) if each["task"]["address"] == address]
        first = {
            port: min(_span(e)[0] for e in asked if e["task"].get("port") == port) for port in (80, 3389)
        }
        assert first[80] < first[3389]


def test_the_commands_by_hand_show_the_same(scene: Scene) -> None:
    wanted = {line: want for s in REACH for line, want in commands(scene.findings(s.id))}
    assert set(wanted.values()) == {True, False}
    with ThreadPoolExecutor(8) as pool:
        seen = dict(zip(wanted, pool.map(lambda line: answered(scene, line), wanted), strict=True))
    assert {line for line in wanted if seen[line] is not wanted[line]} == set()


def test_what_was_asked_of_the_dns_and_of_open_ports_is_seen_by_hand_too(scene: Scene) -> None:
    count, wrong = differences(scene)
    assert count >= 10
    assert not wrong, "\n".join(wrong)
