"""Two views, a validating resolver and one that does DNS64; a scan with each resolver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import servers, stage
from tests.lab.network import SERVER_V4, SERVER_V6, Network, three_namespaces
from tests.lab.same_by_hand import differences
from tests.lab.situation import Scene, Situation, inventory_of, judge, scan
from tests.lab.situations import views

pytestmark = [pytest.mark.lab, pytest.mark.slow]

CANARIES = {"canaries": ["2001:db8:2::2", "198.51.100.2"]}


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Scene]]:
    folder: Path = tmp_path_factory.mktemp("views")
    with three_namespaces() as network:
        network.add_server_address(stage.RESOLVER, views.PUBLIC, views.TRANSLATOR)
        _route_to_translator(network)
        _serve(network, folder)
        stage.start_everywhere(network, folder)
        sound = Scene(network, folder, stage.RESOLVER)
        translated = Scene(network, folder / "translated", views.TRANSLATOR)
        (folder / "translated").mkdir()
        for scene, situations in ((sound, views.SOUND), (translated, views.TRANSLATED)):
            for situation in situations:
                if situation.reality is not None:
                    situation.reality(scene)
        inventory = inventory_of(views.SOUND, CANARIES, stage.RESOLVER)
        inventory["resolvers"]["public"] = [views.PUBLIC]
        inventory["vantages"]["internet"] = {"resolver": "public", "sees": []}
        for system in inventory["systems"]:
            system.setdefault("vantages", ["lab"])
        scan(sound, inventory, "--vantage", "lab")
        scan(translated, inventory_of(views.TRANSLATED, CANARIES, views.TRANSLATOR))
        yield {"sound": sound, "translated": translated}


def _route_to_translator(network: Network) -> None:
    """Let S answer for the addresses of the translator's prefix, as a NAT64 in front of it would."""
    network.server.run("ip", "-6", "route", "add", "local", views.PREFIX, "dev", "lo")
    network.router.run("ip", "-6", "route", "add", views.PREFIX, "via", SERVER_V6)


def _serve(network: Network, folder: Path) -> None:
    """Serve the zones of both views, and resolve the internal one: validating, and with DNS64."""
    internal = "\n".join(s.zone for s in (*views.SOUND, *views.TRANSLATED) if s.zone)
    signed = {
        zone: f"ns AAAA {SERVER_V6}\nwww A 198.19.0.1\nwww AAAA 2001:db8:ffff::1" for zone in views.SIGNED
    }
    zones = {
        "lab.example": f"ns AAAA {SERVER_V6}\n{internal}",
        views.REVERSE: views.reverse_zone(),
        "ipv4only.arpa": f"ns AAAA {SERVER_V6}\n@ A 192.0.0.170\n@ A 192.0.0.171",
        **signed,
    }
    servers.start_knot(network.server, folder / "knot", [SERVER_V6, SERVER_V4], zones, views.SIGNED)
    public = {"lab.example": f"ns AAAA {views.PUBLIC}\n{views.PUBLIC_ZONE}"}
    servers.start_nsd(network.server, folder / "public", views.PUBLIC, public)
    stubs = dict.fromkeys(zones, SERVER_V6)
    servers.start_unbound(
        network.server,
        folder / "unbound",
        stage.RESOLVER,
        stubs,
        _anchors(network),
        modules="validator iterator",
    )
    servers.start_unbound(
        network.server,
        folder / "dns64",
        views.TRANSLATOR,
        stubs,
        f"    dns64-prefix: {views.PREFIX}",
        modules="dns64 iterator",
    )


def _anchors(network: Network) -> str:
    """Return trust anchors: the right key of one signed zone, a DS that fits no key of the other."""
    bogus, secure = views.SIGNED
    keys: list[str] = []
    while not keys:  # knot signs in the background; pytest's own limit ends this
        said = network.server.run("dig", f"@{SERVER_V6}", secure, "DNSKEY", "+short").stdout
        keys = [line for line in said.splitlines() if line.startswith("257 ")]
    (key,) = keys
    return (
        f'    trust-anchor: "{secure}. DNSKEY {key}"\n'
        f'    trust-anchor: "{bogus}. DS 12345 13 2 {"00" * 32}"\n'
    )


@pytest.mark.parametrize("situation", views.SOUND, ids=lambda s: s.id)
def test_situation_is_judged_right(scenes: dict[str, Scene], situation: Situation) -> None:
    judge(scenes["sound"], situation)


@pytest.mark.parametrize("situation", views.TRANSLATED, ids=lambda s: s.id)
def test_a_translators_addresses_are_no_ipv6(scenes: dict[str, Scene], situation: Situation) -> None:
    judge(scenes["translated"], situation)


@pytest.mark.parametrize("which", ["sound", "translated"])
def test_the_commands_by_hand_show_the_same(scenes: dict[str, Scene], which: str) -> None:
    count, wrong = differences(scenes[which])
    assert count >= 5
    assert not wrong, "\n".join(wrong)
