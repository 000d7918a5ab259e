"""One scan judges every situation of certificates, pages, greetings and UDP services."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import servers, stage
from tests.lab.certificates import LabAuthority
from tests.lab.network import three_namespaces
from tests.lab.same_by_hand import differences
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations import web, web_odd, web_pages
from tests.lab.situations.reach import v4, v6

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("web")
    situations = _all(folder / "ca")
    with three_namespaces() as network:
        network.add_server_address(web.UDP_CLOSED)
        stage.start_names(network, folder, situations)
        stage.start_web(network, folder, situations)
        servers.start_sshd(network.server, folder / "sshd", [v6(70), v4(70), v4(71), v4(72)])
        stage.start_mute(network.server, v6(71), 22)
        stage.set_filters(network, situations)
        scene = Scene(network, folder, stage.RESOLVER, situations={s.id: s for s in situations})
        for situation in situations:
            if situation.reality is not None:
                situation.reality(scene)
        inventory = inventory_of(
            situations,
            {"canaries": ["2001:db8:2::2", "198.51.100.2"]},
            stage.RESOLVER,
            trust=["ca/root.pem"],
        )
        scan(scene, inventory)
        yield scene


def _all(folder: Path) -> tuple[Situation, ...]:
    folder.mkdir(exist_ok=True)
    authority = LabAuthority(folder)
    return (
        *web.certificates(authority),
        *web_pages.pages(authority),
        *web_odd.odd(authority),
        *web.GREETINGS,
    )


def _identifiers() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        return [situation.id for situation in _all(Path(folder))]


@pytest.mark.parametrize("identifier", _identifiers())
def test_situation_is_judged_right(scene: Scene, identifier: str) -> None:
    judge(scene, scene.situations[identifier])


def test_the_scan_ends_well_and_both_families_were_seen(scene: Scene) -> None:
    assert scene.exit_code == 0, scene.output
    (vantage,) = scene.results["run"]["vantages"]
    assert (vantage["ipv4"], vantage["ipv6"]) == ("ok", "ok")


def test_the_commands_by_hand_show_the_same(scene: Scene) -> None:
    count, wrong = differences(scene)
    assert count >= 10
    assert not wrong, "\n".join(wrong)
