"""One scan judges every situation of mail: domains in the DNS, and postfix over both families."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import app_servers, servers, stage
from tests.lab.certificates import LabAuthority
from tests.lab.network import SERVER_V4, SERVER_V6, three_namespaces
from tests.lab.postfix import postfix
from tests.lab.same_by_hand import differences
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations import mail
from tests.lab.situations.mail import SITUATIONS
from tests.lab.situations.reach import v4, v6

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("mail")
    with three_namespaces() as network:
        network.add_server_address(stage.RESOLVER)
        zone = f"ns AAAA {SERVER_V6}\n" + "\n".join(s.zone for s in SITUATIONS if s.zone)
        zones = {"lab.example": zone, mail.REVERSE_ZONE: mail.REVERSE}
        servers.start_knot(network.server, folder / "knot", [SERVER_V6, SERVER_V4], zones)
        servers.start_unbound(
            network.server, folder / "unbound", stage.RESOLVER, dict.fromkeys(zones, SERVER_V6)
        )
        authority = LabAuthority(folder)
        pair = authority.leaf("mail.lab.example")
        imap = [v6(mail.IMAP), v4(mail.IMAP)]
        app_servers.start_dovecot(
            network.server,
            folder,
            imap,
            authority.leaf("imap-expired.lab.example"),
            {imap[0]: authority.leaf("imap-expired.lab.example", end=-5)},
        )
        app_servers.wait_for(network.server, [(143, "tcp", 2)])
        with postfix(network.server, mail.servers(authority), pair):
            scene = Scene(network, folder, stage.RESOLVER, situations={s.id: s for s in SITUATIONS})
            for situation in SITUATIONS:
                if situation.reality is not None:
                    situation.reality(scene)
            canaries = {"canaries": ["2001:db8:2::2", "198.51.100.2"]}
            scan(scene, inventory_of(SITUATIONS, canaries, stage.RESOLVER, trust=["root.pem"]))
            yield scene
            network.server.close()


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.id)
def test_situation_is_judged_right(scene: Scene, situation: Situation) -> None:
    judge(scene, situation)


def test_the_scan_ends_well(scene: Scene) -> None:
    assert scene.exit_code == 0, scene.output


def test_the_commands_by_hand_show_the_same(scene: Scene) -> None:
    count, wrong = differences(scene)
    assert count >= 10
    assert not wrong, "\n".join(wrong)
