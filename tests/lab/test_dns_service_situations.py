"""One scan judges DNS servers: knot as authority, unbound as resolver, a filter that refuses TCP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import servers, stage
from tests.lab.network import SERVER_V4, SERVER_V6, three_namespaces
from tests.lab.same_by_hand import differences
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations import dns_service

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("dns-service")
    situations = dns_service.SERVICES
    with three_namespaces() as network:
        own = (dns_service.SECOND, dns_service.NO_TCP)
        root = dns_service.ROOT_SERVER
        network.add_server_address(stage.RESOLVER, dns_service.RECURSIVE, root, *own)
        servers.start_knot(network.server, folder / "root", [root], {".": dns_service.ROOT})
        addresses = [SERVER_V6, SERVER_V4, *own]
        servers.start_knot(network.server, folder / "knot", addresses, dns_service.ZONES)
        stubs = dict.fromkeys(dns_service.ZONES, SERVER_V6)
        for address in (stage.RESOLVER, dns_service.RECURSIVE):
            servers.start_unbound(network.server, folder / f"unbound{address[-2:]}", address, stubs)
        stage.start_everywhere(network, folder)
        stage.set_filters(network, situations)
        scene = Scene(network, folder, stage.RESOLVER)
        for situation in situations:
            if situation.reality is not None:
                situation.reality(scene)
        vantage = {"canaries": ["2001:db8:2::2", "198.51.100.2"]}
        more = {"scope_dns": "delegation", "dns_roots": [root]}
        scan(scene, inventory_of(situations, vantage, stage.RESOLVER, **more))
        yield scene


@pytest.mark.parametrize("situation", dns_service.SERVICES, ids=lambda s: s.id)
def test_situation_is_judged_right(scene: Scene, situation: Situation) -> None:
    judge(scene, situation)


def test_the_commands_by_hand_show_the_same(scene: Scene) -> None:
    count, wrong = differences(scene)
    assert count >= 10
    assert not wrong, "\n".join(wrong)
