"""One scan of real servers and odd ones judges what every application says for itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lab import app_servers, servers, stage
from tests.lab.by_hand import answered, commands
from tests.lab.certificates import LabAuthority
from tests.lab.network import Namespace, three_namespaces
from tests.lab.situation import ROOT, Scene, Situation, inventory_of, judge, scan
from tests.lab.situations.reach import v4, v6
from tests.lab.situations.services import REAL, SERVICES, UNWELCOME, responders

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(360)]
WAITED_FOR = (
    (143, "tcp", 2), (993, "tcp", 2), (389, "tcp", 2), (1883, "tcp", 2), (123, "udp", 2), (161, "udp", 2),
    (88, "tcp", 2), (88, "udp", 2), (3260, "tcp", 2), (5060, "udp", 2), (5060, "tcp", 2), (1194, "udp", 2),
    (1194, "tcp", 2), (500, "udp", 2), (53, "tcp", 2),
)  # fmt: skip


def _start(server: Namespace, folder: Path) -> None:
    folder.chmod(0o755)
    places = (v6(REAL), v4(REAL))
    authority = LabAuthority(folder)
    pair = authority.leaf("apps.lab.example")
    for start in (
        app_servers.start_slapd,
        app_servers.start_mosquitto,
        app_servers.start_chrony,
        app_servers.start_snmpd,
        app_servers.start_kdc,
        app_servers.start_tgtd,
        app_servers.start_kamailio,
    ):
        start(server, folder, places)
    app_servers.start_dovecot(server, folder, places, pair)
    for address, protocol in ((places[0], "udp6"), (places[0], "tcp6-server"), (places[1], "udp4"),
                              (places[1], "tcp4-server")):  # fmt: skip
        app_servers.start_openvpn(server, folder, address, pair, authority.root_file, protocol)
    app_servers.start_charon(server, folder)
    servers.start_knot(server, folder / "knot", places, {"lab.example": f"ns AAAA {places[0]}"})
    app_servers.wait_for(server, WAITED_FOR)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("services")
    with three_namespaces() as network:
        _start(network.server, folder)
        odd = json.dumps(responders())
        log = folder / "responder.log"
        network.server.start(sys.executable, "-m", "tests.lab.responder", odd, log=log, cwd=ROOT)
        network.server.wait_for_port(v6(UNWELCOME), 1521)  # the last of the streams
        scene = Scene(network, folder, stage.RESOLVER)
        for situation in SERVICES:
            if situation.reality is not None:
                situation.reality(scene)
        inventory = inventory_of(SERVICES, {"canaries": ["2001:db8:2::2", "198.51.100.2"]}, stage.RESOLVER)
        scan(scene, inventory)
        yield scene


@pytest.mark.parametrize("situation", SERVICES, ids=lambda s: s.id)
def test_situation_is_judged_right(scene: Scene, situation: Situation) -> None:
    judge(scene, situation)


def test_the_commands_by_hand_show_the_same(scene: Scene) -> None:
    wanted = {line: want for s in SERVICES for line, want in commands(scene.findings(s.id))}
    # curl binds before it searches: only the real directory has an answer to that.
    wanted = {line: want for line, want in wanted.items() if "ldap://" not in line or f"{REAL:x}]" in line}
    assert len(wanted) > 30
    programs = {line.split()[0] for line in wanted}
    assert {"curl", "openssl", "dig", "nc"} <= programs
    with ThreadPoolExecutor(8) as pool:
        seen = dict(zip(wanted, pool.map(lambda line: answered(scene, line), wanted), strict=True))
    assert {line for line in wanted if seen[line] is not wanted[line]} == set()
