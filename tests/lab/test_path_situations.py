"""One scan over a narrow link judges every situation of large packets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import narrow
from tests.lab.narrow import at, narrow_network
from tests.lab.path_scene import filter_at, serve
from tests.lab.same_by_hand import differences
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations import path
from tests.lab.situations.path import ACTIVE, BY_CONTROL, EXTENSION, OURS, PATH

pytestmark = [pytest.mark.lab, pytest.mark.slow]
NO_RESOLVER = "2001:db8:2::53"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("path")
    with narrow_network(path.NARROW, path.WIDE) as network:
        serve(network, folder)
        scene = Scene(network, folder, NO_RESOLVER)
        for situation in (*PATH, *EXTENSION, *ACTIVE):
            if situation.reality is not None:
                situation.reality(scene)
        # A control whose large answers pass takes no blame from a target whose answers do not.
        vantage = {"canaries": ["2001:db8:2::2"], "controls": ["[2001:db8:2::2]:80"]}
        scan(scene, inventory_of((*PATH, *EXTENSION), vantage, NO_RESOLVER))
        yield scene


@pytest.fixture(scope="module")
def active(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Scan two of the servers again, with a forged Packet Too Big."""
    again = Scene(scene.network, tmp_path_factory.mktemp("active"), NO_RESOLVER)
    scan(again, inventory_of(ACTIVE, {"canaries": ["2001:db8:2::2"]}, NO_RESOLVER), "--active-pmtu")
    return again


@pytest.fixture(scope="module")
def stalling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Scan three networks through a narrow link whose far router never says Packet Too Big."""
    folder: Path = tmp_path_factory.mktemp("stalling")
    with narrow_network((*path.STALLS, path.CONTROL, path.CONTROLLED), ()) as network:
        serve(network, folder)
        filter_at(network.far, "output", ("icmpv6 type packet-too-big drop",))
        scene = Scene(network, folder, NO_RESOLVER)
        for situation in (*OURS, *BY_CONTROL):
            assert situation.reality is not None
            situation.reality(scene)
        scan(scene, inventory_of(OURS, {"canaries": ["2001:db8:2::2"]}, NO_RESOLVER))
        yield scene


@pytest.fixture(scope="module")
def controlled(stalling: Scene, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Scan one network of those, beside a control that stalls too."""
    again = Scene(stalling.network, tmp_path_factory.mktemp("controlled"), NO_RESOLVER)
    vantage = {"canaries": ["2001:db8:2::2"], "controls": [f"[{at(path.CONTROL)}]:80"]}
    scan(again, inventory_of(BY_CONTROL, vantage, NO_RESOLVER))
    return again


@pytest.mark.parametrize("situation", BY_CONTROL, ids=lambda s: s.id)
def test_a_control_that_stalls_too_clears_the_target(controlled: Scene, situation: Situation) -> None:
    judge(controlled, situation)


@pytest.mark.parametrize("situation", OURS, ids=lambda s: s.id)
def test_a_vantage_where_everything_large_stalls_blames_nobody(stalling: Scene, situation: Situation) -> None:
    judge(stalling, situation)


@pytest.mark.parametrize("situation", (*PATH, *EXTENSION), ids=lambda s: s.id)
def test_situation_is_judged_right(scene: Scene, situation: Situation) -> None:
    judge(scene, situation)


@pytest.mark.parametrize("situation", ACTIVE, ids=lambda s: s.id)
def test_a_forged_packet_too_big_tells_what_a_clean_path_does_not(
    active: Scene, situation: Situation
) -> None:
    judge(active, situation)


def test_nothing_is_forged_without_the_option(scene: Scene) -> None:
    (observations,) = (scene.folder / "reports" / "latest").glob("observations-*.jsonl")
    assert "forged" not in observations.read_text()


def test_the_kernel_of_an_honest_server_has_learned_the_forged_mtu(active: Scene) -> None:
    words = ("ip", "-6", "route", "get", narrow.source(path.HONEST), "from", narrow.at(path.HONEST))
    assert "mtu 1280" in active.network.server.run(*words).stdout


def test_the_narrow_link_is_narrow_and_the_wide_one_wide(scene: Scene) -> None:
    def traced(number: int) -> str:
        words = ("tracepath", "-6", "-n", "-m", "6", narrow.at(number))
        return scene.network.vantage.run(*words, check=False, timeout=30).stdout

    assert "pmtu 1280" in traced(path.DELIVERED)
    assert "pmtu 1280" not in traced(path.HONEST)


def test_the_commands_by_hand_show_the_same(scene: Scene) -> None:
    count, wrong = differences(scene)
    assert count >= 10
    assert not wrong, "\n".join(wrong)
