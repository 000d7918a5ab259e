"""One scan judges what IPv6 gives beside IPv4: pages, headers, TLS, ports, latency, host keys."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import delay, servers, stage
from tests.lab.certificates import LabAuthority
from tests.lab.network import three_namespaces
from tests.lab.same_by_hand import differences
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations import parity

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("parity")
    situations = _all(folder / "ca")
    with three_namespaces() as network:
        stage.start_names(network, folder, situations)
        stage.start_web(network, folder, situations)
        servers.start_nginx(network.server, folder / "ports", [servers.Site(listen=parity.OPEN_PORTS)])
        for number, (addresses, key_type, extra) in enumerate(parity.SSH_SERVERS):
            sshd = folder / f"sshd{number}"
            servers.start_sshd(network.server, sshd, addresses, key_type=key_type, extra=extra)
        delay.slow(network, parity.SLOW, parity.DELAY)
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
        scan(scene, inventory, audit_ports=(22, 3306, 8080))
        yield scene


def _all(folder: Path) -> tuple[Situation, ...]:
    folder.mkdir(exist_ok=True)
    authority = LabAuthority(folder)
    return (
        *parity.pages(authority),
        *parity.versions(authority),
        *parity.ports(),
        *parity.keys(),
        *parity.latencies(),
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
