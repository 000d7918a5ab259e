"""Two vantages in namespaces of their own scan one server, one of them through a filter; then `merge`.

The filter is a firewall that somebody forgot for IPv6: from the internet it drops the service over IPv6,
and shuts port 22 over IPv4 alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab import stage
from tests.lab.network import SERVER_V4, SERVER_V6, Namespace, another_vantage, three_namespaces
from tests.lab.situation import Situation
from tests.lab.situations.reach import v4, v6

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(360)]

SITE = Situation(
    id="portal",
    about="A portal behind a firewall that treats IPv6 otherwise",
    zone=f"www A {v4(9)}\nwww AAAA {v6(9)}",
    system={},
)
FILTERS = (
    f"ip6 saddr 2001:db8:3::/64 ip6 daddr {v6(9)} tcp dport 80 drop",
    f"ip saddr 192.0.2.0/24 ip daddr {v4(9)} tcp dport 22 drop",
)
CANARIES = [SERVER_V6, SERVER_V4]
INVENTORY = {
    "version": 1,
    "organization": {"id": "lab", "name": "Lab"},
    "scope": ["2001:db8::/32", "198.51.100.0/24", "198.19.0.0/16"],
    "resolvers": {"lab": [stage.RESOLVER]},
    "vantages": {
        "inside": {"resolver": "lab", "sees": ["internet", "internal"], "canaries": CANARIES[:]},
        "internet": {"resolver": "lab", "sees": ["internet"], "canaries": CANARIES[:]},
    },
    "systems": [
        {
            "id": "portal",
            "name": "Portal",
            "hosts": ["www.lab.example"],
            "services": [{"app": "tcp", "port": 80}],
            "closed_ports": [{"port": 22, "from": ["internet"]}],
        }
    ],
}
PROFILE = "extends: default\nname: lab\naudit_ports: [22]\n"

# Written from catalogue.md: check, vantage, family, verdict, reason.
INSIDE = {
    ("reach.service", "inside", 6, "pass", "ok"),
    ("reach.ipv4", "inside", 4, "pass", "ok"),
    ("parity.service", "inside", None, "pass", "ok"),
}
INTERNET = {
    ("reach.service", "internet", 6, "fail", "reach.silent"),
    ("reach.ipv4", "internet", 4, "pass", "ok"),
    ("parity.service", "internet", None, "fail", "parity.v6_missing"),
    ("parity.closed_ports", "internet", 6, "fail", "exposure.open"),
    ("parity.closed_ports", "internet", 4, "pass", "ok"),
    ("parity.exposure", "internet", None, "fail", "parity.v6_exposed"),
}
ABSENT = {
    "inside": {("reach.service", "internet", 6, "unknown", "vantage.absent")},
    "internet": {("reach.service", "inside", 6, "unknown", "vantage.absent")},
}


def said(run: Path) -> set[tuple[str, str | None, int | None, str, str]]:
    results: dict[str, Any] = json.loads((run / "results.json").read_text())
    return {
        (f["check"], f["vantage"], f["target"]["family"], f["verdict"], f["reason"])
        for f in results["systems"][0]["findings"]
    }


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "ipv6check", "--lang", "en", *map(str, arguments)]


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Scan from both vantages at once; each host keeps its run in a folder of its own."""
    folder = tmp_path_factory.mktemp("merge")
    inventory = yaml.safe_dump(json.loads(json.dumps(INVENTORY)), sort_keys=False)
    with three_namespaces() as network, another_vantage(network) as internet:
        stage.start_names(network, folder, [SITE])
        stage.start_everywhere(network, folder)
        stage.set_filters(network, (), FILTERS)
        places = {"inside": network.vantage, "internet": internet}
        for name in places:
            (folder / name).mkdir()
            (folder / name / "inventory.yaml").write_text(inventory)
            (folder / name / "profile.yaml").write_text(PROFILE)
        assert _connects(places["inside"], v6(9), 80) and not _connects(places["internet"], v6(9), 80)
        assert _connects(places["internet"], v6(9), 22) and not _connects(places["internet"], v4(9), 22)
        with ThreadPoolExecutor(2) as pool:
            looks = {name: pool.submit(_scan, place, folder / name, name) for name, place in places.items()}
            yield {name: look.result() for name, look in looks.items()}


def _connects(place: Namespace, address: str, port: int) -> bool:
    """Whether curl gets a TCP connection."""
    url = f"telnet://[{address}]:{port}" if ":" in address else f"telnet://{address}:{port}"
    words = ("curl", "-sS", "-g", "-m", "3", "-o", "/dev/null", "-w", "%{time_connect}", url)
    return float(place.run(*words, check=False, text="").stdout or 0) > 0


def _scan(place: Namespace, folder: Path, vantage: str) -> Path:
    options = ("--vantage", vantage, "--profile", folder / "profile.yaml", "-o", folder / "reports")
    done = place.run(*command("scan", folder / "inventory.yaml", *options), check=False, timeout=170)
    assert done.returncode == 0, done.stdout + done.stderr
    return (folder / "reports" / "latest").resolve()


@pytest.mark.parametrize(("vantage", "seen"), [("inside", INSIDE), ("internet", INTERNET)])
def test_each_vantage_knows_its_own_part_only(
    scans: dict[str, Path], vantage: str, seen: set[tuple[str, str | None, int | None, str, str]]
) -> None:
    assert seen | ABSENT[vantage] <= said(scans[vantage])


def test_merged_both_parts_are_known_and_nothing_is_absent(scans: dict[str, Path], tmp_path: Path) -> None:
    profile = scans["inside"].parents[2] / "profile.yaml"
    words = command("merge", *scans.values(), "-o", tmp_path, "--profile", profile)
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    found = said(tmp_path / "latest")
    assert INSIDE | INTERNET <= found
    assert [each for each in found if each[-1] == "vantage.absent"] == []
    results = json.loads((tmp_path / "latest" / "results.json").read_text())
    assert {(v["name"], v["ipv4"], v["ipv6"]) for v in results["run"]["vantages"]} == {
        ("inside", "ok", "ok"),
        ("internet", "ok", "ok"),
    }
